"""/leave-requests/ — leave of the staff, asked for and decided."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Row, number, reference, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.leaves import choices, policies, queries, services
from schools.leaves.models import Leave
from schools.people import queries as people


class LeaveRequestOut(bodies.Out):
    """A leave."""

    id = serializers.UUIDField()
    staff = bodies.Person()
    type = bodies.Reference()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    half_first = serializers.BooleanField()
    half_last = serializers.BooleanField()
    days = bodies.Number(help_text="Days that count.")
    state = serializers.ChoiceField(choices=choices.State.choices)
    answer = serializers.CharField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class LeaveRequestIn(bodies.In):
    """Leave to ask for."""

    staff = bodies.Ref()
    type = bodies.Ref()
    starts_on = bodies.Day()
    ends_on = bodies.Day()
    half_first = bodies.YesNo(required=False)
    half_last = bodies.YesNo(required=False)
    why = bodies.Text(max_length=200, required=False, allow_blank=True)
    cover = bodies.Text(max_length=200, required=False, allow_blank=True)


class LeaveRequests(Resource):
    """Leave of the staff; it is decided in the web app."""

    resource = "leave-requests"
    rooms = (*Resource.rooms, "leaves")
    model = Leave
    out = LeaveRequestOut
    filters = {
        "staff": filters.identifier("Of this member of staff.", filters.by("staff")),
        "state": filters.word("In this state.", choices.State.choices, filters.by("state")),
        "on": filters.day(
            "That hold this day.", lambda rows, value: rows.filter(starts_on__lte=value, ends_on__gte=value)
        ),
    }
    orderings = {"starts_on": "starts_on"}
    ordering = ("-starts_on",)

    def rows(self, user: User) -> Any:
        """All for the office, one's own for everybody else."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `LeaveRequestOut`."""
        return {
            "id": F("pk"),
            "staff": Row(id=F("staff_id"), name=short_name("staff__")),
            "type": reference("type"),
            **{name: F(name) for name in ("starts_on", "ends_on", "half_first", "half_last")},
            "days": number("days"),
            "state": F("state"),
            "answer": F("answer"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(LeaveRequestIn, LeaveRequestOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Ask for leave: for oneself, or the office for anybody."""
        user = call.caller.user
        allow(policies.may_ask(user))
        facts = self.body(call, LeaveRequestIn)
        everybody = people.staff_visible_to(user)
        own = everybody if policies.may_decide(user) else everybody.filter(user=user)
        staff = refer(own, facts.pop("staff"), "staff")
        kind = refer(queries.types(), facts.pop("type"), "type")
        made = services.ask(staff=staff, type=kind, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)
