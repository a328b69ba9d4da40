"""/staff/ — who works at the school."""

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
from schools.people import choices, policies, queries, services
from schools.people.models import Staff


class StaffOut(bodies.Out):
    """A member of staff."""

    id = serializers.UUIDField()
    staff_number = serializers.CharField()
    first_name = serializers.CharField()
    middle_name = serializers.CharField()
    last_name = serializers.CharField()
    tsc_number = serializers.CharField()
    sex = serializers.ChoiceField(choices=choices.Sex.choices)
    job_title = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()
    employed_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=choices.StaffStatus.choices)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class StaffIn(bodies.In):
    """What may be said of a member of staff."""

    staff_number = bodies.Text(max_length=30)
    first_name = bodies.Text(max_length=80)
    middle_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    last_name = bodies.Text(max_length=80, required=False, allow_blank=True)
    tsc_number = bodies.Text(max_length=20, required=False, allow_blank=True)
    sex = serializers.ChoiceField(choices=choices.Sex.choices, required=False)
    job_title = bodies.Text(max_length=80, required=False, allow_blank=True)
    phone = bodies.Text(max_length=20, required=False, allow_blank=True)
    email = bodies.Text(max_length=254, required=False, allow_blank=True)
    employed_on = bodies.Day(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=choices.StaffStatus.choices, required=False)


class StaffMembers(Resource):
    """Teachers and everybody else who works at the school."""

    resource = "staff"
    model = Staff
    out = StaffOut
    filters = {
        "status": filters.word("Whether they work here now.", choices.StaffStatus.choices, filters.by("status")),
        "staff_number": filters.text("Exactly this staff number.", filters.by("staff_number")),
    }
    search_about = "Names, numbers or phone."
    orderings = {
        "first_name": "first_name",
        "last_name": "last_name",
        "staff_number": "staff_number",
        "created_at": "created_at",
    }
    ordering = ("first_name", "last_name")

    def rows(self, user: User) -> Any:
        """Colleagues; others see only a record of their own."""
        return queries.staff_visible_to(user)

    def search(self, rows: Any, words: str) -> Any:
        """As `search_about` says."""
        return queries.search_staff(rows, words)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `StaffOut`."""
        moments = {name: Moment(name) for name in ("created_at", "updated_at")}
        names: list[str] = list(StaffOut().get_fields())
        return {name: moments.get(name, F("pk" if name == "id" else name)) for name in names}

    @schema.writes(StaffIn, StaffOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Add a member of staff."""
        allow(policies.may_change_staff(call.caller.user))
        facts = self.body(call, StaffIn)
        return self.written(call, services.employ(by=call.caller.user, at=clock.now(), **facts), status=201)

    @schema.writes(StaffIn, StaffOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change what is said of a member of staff."""
        staff = self.find(call, id)
        allow(policies.may_change_staff(call.caller.user))
        facts = self.body(call, StaffIn, partial=True)
        return self.written(call, services.change_staff(staff=staff, by=call.caller.user, at=clock.now(), **facts))
