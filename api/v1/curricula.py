"""/curricula/ — versions of curricula."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment
from api.resource import Resource
from identity.models import User
from schools.academics.choices import Curriculum
from schools.curriculum import choices, queries
from schools.curriculum.models import Version


class CurriculumOut(bodies.Out):
    """A version of a curriculum."""

    id = serializers.UUIDField()
    curriculum = serializers.ChoiceField(choices=Curriculum.choices)
    name = serializers.CharField()
    standing = serializers.ChoiceField(choices=choices.Standing.choices)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Curricula(Resource):
    """Versions of curricula; they are written and published in the web app."""

    resource = "curricula"
    rooms = (*Resource.rooms, "curriculum")
    model = Version
    out = CurriculumOut
    filters = {
        "curriculum": filters.word("Of this curriculum.", Curriculum.choices, filters.by("curriculum")),
        "standing": filters.word("That stands so.", choices.Standing.choices, filters.by("standing")),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("-created_at",)

    def rows(self, user: User) -> Any:
        """Every version, for those who work here."""
        return queries.versions_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `CurriculumOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("curriculum", "name", "standing")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
