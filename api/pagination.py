"""Pages joined by cursors: a signed place in a total order, good for one school, one list and one query."""

import base64
import functools
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest

from api import problems
from core import scope

SALT = "api.cursor"
_AS_IT_CAME = "%&=+:,/@!$'()*;?"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: paths of fields that are never empty, each with its direction; the id comes last."""

    paths: tuple[str, ...]
    descending: tuple[bool, ...]

    def clauses(self, *, reverse: bool = False) -> list[str]:
        """For `order_by`."""
        return [f"-{path}" if down != reverse else path for path, down in zip(self.paths, self.descending, strict=True)]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after these keys, or before them when going back."""

    keys: tuple[str, ...]
    back: bool


def order_of(names: Sequence[str], paths: dict[str, str]) -> Order:
    """The total order behind `?ordering=`."""
    chosen = [(paths[name.removeprefix("-")], name.startswith("-")) for name in names]
    if not any(path == "pk" for path, _down in chosen):
        chosen.append(("pk", chosen[-1][1] if chosen else False))
    return Order(tuple(path for path, _down in chosen), tuple(down for _path, down in chosen))


def fingerprint(name: str, query: dict[str, str]) -> str:
    """Names the list and its query without the cursor and the page size."""
    kept = sorted((k, v) for k, v in query.items() if k not in ("cursor", "page_size", "fields", "count"))
    return hashlib.blake2b(f"{name}?{urlencode(kept)}".encode(), digest_size=6).hexdigest()


def write(keys: Sequence[str], *, back: bool, mark: str) -> str:
    """The opaque form of a place."""
    payload = base64.urlsafe_b64encode(orjson.dumps([mark, back, list(keys)])).rstrip(b"=")
    return f"{payload.decode()}.{_proof(payload)}"


def read(text: str, *, mark: str, model: type[Model], order: Order) -> Cursor:
    """The place behind a cursor; raises 400 for one that is forged, foreign, or of another query."""
    try:
        written, _dot, proof = text.encode("ascii", "replace").rpartition(b".")
        if not hmac.compare_digest(_proof(written).encode(), proof):
            raise ValueError("forged or foreign")
        found, back, keys = orjson.loads(base64.urlsafe_b64decode(written + b"=" * (-len(written) % 4)))
        if found != mark or len(keys) != len(order.paths):
            raise problems.wrong({"cursor": ["This cursor belongs to another query."]}, code="invalid_cursor")
        for path, key in zip(order.paths, keys, strict=True):
            _field(model, path).to_python(key)
    except (ValueError, ValidationError):
        raise problems.wrong({"cursor": ["This cursor is not valid."]}, code="invalid_cursor") from None
    return Cursor(tuple(keys), back)


def from_here(rows: QuerySet[Any, Any], order: Order, cursor: Cursor) -> QuerySet[Any, Any]:
    """The rows after a place in the order, or before it when going back."""
    condition, same = Q(), Q()
    for path, down, key in zip(order.paths, order.descending, cursor.keys, strict=True):
        value = _field(rows.model, path).to_python(key)
        step = "lt" if down != cursor.back else "gt"
        condition |= same & Q(**{f"{path}__{step}": value})
        same &= Q(**{path: value})
    return rows.filter(condition)


def address(request: HttpRequest, cursor: str) -> str:
    """The absolute address of another page of the same query."""
    here = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}{request.path}"
    asked = request.META.get("QUERY_STRING", "").encode("latin-1")  # as WSGI hands over what was sent (PEP 3333)
    kept = [part for part in quote(asked, safe=_AS_IT_CAME).split("&") if part and _name(part) != "cursor"]
    return f"{here}?{'&'.join([*kept, f'cursor={cursor}'])}"


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])


def _proof(payload: bytes) -> str:
    """The school's own signature; characters that an address takes as they are."""
    digest = hmac.digest(_key(scope.current().id, settings.SECRET_KEY), payload, "sha256")
    return base64.urlsafe_b64encode(digest[:18]).decode()


@functools.lru_cache(maxsize=4096)
def _key(school: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), f"{SALT}:{school}".encode(), "sha256")


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    *ways, last = path.split("__")
    for way in ways:
        found = model._meta.get_field(way).related_model
        assert isinstance(found, type)
        model = found
    field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    assert isinstance(field, Field)
    return field
