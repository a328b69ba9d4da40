"""/courses/ — courses of modular programmes, with credits."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, number
from api.resource import Resource
from identity.models import User
from schools.curriculum import queries
from schools.curriculum.models import Course


class CourseOut(bodies.Out):
    """A course."""

    id = serializers.UUIDField()
    programme = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    credits = bodies.Number()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Courses(Resource):
    """Courses; they are offered in the web app."""

    resource = "courses"
    rooms = (*Resource.rooms, "curriculum")
    model = Course
    out = CourseOut
    filters = {
        "code": filters.text("Exactly this code.", filters.by("code")),
        "programme": filters.text("Exactly this programme.", filters.by("programme")),
    }
    orderings = {"code": "code"}
    ordering = ("code",)

    def rows(self, user: User) -> Any:
        """Every course, for those who work here."""
        return queries.courses_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `CourseOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("programme", "code", "name")},
            "credits": number("credits"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
