"""/marks/ — each student's result in each assessment."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, problems, rendering, schema
from api.door import READ_HEADERS, Call, allow
from api.pagination import Order
from api.rendering import Moment, Row, number, reference, short_name
from api.resource import Resource, base_of, refer
from core import clock
from core.errors import DomainError
from identity.models import User
from schools.assessment import policies, queries, services
from schools.assessment.models import Assessment, Mark

MOST_MARKS = 1000


class MarkOut(bodies.Out):
    """A mark."""

    id = serializers.UUIDField()
    student = bodies.Person()
    assessment = bodies.Reference()
    score = bodies.Number(allow_null=True, help_text="Null for a student who was absent.")
    absent = serializers.BooleanField(source="is_absent")
    grade = serializers.CharField()
    remark = serializers.CharField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class MarksOut(bodies.Out):
    """The marks of one save as they now are."""

    changed = serializers.IntegerField(help_text="How many were written.")
    results = MarkOut(many=True)


class MarkIn(bodies.In):
    """A student's score, or absent; neither clears the mark."""

    student = bodies.Ref()
    score = bodies.Number(required=False, allow_null=True)
    absent = bodies.YesNo(required=False)
    remark = bodies.Text(max_length=300, required=False, allow_blank=True)


class MarksIn(bodies.In):
    """Marks of one assessment, written all or none."""

    assessment = bodies.Ref()
    marks = serializers.ListField(child=MarkIn(), max_length=MOST_MARKS, allow_empty=False)


class OneMarkIn(bodies.In):
    """What may be changed of a mark."""

    score = bodies.Number(required=False)
    absent = bodies.YesNo(required=False)
    remark = bodies.Text(max_length=300, required=False, allow_blank=True)


class Marks(Resource):
    """Marks; families see their own children's, once published."""

    resource = "marks"
    rooms = (*Resource.rooms, "assessment")
    model = Mark
    out = MarkOut
    filters = {
        "assessment": filters.identifier("In this assessment.", filters.by("assessment")),
        "student": filters.identifier("Of this student.", filters.by("student")),
        "class": filters.identifier("In assessments of this class.", filters.by("assessment__school_class")),
        "subject": filters.identifier("In assessments of this subject.", filters.by("assessment__subject")),
        "term": filters.identifier("In assessments of this term.", filters.by("assessment__term")),
        "updated_since": filters.moment("Changed at this moment or later.", filters.by("updated_at__gte")),
    }
    orderings = {"created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("created_at",)

    def rows(self, user: User) -> Any:
        """All, one's own subjects' and classes', or one's children's published ones."""
        return queries.marks_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `MarkOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            "assessment": reference("assessment"),
            "score": number("score"),
            "absent": F("is_absent"),
            "grade": F("grade"),
            "remark": F("remark"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(MarksIn, MarksOut)
    def create(self, call: Call) -> HttpResponse:
        """Write marks of one assessment, all or none."""
        user = call.caller.user
        facts = self.body(call, MarksIn)
        assessment = refer(queries.visible_to(user), facts["assessment"], "assessment")
        allow(policies.can_enter(user, assessment))
        changed = self._enter(user, assessment, facts["marks"])
        students = [entry["student"] for entry in facts["marks"]]
        rows = self.rows(user).filter(assessment=assessment, student__in=students)
        columns = self.columns(user, base_of(call.request))
        statement = rendering.page(rows, columns, Order(("pk",), (False,)), size=MOST_MARKS)
        text = statement.page().text if statement is not None else b""
        body = b'{"changed":%d,"results":[%b]}' % (changed, text)
        return HttpResponse(body, content_type=bodies.JSON, headers=READ_HEADERS)

    @schema.writes(OneMarkIn, MarkOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change one mark."""
        user = call.caller.user
        mark = self.find(call, id)
        allow(policies.can_enter(user, mark.assessment))
        facts = self.body(call, OneMarkIn, partial=True)
        absent = facts.get("absent", mark.is_absent and "score" not in facts)
        score = None if absent else facts.get("score", mark.score)
        entry = {"student": mark.student_id, "absent": absent, "score": score}
        if entry["score"] is None and not absent:
            raise problems.wrong({"score": ["A score is needed, or absent."]})
        if "remark" in facts:
            entry["remark"] = facts["remark"]
        self._enter(user, mark.assessment, [entry])
        return self.written(call, mark)

    def _enter(self, user: User, assessment: Assessment, entries: Any) -> int:
        places = {str(entry["student"]): f"marks.{place}" for place, entry in enumerate(entries)}
        try:
            outcome = services.enter_marks(assessment=assessment, entries=entries, by=user, at=clock.now())
        except DomainError as error:
            raise problems.of(error, names=places) from error
        return outcome.changed
