"""A POST with an Idempotency-Key takes effect once: the same request again gets the same answer, for a day."""

import hashlib
import re
from datetime import timedelta
from http import HTTPStatus

import orjson
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from api.models import Replay
from api.problems import Problem
from core import clock

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=5)
SWEPT_AT_ONCE = 200
_KEY = re.compile(r'^(?:"([\x21\x23-\x5b\x5d-\x7e ]{1,255})"|([\x21\x23-\x7e]{1,255}))$')
REPLAYED_HEADERS = ("Content-Type", "Location", "ETag")


def key_of(request: HttpRequest) -> str:
    """The key of the request, with or without its quotes; empty without one. Raises 400 for a malformed one."""
    raw = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if raw is None:
        return ""
    found = _KEY.match(raw)
    if found is None:
        raise Problem(
            400,
            "invalid_idempotency_key",
            "An Idempotency-Key is 1 to 255 printable characters.",
            errors={"Idempotency-Key": ["Must be 1 to 255 printable characters."]},
        )
    return found.group(1) or found.group(2)


def begin(*, owner: str, path: str, key: str, body: bytes) -> tuple[Replay, HttpResponse | None]:
    """Claim the key, or give back the answer that it got; raises 422 for another body and 409 while the first runs."""
    now = clock.now()
    mark = hashlib.sha256(_canonical(body)).hexdigest()
    try:
        with transaction.atomic():
            return Replay.objects.create(owner=owner, path=path[:200], key=key, fingerprint=mark), None
    except IntegrityError:
        pass
    with transaction.atomic():
        row = Replay.objects.select_for_update().filter(owner=owner, path=path[:200], key=key).first()
        if row is None:
            raise _running()
        age = now - row.created_at
        if age > KEPT or (row.status is None and age > ABANDONED):
            row.created_at, row.fingerprint, row.status = now, mark, None
            row.save(update_fields=["created_at", "fingerprint", "status", "updated_at"])
            return row, None
    if row.fingerprint != mark:
        raise Problem(422, "idempotency_key_reused", "This Idempotency-Key was used with another body.")
    if row.status is None:
        raise _running()
    answer = HttpResponse(bytes(row.body), status=row.status, headers=row.headers)
    answer["Idempotency-Replayed"] = "true"
    return row, answer


def finish(row: Replay, answer: HttpResponse) -> None:
    """Keep the answer for whoever repeats the request; what may heal by itself is not kept."""
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code in (401, 409, 429):
        row.delete()
        return
    row.status = answer.status_code
    row.body = answer.content
    row.headers = {name: answer[name] for name in REPLAYED_HEADERS if answer.has_header(name)}
    row.save(update_fields=["status", "body", "headers", "updated_at"])
    _sweep()


def _sweep() -> None:
    """Drop a few answers whose day is over: each new one pays for the old, and no task is needed."""
    old = Replay.objects.filter(created_at__lt=clock.now() - KEPT).order_by("created_at")[:SWEPT_AT_ONCE]
    Replay.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def _canonical(body: bytes) -> bytes:
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, TypeError):
        return body


def _running() -> Problem:
    return Problem(
        409,
        "idempotency_key_in_use",
        "The first request with this Idempotency-Key still runs.",
        headers={"Retry-After": "1"},
    )
