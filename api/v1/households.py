"""/households/ — who lives under one roof."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, schema
from api.door import Call, allow
from api.rendering import Moment
from api.resource import Resource
from core import clock
from identity.models import User
from schools.people import policies, queries, services
from schools.people.models import Household


class HouseholdOut(bodies.Out):
    """A household."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    address = serializers.CharField()
    town = serializers.CharField()
    county = serializers.CharField()
    phone = serializers.CharField(help_text="In E.164, such as +254722418093.")
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class HouseholdIn(bodies.In):
    """What may be said of a household."""

    name = bodies.Text(max_length=120)
    address = bodies.Text(max_length=200, required=False, allow_blank=True)
    town = bodies.Text(max_length=80, required=False, allow_blank=True)
    county = bodies.Text(max_length=60, required=False, allow_blank=True)
    phone = bodies.Text(max_length=30, required=False, allow_blank=True)


class Households(Resource):
    """Families with their address; students and guardians name theirs."""

    resource = "households"
    model = Household
    out = HouseholdOut
    search_about = "Family, town, phone, or the names of who lives there."
    orderings = {"name": "name", "created_at": "created_at"}
    ordering = ("name",)

    def rows(self, user: User) -> Any:
        """All for those who see every student; a guardian's own."""
        return queries.households_visible_to(user)

    def search(self, rows: Any, words: str) -> Any:
        """As on the page."""
        return queries.search_households(rows, words)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `HouseholdOut`."""
        return {
            "id": F("pk"),
            **{name: F(name) for name in ("name", "address", "town", "county", "phone")},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(HouseholdIn, HouseholdOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Begin a household."""
        allow(policies.may_change_student(call.caller.user))
        facts = self.body(call, HouseholdIn)
        return self.written(call, services.open_household(by=call.caller.user, at=clock.now(), **facts), status=201)

    @schema.writes(HouseholdIn, HouseholdOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a household's name, address or phone."""
        household = self.find(call, id)
        allow(policies.may_change_student(call.caller.user))
        facts = self.body(call, HouseholdIn, partial=True)
        return self.written(
            call, services.change_household(household=household, by=call.caller.user, at=clock.now(), **facts)
        )
