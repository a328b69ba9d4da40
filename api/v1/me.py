"""/me/ — who the caller is here."""

from django.http import HttpResponse
from rest_framework import serializers

from api import asking, bodies, door, schema
from api.door import Call, Door
from core import scope
from identity import roles
from identity.models import Kind, Language


class SchoolOut(bodies.Out):
    """The school of this address."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class MeOut(bodies.Out):
    """The caller."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    full_name = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=roles.Role.choices))
    kind = serializers.ChoiceField(choices=Kind.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    scopes = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Of the key or token; null for a signed-in person."
    )
    school = SchoolOut()


class Me(Door):
    """The account behind the key, token or session, and the school."""

    @schema.answers(MeOut)
    def list(self, call: Call) -> HttpResponse:
        """Who am I here."""
        asking.nothing(call.request)
        user, here = call.caller.user, scope.current_school()
        body = {
            "id": str(user.pk),
            "username": user.username,
            "full_name": user.full_name,
            "roles": user.roles,
            "kind": user.kind,
            "language": user.language,
            "scopes": sorted(call.caller.scopes) if call.caller.scopes is not None else None,
            "school": {"id": here.id, "slug": here.slug, "name": here.name},
        }
        return door.readable(call, door.dumps(body))
