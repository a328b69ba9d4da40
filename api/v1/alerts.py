"""/alerts/ — what stands out on a student’s page."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Row, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.people import queries as people
from schools.records import choices, policies, queries, services
from schools.records.models import Alert


class AlertOut(bodies.Out):
    """An alert."""

    id = serializers.UUIDField()
    student = bodies.Person()
    text = serializers.CharField()
    severity = serializers.ChoiceField(choices=choices.Severity.choices)
    audience = serializers.ChoiceField(choices=choices.Audience.choices)
    until = serializers.DateField(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class AlertIn(bodies.In):
    """Something that is to stand out."""

    student = bodies.Ref()
    text = bodies.Text(max_length=120)
    severity = serializers.ChoiceField(choices=choices.Severity.choices)
    audience = serializers.ChoiceField(choices=choices.Audience.choices)
    until = bodies.Day(required=False, allow_null=True)


class Alerts(Resource):
    """Alerts of the students one sees, as far as one belongs to their audience."""

    resource = "alerts"
    rooms = (*Resource.rooms, "records")
    model = Alert
    out = AlertOut
    filters = {
        "student": filters.identifier("About this student.", filters.by("student")),
        "severity": filters.word("Of this severity.", choices.Severity.choices, filters.by("severity")),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("-created_at",)

    def rows(self, user: User) -> Any:
        """Those that stand today."""
        return queries.alerts_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `AlertOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            **{name: F(name) for name in ("text", "severity", "audience", "until")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(AlertIn, AlertOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Have something stand out."""
        user = call.caller.user
        allow(policies.may_change_care(user))
        facts = self.body(call, AlertIn)
        student = refer(people.visible_to(user), facts.pop("student"), "student")
        made = services.add_alert(student=student, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)
