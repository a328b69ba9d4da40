"""Taking a run back: what it created goes, what it changed is as before; or nothing happens, and why is told."""

from datetime import datetime

from django.db import transaction
from django.utils import translation

from audit import recording as audit
from schools.bulk import undoing
from schools.imports import registry
from schools.imports.choices import State
from schools.imports.models import Run


def undo(*, run_id: str, at: datetime) -> None:
    """Take a run back as a whole; a refusal leaves everything as it is and says why on the run."""
    run = Run.objects.select_related("asked_by", "undone_by").get(pk=run_id)
    by = run.undone_by
    with translation.override(by.language if by is not None else translation.get_language()):
        try:
            with transaction.atomic():
                run = Run.objects.lock(run.pk)
                if run.state != State.UNDOING:
                    return
                parts = registry.get(run.importer).in_order()
                objections = [part.objections for part in parts if part.objections is not None]
                undoing.take_back(list(run.changes.order_by("-number")), objections=objections, by=by, at=at)
                run.state, run.undone_at, run.reason = State.UNDONE, at, ""
                run.save()
                audit.record("import.undone", on=run, by=by, at=at, changes={"file": run.file_name})
        except undoing.Refused as refused:
            with transaction.atomic():
                run = Run.objects.lock(run.pk)
                run.state, run.reason, run.undone_by = State.DONE, "\n".join(refused.reasons), None
                run.save()
