"""/student-identifiers/ — numbers that a ministry, an examiner or another school knows a student by."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, Row, short_name
from api.resource import Resource, refer
from core import clock, text
from identity.models import User
from schools.people import choices, policies, queries, services
from schools.people.models import StudentIdentifier


class StudentIdentifierOut(bodies.Out):
    """One number of a student."""

    id = serializers.UUIDField()
    student = bodies.Person()
    type = serializers.ChoiceField(choices=choices.IdentifierType.choices)
    value = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    verified = serializers.BooleanField(help_text="Seen on paper.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class StudentIdentifierIn(bodies.In):
    """A number to correct."""

    value = bodies.Text(max_length=60)
    issued_on = bodies.Day(required=False, allow_null=True)
    verified = bodies.YesNo(required=False)


class NewStudentIdentifierIn(StudentIdentifierIn):
    """A number to note."""

    student = bodies.Ref()
    type = serializers.ChoiceField(choices=choices.IdentifierType.choices)


class StudentIdentifiers(Resource):
    """UPI, assessment number, birth certificate and the like; no two students have the same."""

    resource = "student-identifiers"
    model = StudentIdentifier
    out = StudentIdentifierOut
    filters = {
        "student": filters.identifier("Of this student.", filters.by("student")),
        "type": filters.word("Of this kind.", choices.IdentifierType.choices, filters.by("type")),
        "value": filters.text(
            "This number, without minding case, spaces and dashes.",
            lambda rows, value: rows.filter(match=text.match_form(value)),
        ),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("created_at",)

    def rows(self, user: User) -> Any:
        """Those of the students one sees, for the office and the family."""
        return queries.identifiers_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `StudentIdentifierOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            **{name: F(name) for name in ("type", "value", "issued_on", "verified")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewStudentIdentifierIn, StudentIdentifierOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Note a number."""
        user = call.caller.user
        allow(policies.may_change_student(user))
        facts = self.body(call, NewStudentIdentifierIn)
        student = refer(queries.visible_to(user), facts.pop("student"), "student")
        made = services.add_identifier(student=student, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)

    @schema.writes(StudentIdentifierIn, StudentIdentifierOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Correct a number, or note that it was seen on paper."""
        row = self.find(call, id)
        allow(policies.may_change_student(call.caller.user))
        facts = {"value": row.value, **self.body(call, StudentIdentifierIn, partial=True)}
        return self.written(
            call, services.change_identifier(identifier=row, by=call.caller.user, at=clock.now(), **facts)
        )
