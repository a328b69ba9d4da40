"""What leaves the school as a file is noted."""

from datetime import datetime

from django.db import transaction

from audit import recording as audit

By = audit.Actor | None


@transaction.atomic
def note(*, key: str, kind: str, rows: int, asked: str, by: By, at: datetime) -> None:
    """Note that a list left the school: which, how many rows, narrowed by what."""
    said = {"list": key, "as": kind, "rows": rows, "asked": asked[:300]}
    audit.record("list.exported", by=by, at=at, changes=said)
