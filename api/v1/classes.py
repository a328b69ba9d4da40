"""/classes/ — grade level by stream by year."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, problems, schema
from api.door import Call, allow
from api.rendering import Moment, Row, maybe, reference, short_name
from api.resource import Resource, refer
from core import clock
from identity.models import User
from schools.academics import policies, queries, services
from schools.academics.models import AcademicYear, GradeLevel, SchoolClass, Stream
from schools.people import queries as people


class ClassOut(bodies.Out):
    """A class."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    grade_level = bodies.Reference()
    stream = bodies.Reference(allow_null=True)
    year = bodies.Reference()
    class_teacher = bodies.Person(allow_null=True)
    capacity = serializers.IntegerField(allow_null=True)
    room = serializers.CharField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class ClassIn(bodies.In):
    """What may be changed of a class."""

    name = bodies.Text(max_length=80, required=False)
    class_teacher = bodies.Ref(required=False, allow_null=True)
    capacity = bodies.Whole(required=False, allow_null=True, min_value=1, max_value=1000)
    room = bodies.Text(max_length=40, required=False, allow_blank=True)


class NewClassIn(ClassIn):
    """A class to open."""

    grade_level = bodies.Ref()
    stream = bodies.Ref(required=False, allow_null=True)
    year = bodies.Ref(required=False, help_text="The year; without it the current one.")


class Classes(Resource):
    """The groups that registers are taken of."""

    resource = "classes"
    model = SchoolClass
    out = ClassOut
    filters = {
        "year": filters.identifier("Of this year.", filters.by("year")),
        "grade_level": filters.identifier("Of this grade level.", filters.by("grade_level")),
        "class_teacher": filters.identifier("In the care of this member of staff.", filters.by("class_teacher")),
    }
    orderings = {"name": "name", "grade_level": "grade_level__order", "created_at": "created_at"}
    ordering = ("grade_level", "name")

    def rows(self, user: User) -> Any:
        """All, or those of the students one sees."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `ClassOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "grade_level": reference("grade_level"),
            "stream": maybe("stream", reference("stream")),
            "year": reference("year"),
            "class_teacher": maybe("class_teacher", Row(id=F("class_teacher_id"), name=short_name("class_teacher__"))),
            "capacity": F("capacity"),
            "room": F("room"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(NewClassIn, ClassOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Open a class."""
        user = call.caller.user
        allow(policies.may_change_classes(user))
        facts = self._facts(user, self.body(call, NewClassIn))
        year = refer(AcademicYear.objects.all(), facts.pop("year", None), "year") or queries.current_year()
        if year is None:
            raise problems.wrong({"year": ["The school has opened no year."]})
        grade_level = refer(GradeLevel.objects.all(), facts.pop("grade_level"), "grade_level")
        stream = refer(Stream.objects.all(), facts.pop("stream", None), "stream")
        made = services.open_class(year=year, grade_level=grade_level, stream=stream, by=user, at=clock.now(), **facts)
        return self.written(call, made, status=201)

    @schema.writes(ClassIn, ClassOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a class's name, teacher, places or room."""
        user = call.caller.user
        row = self.find(call, id)
        allow(policies.may_change_classes(user))
        facts = self._facts(user, self.body(call, ClassIn, partial=True))
        return self.written(call, services.change_class(school_class=row, by=user, at=clock.now(), **facts))

    def _facts(self, user: User, facts: dict[str, Any]) -> dict[str, Any]:
        if "class_teacher" in facts:
            teachers = people.staff_visible_to(user)
            facts["class_teacher"] = refer(teachers, facts["class_teacher"], "class_teacher")
        return facts
