"""/terms/ — the school's calendar."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from rest_framework import serializers

from api import bodies, filters, schema
from api.door import Call, allow
from api.rendering import Moment, reference
from api.resource import Resource
from core import clock
from identity.models import User
from schools.academics import policies, queries, services
from schools.academics.models import Term


class TermOut(bodies.Out):
    """A term."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    number = serializers.IntegerField()
    year = bodies.Reference()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    half_term_starts_on = serializers.DateField(allow_null=True)
    half_term_ends_on = serializers.DateField(allow_null=True)
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class TermIn(bodies.In):
    """What may be changed of a term."""

    name = bodies.Text(max_length=40, required=False)
    starts_on = bodies.Day(required=False)
    ends_on = bodies.Day(required=False)
    half_term_starts_on = bodies.Day(required=False, allow_null=True)
    half_term_ends_on = bodies.Day(required=False, allow_null=True)


class Terms(Resource):
    """The terms of every year; a year is opened with its terms in the web app."""

    resource = "terms"
    model = Term
    out = TermOut
    filters = {
        "year": filters.identifier("Of this year.", filters.by("year")),
        "on": filters.day(
            "The term that holds this day.",
            lambda rows, value: rows.filter(starts_on__lte=value, ends_on__gte=value),
        ),
    }
    orderings = {"starts_on": "starts_on"}
    ordering = ("starts_on",)

    def rows(self, user: User) -> Any:
        """Every term."""
        return queries.terms_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `TermOut`."""
        days = ("starts_on", "ends_on", "half_term_starts_on", "half_term_ends_on")
        return {
            "id": F("pk"),
            "name": F("name"),
            "number": F("number"),
            "year": reference("year"),
            **{name: F(name) for name in days},
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(TermIn, TermOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a term's name, dates or half-term."""
        term = self.find(call, id)
        allow(policies.may_change_calendar(call.caller.user))
        facts = self.body(call, TermIn, partial=True)
        return self.written(call, services.change_term(term=term, by=call.caller.user, at=clock.now(), **facts))
