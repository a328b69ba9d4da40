"""Acts on many records: done under a ledger, and taken back as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs
from core.errors import Conflict
from identity.models import User
from schools.bulk import kinds, queries, undoing
from schools.bulk.choices import State
from schools.bulk.ledger import Ledger
from schools.bulk.models import Action

AT_ONCE = 1000


@contextmanager
def recorded(*, kind: str, said: str, by: User | None, at: datetime) -> Iterator[Ledger]:
    """Do something to many records in one transaction; what the ledger is told can be undone for 30 days.

    `said` is the sentence of the history, such as "12 students moved to Grade 6 West". An act that changed nothing
    leaves no line there.
    """
    with transaction.atomic():
        action = begin(kind=kind, said=said, by=by, at=at)
        ledger = Ledger(action.changes)
        yield ledger
        finish(action=action, ledger=ledger, by=by, at=at)


@transaction.atomic
def begin(*, kind: str, said: str, by: User | None, at: datetime) -> Action:
    """Open the book of an act that goes on for several transactions; `finish` closes it."""
    return Action.objects.create(kind=kind, said=said[:300], done_by=by, done_at=at)


@transaction.atomic
def finish(*, action: Action, ledger: Ledger, by: User | None, at: datetime) -> Action | None:
    """Settle the ledger and count; gives back None, and keeps nothing, when nothing was changed."""
    ledger.settle()
    counts = {"created": 0, "changed": 0, "removed": 0}
    for _label, created, changed, removed in queries.numbers(action):
        for name, number in (("created", created), ("changed", changed), ("removed", removed)):
            counts[name] += number
    if not any(counts.values()):
        action.delete()
        return None
    action.counts = counts
    action.save()
    audit.record("bulk.done", on=action, by=by, at=at, changes={"what": action.said, **counts})
    return action


@transaction.atomic
def ask_undo(*, action: Action, by: User | None, at: datetime) -> Action:
    """Take an act back within its days: at once, or as a job when it touched many records."""
    action = Action.objects.lock(action.pk)
    if action.state != State.DONE:
        raise Conflict(_("This is undone already, or being undone."))
    if not action.can_undo(at):
        raise Conflict(_("The time to undo this is over."))
    action.state, action.undone_by, action.reason = State.UNDOING, by, ""
    action.save()
    audit.record("bulk.undo_asked", on=action, by=by, at=at, changes={"what": action.said})
    if sum(action.counts.values()) > AT_ONCE:
        jobs.later("bulk.undo", action_id=str(action.pk))
        return action
    return carry_out_undo(action_id=str(action.pk), by=by, at=at)


def carry_out_undo(*, action_id: str, by: User | None, at: datetime) -> Action:
    """Take an act back as a whole; a refusal leaves everything as it is and says why on the action."""
    with translation.override(by.language if by is not None else translation.get_language()):
        try:
            with transaction.atomic():
                action = Action.objects.lock(action_id)
                if action.state != State.UNDOING:
                    return action
                object_to = kinds.get(action.kind).objections
                changes = list(action.changes.order_by("-number"))
                undoing.take_back(changes, objections=[object_to] if object_to else [], by=by, at=at)
                action.state, action.undone_at, action.reason = State.UNDONE, at, ""
                action.save()
                audit.record("bulk.undone", on=action, by=by, at=at, changes={"what": action.said})
        except undoing.Refused as refused:
            with transaction.atomic():
                action = Action.objects.lock(action_id)
                action.state, action.reason, action.undone_by = State.DONE, "\n".join(refused.reasons), None
                action.save()
    return action
