"""/grading-scales/ — how a score becomes a grade."""

from typing import Any

from django.db.models import F, OuterRef
from rest_framework import serializers

from api import bodies, filters
from api.rendering import Listed, Moment, Row, number
from api.resource import Resource
from identity.models import User
from schools.assessment import choices, queries
from schools.assessment.models import GradeBand, GradingScale


class BandOut(bodies.Out):
    """One grade, from its lower limit up to the next band's."""

    code = serializers.CharField()
    name = serializers.CharField()
    lower = bodies.Number()
    points = bodies.Number(allow_null=True)


class GradingScaleOut(bodies.Out):
    """A grading scale."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    basis = serializers.ChoiceField(choices=choices.Basis.choices)
    maximum = bodies.Number()
    is_default = serializers.BooleanField()
    bands = BandOut(many=True, source="bands_in_order")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class GradingScales(Resource):
    """The school's grading scales with their bands, best first; they are changed in the web app."""

    resource = "grading-scales"
    rooms = (*Resource.rooms, "assessment")
    model = GradingScale
    out = GradingScaleOut
    filters = {"is_default": filters.yes_no("Used for new assessments.", filters.by("is_default"))}
    orderings = {"name": "name"}
    ordering = ("name",)

    def rows(self, user: User) -> Any:
        """Every scale."""
        return queries.scales_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `GradingScaleOut`."""
        bands = GradeBand.objects.filter(scale=OuterRef("pk")).order_by("-lower")
        band = Row(code=F("code"), name=F("name"), lower=number("lower"), points=number("points"))
        return {
            "id": F("pk"),
            "name": F("name"),
            "basis": F("basis"),
            "maximum": number("maximum"),
            "is_default": F("is_default"),
            "bands": Listed(bands.values(j=band)),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }
