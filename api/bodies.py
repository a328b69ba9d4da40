"""What comes in: JSON of the right types, every field known; what goes out: printed as PostgreSQL prints it."""

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api import filters, problems
from api.problems import Problem

JSON = "application/json"
MOST_UNKNOWN = 50  # an answer stays small, however many fields a body makes up


def read(request: HttpRequest) -> dict[str, Any]:
    """The body as an object; raises 415, 413, or 400 that says where the JSON breaks."""
    kind = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind and kind != JSON:
        raise Problem(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    check_size(request)
    raw = request.body
    if not raw:
        raise problems.wrong({problems.WHOLE: ["A JSON object is needed."]}, code="malformed_json")
    if not kind:
        raise Problem(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        said = f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        raise problems.wrong({problems.WHOLE: [said]}, code="malformed_json") from None
    if not isinstance(found, dict):
        raise problems.wrong({problems.WHOLE: ["A JSON object is needed."]})
    return found


def check_size(request: HttpRequest) -> None:
    """Raise 413 before a body that is too long is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) > settings.API_BODY_MAX_BYTES:
        raise Problem(413, "too_large", f"The body may have {settings.API_BODY_MAX_BYTES} bytes.")


class Fields(serializers.Serializer[Any]):
    """A serializer whose names may end in an underscore where Python has taken the word: `class_` is `class`."""

    def get_fields(self) -> dict[str, Any]:
        """The fields under their API names."""
        return {name.rstrip("_"): field for name, field in super().get_fields().items()}


class In(Fields):
    """What is accepted of a resource: an unknown field is a mistake worth telling."""

    default_error_messages = {"invalid": "Must be an object."}

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields together with what else is wrong."""
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = itertools.islice((name for name in data if name not in known), MOST_UNKNOWN)
            errors = {str(name)[:80]: ["This field is not known here."] for name in unknown}
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            raise ValidationError({**detail, **errors}) from None
        if errors:
            raise ValidationError(errors)
        return value


class Out(Fields):
    """What is shown of a resource: the schema's description of what `rendering` lets PostgreSQL write."""


class Text(serializers.CharField):
    """Text, and not a number that looks like one."""

    default_error_messages = {"invalid": "Must be text.", "surrogate": "This is not valid text."}

    def to_internal_value(self, data: Any) -> str:
        """Refuse every other type."""
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A whole number, and not text or true."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse every other type."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesNo(serializers.BooleanField):
    """true or false, and nothing that may mean them."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse every other type."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A date of the form 2026-01-31."""

    default_error_messages = {"invalid": "Must be a date of the form 2026-01-31."}

    def to_internal_value(self, value: Any) -> date:
        """Read the one form."""
        if isinstance(value, str) and len(value) == 10 and value.isascii():
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        return self.fail("invalid")


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "uuid"},
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}},
        ]
    }
)
class Ref(serializers.UUIDField):
    """Another resource: its id, or the reference as it was read."""

    default_error_messages = {"invalid": "Must be an id."}

    def to_internal_value(self, data: Any) -> Any:
        """The id; the name beside it is of no weight."""
        if isinstance(data, Mapping):
            data = data.get("id")
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@extend_schema_field({"type": "number"})
class Number(serializers.Field[Decimal, Any, Any, Any]):
    """A decimal as a JSON number, with at most two digits after the point."""

    default_error_messages = {
        "invalid": "Must be a number.",
        "digits": "Must have at most 2 digits after the point.",
        "range": "Must be from {least} to {most}.",
    }

    def __init__(self, *, least: int = 0, most: int = 9999, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def to_internal_value(self, data: Any) -> Decimal:
        """A number of two decimals inside the limits."""
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        try:
            value = Decimal(str(data))
            if not value.is_finite() or not self.least <= value <= self.most:
                self.fail("range", least=self.least, most=self.most)
            rounded = value.quantize(Decimal("0.01"))
        except InvalidOperation:
            self.fail("invalid")
        if rounded != value:
            self.fail("digits")
        return rounded

    def to_representation(self, value: Decimal) -> int | float:
        """Whole numbers without a point, as PostgreSQL prints them."""
        return int(value) if value == value.to_integral_value() else float(value)


class Moment(serializers.DateTimeField):
    """A moment in UTC with six digits after the second."""

    def to_representation(self, value: Any) -> str:
        """The one form."""
        assert isinstance(value, datetime)
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


class Reference(Out):
    """Another resource, by its id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class Person(Out):
    """A person, by id and name."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="short_name")


class At(serializers.DateTimeField):
    """A moment that says its offset from UTC."""

    default_error_messages = {"invalid": "Must be a date and time with an offset, as 2026-01-31T08:00:00Z."}

    def to_internal_value(self, value: Any) -> datetime:
        """Read the one form."""
        try:
            if isinstance(value, str):
                return filters.read_moment(value)
        except filters.Wrong:
            pass
        return self.fail("invalid")
