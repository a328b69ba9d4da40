"""/grade-levels/ — the ladder of the school: PP1, Grade 6, Form 3."""

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
from schools.academics.models import GradeLevel


class GradeLevelOut(bodies.Out):
    """A grade level."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    code = serializers.CharField()
    order = serializers.IntegerField()
    curriculum = serializers.ChoiceField(choices=choices.Curriculum.choices)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class GradeLevelIn(bodies.In):
    """What may be said of a grade level."""

    name = bodies.Text(max_length=40)
    code = bodies.Text(max_length=10)
    order = bodies.Whole(min_value=0, max_value=30000)
    curriculum = serializers.ChoiceField(choices=choices.Curriculum.choices, required=False)


class GradeLevels(Resource):
    """The grade levels, lowest first."""

    resource = "grade-levels"
    model = GradeLevel
    out = GradeLevelOut
    filters = {
        "code": filters.text("Exactly this code.", filters.by("code")),
        "curriculum": filters.word("Of this curriculum.", choices.Curriculum.choices, filters.by("curriculum")),
    }
    orderings = {"order": "order"}
    ordering = ("order",)

    def rows(self, user: User) -> Any:
        """Every level."""
        return queries.grade_levels_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `GradeLevelOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("name", "code", "order", "curriculum")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(GradeLevelIn, GradeLevelOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Add a step to the ladder."""
        allow(policies.may_change_classes(call.caller.user))
        facts = self.body(call, GradeLevelIn)
        return self.written(call, services.add_grade_level(by=call.caller.user, at=clock.now(), **facts), status=201)

    @schema.writes(GradeLevelIn, GradeLevelOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a grade level."""
        level = self.find(call, id)
        allow(policies.may_change_classes(call.caller.user))
        facts = self.body(call, GradeLevelIn, partial=True)
        return self.written(
            call, services.change_grade_level(level=level, by=call.caller.user, at=clock.now(), **facts)
        )
