"""/attendance-registers/ — roll calls with what they say of each student."""

from typing import Any

from django.db.models import F, OuterRef
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, problems, schema
from api.door import Call, allow
from api.rendering import Listed, Moment, Row, reference, short_name
from api.resource import Resource, refer
from core import clock
from core.errors import DomainError
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import choices, policies, queries, services
from schools.attendance.models import AttendanceMark, Register

MOST_MARKS = 500


class AttendanceMarkOut(bodies.Out):
    """What a register says of one student."""

    student = bodies.Person()
    code = serializers.ChoiceField(choices=choices.Code.choices, help_text="What counts.")
    detail = serializers.CharField(
        source="given.code", allow_null=True, default=None, help_text="The school's finer code, where one was given."
    )
    by_office = serializers.BooleanField(help_text="The office's code counts; a teacher may have said otherwise.")
    reason = serializers.CharField(source="reason.code", allow_null=True, default=None)
    minutes_late = serializers.IntegerField(allow_null=True)


class RegisterOut(bodies.Out):
    """A register."""

    id = serializers.UUIDField()
    class_ = bodies.Reference(source="school_class")
    date = serializers.DateField()
    session = serializers.ChoiceField(choices=choices.Session.choices)
    status = serializers.ChoiceField(choices=choices.RegisterStatus.choices)
    taken_at = bodies.Moment(allow_null=True)
    marks = AttendanceMarkOut(many=True, source="marks_in_order")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class AttendanceMarkIn(bodies.In):
    """What to say of one student."""

    student = bodies.Ref()
    code = bodies.Text(max_length=4, help_text="P, A, L, E or a finer code of the school's list.")
    reason = bodies.Text(max_length=20, required=False, allow_null=True, help_text="The code of a reason.")
    minutes_late = bodies.Whole(required=False, allow_null=True, min_value=0, max_value=600)


class RegisterMarksIn(bodies.In):
    """Marks of a register: those not named stay as they are."""

    marks = serializers.ListField(child=AttendanceMarkIn(), required=False, max_length=MOST_MARKS)
    rest_present = bodies.YesNo(required=False, help_text="Mark everybody else present who is not marked yet.")


class RegisterIn(RegisterMarksIn):
    """A register to take: class, day and session name it, whether it exists or not."""

    class_ = bodies.Ref()
    date = bodies.Day()
    session = serializers.ChoiceField(choices=choices.Session.choices, required=False)


class AttendanceRegisters(Resource):
    """Registers: present P, absent A, late L, excused E."""

    resource = "attendance-registers"
    rooms = (*Resource.rooms, "attendance")
    model = Register
    out = RegisterOut
    filters = {
        "class": filters.identifier("Of this class.", filters.by("school_class")),
        "date": filters.day("Of this day.", filters.by("date")),
        "from": filters.day("Of this day or later.", filters.by("date__gte")),
        "to": filters.day("Of this day or earlier.", filters.by("date__lte")),
        "session": filters.word("Of this session.", choices.Session.choices, filters.by("session")),
        "status": filters.word("Complete or not.", choices.RegisterStatus.choices, filters.by("status")),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    orderings = {"date": "date", "created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("-date",)
    field_names = {"school_class": "class"}

    def rows(self, user: User) -> Any:
        """All, or those of the classes one takes."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `RegisterOut`."""
        marks = AttendanceMark.objects.filter(register=OuterRef("pk")).order_by(
            "student__first_name", "student__last_name", "student"
        )
        return {
            "id": F("pk"),
            "class": reference("school_class"),
            "date": F("date"),
            "session": F("session"),
            "status": F("status"),
            "taken_at": Moment("taken_at"),
            "marks": Listed(
                marks.values(
                    j=Row(
                        student=Row(id=F("student_id"), name=short_name("student__")),
                        code=F("code"),
                        detail=F("given__code"),
                        by_office=F("by_office"),
                        reason=F("reason__code"),
                        minutes_late=F("minutes_late"),
                    )
                )
            ),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(RegisterIn, RegisterOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Take a register, or add to the one of that class, day and session (then 200)."""
        user = call.caller.user
        facts = self.body(call, RegisterIn)
        classes = queries.classes_visible_to(user) if user.roles else academics.visible_to(user)
        school_class = refer(classes, facts["class"], "class")
        allow(policies.can_mark_class(user, school_class))
        session = facts.get("session", choices.Session.MORNING)
        known = queries.find(school_class, facts["date"], session) is not None
        marks = facts.get("marks", [])
        try:
            outcome = services.take(
                school_class=school_class,
                date=facts["date"],
                session=session,
                marks=marks,
                rest_present=facts.get("rest_present", False),
                by=user,
                at=clock.now(),
                source=choices.Source.API,
            )
        except DomainError as error:
            raise problems.of(error, names=self._names(marks)) from error
        return self.written(call, outcome.register, status=200 if known else 201)

    @schema.writes(RegisterMarksIn, RegisterOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Write marks of a register, all or none."""
        user, at = call.caller.user, clock.now()
        register = self.find(call, id)
        allow(policies.can_mark(user, register))
        facts = self.body(call, RegisterMarksIn, partial=True)
        marks = facts.get("marks", [])
        try:
            register = services.mark(register=register, marks=marks, by=user, at=at, source=choices.Source.API).register
            if facts.get("rest_present"):
                register = services.mark_rest_present(
                    register=register, by=user, at=at, source=choices.Source.API
                ).register
        except DomainError as error:
            raise problems.of(error, names=self._names(marks)) from error
        return self.written(call, register)

    def _names(self, marks: Any) -> dict[str, str]:
        """Students' ids, as the domain names them, to places in the body."""
        return {**self.field_names, **{str(mark["student"]): f"marks.{number}" for number, mark in enumerate(marks)}}
