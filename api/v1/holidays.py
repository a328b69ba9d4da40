"""/holidays/ — days inside a term on which the school is closed."""

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
from schools.academics.models import Holiday


class HolidayOut(bodies.Out):
    """A holiday."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day; that of one day is its first.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class HolidayIn(bodies.In):
    """Days to close the school on."""

    name = bodies.Text(max_length=80)
    starts_on = bodies.Day()
    ends_on = bodies.Day()


class Holidays(Resource):
    """Public holidays and closures; the school is opened again in the web app."""

    resource = "holidays"
    model = Holiday
    out = HolidayOut
    filters = {
        "on": filters.day(
            "Those that hold this day.",
            lambda rows, value: rows.filter(starts_on__lte=value, ends_on__gte=value),
        ),
    }
    orderings = {"starts_on": "starts_on"}
    ordering = ("starts_on",)

    def rows(self, user: User) -> Any:
        """Every holiday."""
        return queries.holidays_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `HolidayOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("name", "starts_on", "ends_on")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(HolidayIn, HolidayOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Close the school for some days."""
        allow(policies.may_change_calendar(call.caller.user))
        facts = self.body(call, HolidayIn)
        return self.written(call, services.add_holiday(by=call.caller.user, at=clock.now(), **facts), status=201)
