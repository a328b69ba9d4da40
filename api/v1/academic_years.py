"""/academic-years/ — the years of the school, each with its first and last day."""

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
from schools.academics import policies, queries, services
from schools.academics.models import AcademicYear


class AcademicYearOut(bodies.Out):
    """A school year."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class AcademicYearIn(bodies.In):
    """The days of a school year."""

    starts_on = bodies.Day()
    ends_on = bodies.Day()


class AcademicYears(Resource):
    """The school years; one is opened with its terms in the web app."""

    resource = "academic-years"
    model = AcademicYear
    out = AcademicYearOut
    filters = {
        "on": filters.day(
            "The year that holds this day.",
            lambda rows, value: rows.filter(starts_on__lte=value, ends_on__gte=value),
        ),
    }
    orderings = {"starts_on": "starts_on"}
    ordering = ("-starts_on",)

    def rows(self, user: User) -> Any:
        """Every year."""
        return queries.years_visible_to(user).order_by()

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `AcademicYearOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "starts_on": F("starts_on"),
            "ends_on": F("ends_on"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(AcademicYearIn, AcademicYearOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change the days of a year."""
        year = self.find(call, id)
        allow(policies.may_change_calendar(call.caller.user))
        facts = self.body(call, AcademicYearIn)
        return self.written(call, services.change_year(year=year, by=call.caller.user, at=clock.now(), **facts))
