"""/enrolments/ — who was in which class, from when to when."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, problems, schema
from api.door import Call, allow
from api.rendering import Moment, Row, reference, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.academics import choices, policies, queries, services
from schools.academics.models import Enrolment
from schools.people import queries as people


class EnrolmentOut(bodies.Out):
    """A student's time in a class."""

    id = serializers.UUIDField()
    student = bodies.Person()
    class_ = bodies.Reference(source="school_class")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The last day, or null while it lasts.")
    entry_code = serializers.ChoiceField(choices=choices.EntryCode.choices)
    exit_code = serializers.ChoiceField(choices=choices.ExitCode.choices, allow_blank=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class EnrolmentIn(bodies.In):
    """A student to place in a class. With the entry code `moved`, the class they are in ends the day before."""

    student = bodies.Ref()
    class_ = bodies.Ref()
    starts_on = bodies.Day(required=False, help_text="The first day; without it today.")
    entry_code = serializers.ChoiceField(choices=choices.EntryCode.choices, required=False)


class EnrolmentEndIn(bodies.In):
    """The end of a student's time in a class."""

    ends_on = bodies.Day(help_text="The last day.")
    exit_code = serializers.ChoiceField(choices=choices.ExitCode.choices)


class Enrolments(Resource):
    """The history of who was in which class; at most one enrolment of a student is open."""

    resource = "enrolments"
    model = Enrolment
    out = EnrolmentOut
    filters = {
        "student": filters.identifier("Of this student.", filters.by("student")),
        "class": filters.identifier("In this class.", filters.by("school_class")),
        "on": filters.day(
            "In force on this day.",
            lambda rows, value: rows.filter(starts_on__lte=value).exclude(ends_on__lt=value),
        ),
        "open": filters.yes_no("Without an end, or with one.", filters.by("ends_on__isnull")),
    }
    orderings = {"starts_on": "starts_on", "created_at": "created_at"}
    ordering = ("-starts_on",)
    field_names = {"school_class": "class", "on": "starts_on"}

    def rows(self, user: User) -> Any:
        """Those of the students one sees."""
        return queries.enrolments_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `EnrolmentOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            "class": reference("school_class"),
            "starts_on": F("starts_on"),
            "ends_on": F("ends_on"),
            "entry_code": F("entry_code"),
            "exit_code": F("exit_code"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(EnrolmentIn, EnrolmentOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Place a student in a class, or move them to another."""
        user, at = call.caller.user, clock.now()
        allow(policies.may_enrol(user))
        facts = self.body(call, EnrolmentIn)
        student = refer(people.visible_to(user), facts["student"], "student")
        school_class = refer(queries.visible_to(user), facts["class"], "class")
        on, entry_code = facts.get("starts_on") or clock.today(), facts.get("entry_code", choices.EntryCode.NEW)
        if entry_code == choices.EntryCode.MOVED:
            row = services.move(student=student, school_class=school_class, on=on, by=user, at=at)
        else:
            row = services.enrol(
                student=student, school_class=school_class, on=on, entry_code=entry_code, by=user, at=at
            )
        return self.written(call, row, status=201)

    @schema.writes(EnrolmentEndIn, EnrolmentOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """End a student's time in a class; those who leave the school are marked so."""
        user = call.caller.user
        row = self.find(call, id)
        allow(policies.may_enrol(user))
        facts = self.body(call, EnrolmentEndIn)
        if row.ends_on is not None:
            raise problems.Problem(409, "enrolment_ended", "This enrolment has ended already.")
        ended = services.leave(
            student=row.student, on=facts["ends_on"], exit_code=facts["exit_code"], by=user, at=clock.now()
        )
        return self.written(call, ended)
