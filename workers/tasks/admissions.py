"""Tasks of admissions."""

from typing import Any

from core import clock
from schools.admissions import letters, services
from schools.admissions.models import Application
from workers.base import school_task
from workers.queues import BULK, INTERACTIVE


@school_task("admissions.mail", queue=INTERACTIVE)
def mail(*, application_id: str, letter: str, **_: Any) -> None:
    """Mail a family what happened to its application."""
    application = Application.objects.filter(pk=application_id).exclude(email="").first()
    if application is not None:
        letters.post(application, letter)


@school_task("admissions.sweep_drafts", queue=BULK)
def sweep_drafts(**_: Any) -> None:
    """Delete the drafts that nobody touched for weeks."""
    services.sweep_drafts(by=None, at=clock.now())
