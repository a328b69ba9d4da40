"""Tasks of people."""

from typing import Any

from core import clock
from schools.people import photos
from workers.base import school_task
from workers.queues import BULK


@school_task("people.make_photo_variants", queue=BULK)
def make_photo_variants(*, photo_id: str, **_: Any) -> None:
    """Make the pictures that pages show out of an uploaded portrait."""
    photos.make_variants(photo_id=photo_id, at=clock.now())
