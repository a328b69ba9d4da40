"""/letters/ — letters and certificates that the school issued."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, Row, short_name
from api.resource import Resource
from identity.models import User
from schools.papers import choices, queries
from schools.papers.models import Letter


class LetterOut(bodies.Out):
    """A letter, numbered by kind and year."""

    id = serializers.UUIDField()
    student = bodies.Person()
    kind = serializers.ChoiceField(choices=choices.LetterKind.choices)
    year = serializers.IntegerField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    issued_at = bodies.Moment()
    shared = serializers.BooleanField(help_text="Shown to the guardians.")
    revoked_at = bodies.Moment(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Letters(Resource):
    """Letters; they are issued and revoked in the web app."""

    resource = "letters"
    rooms = (*Resource.rooms, "papers")
    model = Letter
    out = LetterOut
    filters = {
        "student": filters.identifier("About this student.", filters.by("student")),
        "kind": filters.word("Of this kind.", choices.LetterKind.choices, filters.by("kind")),
    }
    orderings = {"issued_at": "issued_at"}
    ordering = ("-issued_at",)

    def rows(self, user: User) -> Any:
        """All for the office; a family's own that are shared and stand."""
        return queries.letters_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `LetterOut`."""
        return {
            "id": F("pk"),
            "student": Row(id=F("student_id"), name=short_name("student__")),
            **{name: F(name) for name in ("kind", "year", "number", "title")},
            "issued_at": Moment("issued_at"),
            "shared": F("shared"),
            "revoked_at": Moment("revoked_at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
