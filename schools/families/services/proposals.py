"""Changes that guardians propose, and what the office decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict, NotFound
from identity.models import User
from schools.families import proposing, queries
from schools.families.choices import State
from schools.families.models import Proposal
from schools.people.models import Guardian

MOST_WAITING = 60
By = audit.Actor | None


@transaction.atomic
def propose(
    *, guardian: Guardian, about: str, object_id: UUID, facts: Mapping[str, Any], by: By, at: datetime
) -> list[Proposal]:
    """Note which fields a guardian wants to read otherwise; what equals the record is taken back. Gives the new ones.

    A second proposal of the same field replaces the first while it waits.
    """
    guardian = Guardian.objects.lock(guardian.pk)
    part = next((one for one in queries.parts_of(guardian) if (one.about, one.row.pk) == (about, object_id)), None)
    if part is None:
        raise NotFound("That record is not theirs.")
    held = {one.field: one for one in Proposal.objects.filter(
        guardian=guardian, about=about, object_id=object_id, state=State.WAITING
    )}  # fmt: skip
    if Proposal.objects.filter(guardian=guardian, state=State.WAITING).count() >= MOST_WAITING:
        raise Conflict(_("The office decides on the earlier changes first."))
    new: list[Proposal] = []
    for name, value in facts.items():
        if name not in proposing.subject(about).fields:
            raise saving.wrong(name, _("This cannot be proposed."))
        before, wanted = proposing.stored(getattr(part.row, name)), proposing.stored(value)
        known = held.get(name)
        if known is not None and (wanted == before or wanted != known.value):
            known.delete()
            known = None
        if known is None and wanted != before:
            new.append(
                Proposal.objects.create(
                    guardian=guardian, about=about, object_id=object_id, field=name, before=before, value=wanted
                )
            )
    if new:
        changes = {one.field: [one.before, one.value] for one in new}
        audit.record("proposal.sent", on=part.row, by=by, at=at, changes={"guardian": str(guardian), **changes})
    return new


@transaction.atomic
def decide(*, proposal: Proposal, accept: bool, reason: str, by: User | None, at: datetime) -> Proposal:
    """Accept one field, which changes the record, or refuse it with a reason; each proposal is decided once."""
    row = Proposal.objects.lock(proposal.pk)
    if row.state != State.WAITING:
        raise Conflict(_("This is decided already."))
    kind = proposing.subject(row.about)
    subject: Any = kind.model._default_manager.filter(pk=row.object_id).first()
    if subject is None:
        raise Conflict(_("The record is not there any more."))
    if not accept and not reason.strip():
        raise saving.wrong("reason", _("Say why, for the guardian."))
    if accept:
        kind.write(subject, {row.field: proposing.read(row.about, row.field, row.value)}, by, at)
    row.state = State.ACCEPTED if accept else State.REFUSED
    saving.put(row, {"reason": "" if accept else reason, "decided_by": by, "decided_at": at})
    saving.check(row, {})
    row.save()
    said = {"guardian": str(row.guardian), row.field: [row.before, row.value]}
    audit.record("proposal.accepted" if accept else "proposal.refused", on=subject, by=by, at=at, changes=said)
    return row
