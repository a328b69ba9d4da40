"""/subjects/ — what is taught."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment
from api.resource import Resource
from core import clock
from identity.models import User
from schools.academics import choices, policies, queries, services
from schools.academics.models import Subject


class SubjectOut(bodies.Out):
    """A subject, or learning area."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField()
    short_name = serializers.CharField()
    order = serializers.IntegerField()
    curriculum = serializers.ChoiceField(choices=choices.Curriculum.choices)
    is_active = serializers.BooleanField(help_text="Taught now.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class SubjectIn(bodies.In):
    """What may be said of a subject."""

    name = bodies.Text(max_length=80)
    code = bodies.Text(max_length=12)
    short_name = bodies.Text(max_length=12, required=False)
    order = bodies.Whole(required=False, min_value=0, max_value=30000)
    curriculum = serializers.ChoiceField(choices=choices.Curriculum.choices, required=False)
    is_active = bodies.YesNo(required=False)


class Subjects(Resource):
    """Subjects and learning areas."""

    resource = "subjects"
    model = Subject
    out = SubjectOut
    filters = {
        "code": filters.text("Exactly this code.", filters.by("code")),
        "curriculum": filters.word("Of this curriculum.", choices.Curriculum.choices, filters.by("curriculum")),
        "is_active": filters.yes_no("Taught now, or not.", filters.by("is_active")),
    }
    orderings = {"order": "order", "name": "name", "code": "code"}
    ordering = ("order", "name")

    def rows(self, user: User) -> Any:
        """Every subject."""
        return queries.subjects_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `SubjectOut`."""
        moments = {name: Moment(name) for name in ("created_at", "updated_at")}
        names: list[str] = list(SubjectOut().get_fields())
        return {name: moments.get(name, F("pk" if name == "id" else name)) for name in names}

    @schema.writes(SubjectIn, SubjectOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Add a subject."""
        allow(policies.may_change_classes(call.caller.user))
        facts = self.body(call, SubjectIn)
        return self.written(call, services.add_subject(by=call.caller.user, at=clock.now(), **facts), status=201)

    @schema.writes(SubjectIn, SubjectOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a subject."""
        subject = self.find(call, id)
        allow(policies.may_change_classes(call.caller.user))
        facts = self.body(call, SubjectIn, partial=True)
        changed = services.change_subject(subject=subject, by=call.caller.user, at=clock.now(), **facts)
        return self.written(call, changed)
