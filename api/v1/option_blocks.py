"""/option-blocks/ — options of which students choose some."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, reference
from api.resource import Resource
from identity.models import User
from schools.curriculum import queries
from schools.curriculum.models import Block


class OptionBlockOut(bodies.Out):
    """A block of options."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    year = bodies.Reference()
    least = serializers.IntegerField()
    most = serializers.IntegerField()
    opens_on = serializers.DateField()
    closes_on = serializers.DateField()
    placed_at = bodies.Moment(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class OptionBlocks(Resource):
    """Blocks of options; choosing and placing are in the web app."""

    resource = "option-blocks"
    rooms = (*Resource.rooms, "curriculum")
    model = Block
    out = OptionBlockOut
    filters = {"year": filters.identifier("Of this year.", filters.by("year"))}
    orderings = {"opens_on": "opens_on"}
    ordering = ("-opens_on",)

    def rows(self, user: User) -> Any:
        """Every block, for those who work here."""
        return queries.blocks_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `OptionBlockOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "year": reference("year"),
            **{name: F(name) for name in ("least", "most", "opens_on", "closes_on")},
            "placed_at": Moment("placed_at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
