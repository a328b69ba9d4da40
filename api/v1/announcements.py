"""/announcements/ — the notice board."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Pairs, Words
from api.resource import Resource
from core import clock
from identity.models import User
from schools.messaging import choices, policies, queries, services
from schools.messaging.models import Announcement


class GroupOut(bodies.Out):
    """One group of those who are meant."""

    key = serializers.CharField(help_text="school, grade, stream, class, group, house or role.")
    value = serializers.CharField(help_text="The id of the group; empty for all.")


class GroupIn(bodies.In):
    """One group of those who are meant."""

    key = bodies.Text(max_length=40)
    value = bodies.Text(max_length=64, required=False, allow_blank=True)


class AnnouncementOut(bodies.Out):
    """A notice."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    body = serializers.CharField()
    audience = GroupOut(many=True)
    readers = serializers.ListField(child=serializers.ChoiceField(choices=choices.Reader.choices))
    from_day = serializers.DateField()
    until_day = serializers.DateField(allow_null=True)
    pinned = serializers.BooleanField()
    must_confirm = serializers.BooleanField()
    withdrawn_at = bodies.Moment(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class AnnouncementIn(bodies.In):
    """A notice to put up."""

    title = bodies.Text(max_length=120)
    body = bodies.Text(max_length=4000)
    audience = serializers.ListField(child=GroupIn(), max_length=50, allow_empty=False)
    readers = serializers.ListField(
        child=serializers.ChoiceField(choices=choices.Reader.choices), max_length=3, allow_empty=False
    )
    from_day = bodies.Day(required=False)
    until_day = bodies.Day(required=False, allow_null=True)
    pinned = bodies.YesNo(required=False)
    must_confirm = bodies.YesNo(required=False)


class Announcements(Resource):
    """Notices on the school's board."""

    resource = "announcements"
    rooms = (*Resource.rooms, "messaging")
    model = Announcement
    out = AnnouncementOut
    filters = {
        "on": filters.day(
            "That stand on this day.",
            lambda rows, value: rows.filter(from_day__lte=value, withdrawn_at=None).exclude(until_day__lt=value),
        ),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    orderings = {"from_day": "from_day", "created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("-from_day",)

    def rows(self, user: User) -> Any:
        """All for the office and programs, for others what stands for them and what they wrote."""
        return queries.announcements_visible_to(user, clock.today())

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `AnnouncementOut`."""
        plain = ("from_day", "until_day", "pinned", "must_confirm")
        return {
            "id": F("pk"),
            "title": F("title"),
            "body": F("body"),
            "audience": Pairs("audience"),
            "readers": Words("readers"),
            **{name: F(name) for name in plain},
            "withdrawn_at": Moment("withdrawn_at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(AnnouncementIn, AnnouncementOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Put up a notice for those whom the caller may address."""
        user = call.caller.user
        allow(policies.may_announce(user))
        facts = self.body(call, AnnouncementIn)
        made = services.announce(
            audience=facts.pop("audience"), readers=facts.pop("readers"), by=user, at=clock.now(), **facts
        )
        return self.written(call, made, status=201)

    @schema.writes(AnnouncementIn, AnnouncementOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a notice: the office any, others their own."""
        user, row = call.caller.user, self.find(call, id)
        allow(queries.announcements_for(user).filter(pk=row.pk).exists())
        facts = self.body(call, AnnouncementIn, partial=True)
        audience, readers = facts.pop("audience", row.audience), facts.pop("readers", row.readers)
        changed = services.change_announcement(
            announcement=row, audience=audience, readers=readers, by=user, at=clock.now(), **facts
        )
        return self.written(call, changed)
