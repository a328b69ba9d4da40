"""/houses/ — the houses that students belong to."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies
from api.rendering import Moment
from api.resource import Resource
from identity.models import User
from schools.details import choices, queries
from schools.details.models import House


class HouseOut(bodies.Out):
    """A house."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    colour = serializers.ChoiceField(choices=choices.Colour.choices, allow_blank=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Houses(Resource):
    """The school's houses; they are opened in the web app."""

    resource = "houses"
    rooms = (*Resource.rooms, "details")
    model = House
    out = HouseOut
    orderings = {"name": "name"}
    ordering = ("name",)

    def rows(self, user: User) -> Any:
        """Every house."""
        return queries.houses().order_by()

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `HouseOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "colour": F("colour"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
