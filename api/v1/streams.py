"""/streams/ — the parallels of a grade level, such as East and West."""

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
from schools.academics import policies, queries, services
from schools.academics.models import Stream


class StreamOut(bodies.Out):
    """A stream."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    order = serializers.IntegerField()
    created_at = bodies.Moment()
    updated_at = bodies.Moment()


class StreamIn(bodies.In):
    """What may be said of a stream."""

    name = bodies.Text(max_length=40)
    order = bodies.Whole(required=False, min_value=0, max_value=30000)


class Streams(Resource):
    """The streams that classes are made of."""

    resource = "streams"
    model = Stream
    out = StreamOut
    orderings = {"order": "order", "name": "name"}
    ordering = ("order", "name")

    def rows(self, user: User) -> Any:
        """Every stream."""
        return queries.streams_visible_to(user)

    def columns(self, user: User, base: str) -> dict[str, Any]:
        """As `StreamOut`."""
        return {
            "id": F("pk"),
            "name": F("name"),
            "order": F("order"),
            "created_at": Moment("created_at"),
            "updated_at": Moment("updated_at"),
        }

    @schema.writes(StreamIn, StreamOut, status=201)
    def create(self, call: Call) -> HttpResponse:
        """Add a stream."""
        allow(policies.may_change_classes(call.caller.user))
        facts = self.body(call, StreamIn)
        return self.written(call, services.add_stream(by=call.caller.user, at=clock.now(), **facts), status=201)

    @schema.writes(StreamIn, StreamOut)
    def partial_update(self, call: Call, id: str) -> HttpResponse:  # noqa: A002 - the address's own word
        """Change a stream's name or place."""
        stream = self.find(call, id)
        allow(policies.may_change_classes(call.caller.user))
        facts = {"name": stream.name, "order": stream.order, **self.body(call, StreamIn, partial=True)}
        return self.written(call, services.change_stream(stream=stream, by=call.caller.user, at=clock.now(), **facts))
