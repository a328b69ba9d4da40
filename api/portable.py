"""What the API shows of a school, for the school's portable export: the same fields under the same names."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from rest_framework import serializers

from api.rendering import Row
from api.resource import Resource
from identity import roles
from identity.models import User
from tenants.archive import exporting

BATCH = 500


def resources() -> list[exporting.Resource]:
    """Every collection of the API, as somebody who sees all of the school reads it."""
    from api.v1.urls import RESOURCES

    return [_portable(one, order) for order, one in enumerate(RESOURCES)]


def _portable(resource: type[Resource], order: int) -> exporting.Resource:
    def rows() -> Iterator[str]:
        viewer = User(roles=[roles.HEAD])
        view = resource()
        wanted = view.rows(viewer).order_by("pk").annotate(_json=Cast(Row(**view.columns(viewer, "")), TextField()))
        yield from wanted.values_list("_json", flat=True).iterator(chunk_size=BATCH)

    return exporting.Resource(resource.resource, tuple(_names(resource.out().fields)), rows, order)


def _names(fields: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, field in fields.items():
        if isinstance(field, serializers.Serializer):
            yield from _names(field.fields, f"{before}{name}.")
        else:
            yield f"{before}{name}"
