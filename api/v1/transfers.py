"""/transfers/ — students who go to another school, and those who come."""

from typing import Any

from django.db.models import F
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Moment, Row, maybe, short_name
from api.resource import Resource
from identity.models import User
from schools.transfers import choices, queries
from schools.transfers.models import Transfer


class TransferOut(bodies.Out):
    """A transfer, as this school keeps it."""

    id = serializers.UUIDField()
    way = serializers.ChoiceField(choices=choices.Way.choices)
    state = serializers.ChoiceField(choices=choices.State.choices)
    name = serializers.CharField()
    student = bodies.Person(allow_null=True)
    school_name = serializers.CharField(help_text="The other school.")
    last_day = serializers.DateField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class Transfers(Resource):
    """Transfers; both heads agree in the web app."""

    resource = "transfers"
    rooms = (*Resource.rooms, "transfers")
    model = Transfer
    out = TransferOut
    filters = {
        "way": filters.word("Going, or coming.", choices.Way.choices, filters.by("way")),
        "state": filters.word("So far.", choices.State.choices, filters.by("state")),
    }
    orderings = {"created_at": "created_at"}
    ordering = ("-created_at",)

    def rows(self, user: User) -> Any:
        """Every transfer, for the office."""
        return queries.visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `TransferOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("way", "state", "name")},
            "student": maybe("student", Row(id=F("student_id"), name=short_name("student__"))),
            "school_name": F("school_name"),
            "last_day": F("last_day"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
