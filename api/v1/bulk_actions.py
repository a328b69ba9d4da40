"""/bulk-actions/ — what was done to many records at once."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment
from api.resource import Resource
from identity.models import User
from schools.bulk import choices, queries
from schools.bulk.models import Action


class BulkActionOut(bodies.Out):
    """An act on many records; it can be undone for 30 days, in the web app."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    said = serializers.CharField()
    state = serializers.ChoiceField(choices=choices.State.choices)
    done_at = bodies.Moment()
    undone_at = bodies.Moment(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class BulkActions(Resource):
    """Acts on many records, the newest first."""

    resource = "bulk-actions"
    rooms = (*Resource.rooms, "bulk")
    model = Action
    out = BulkActionOut
    filters = {"state": filters.word("In this state.", choices.State.choices, filters.by("state"))}
    orderings = {"done_at": "done_at"}
    ordering = ("-done_at",)

    def rows(self, user: User) -> Any:
        """Every act, for the office."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `BulkActionOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("kind", "said", "state")},
            "done_at": Moment("done_at"),
            "undone_at": Moment("undone_at"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
