"""A sweep is planned, corrected for single students, and carried out batch by batch."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs, saving
from core.errors import Conflict, DomainError
from identity.models import User
from schools.academics.choices import EntryCode, ExitCode
from schools.academics.models import AcademicYear, Enrolment
from schools.academics.services import promoting
from schools.bulk import services as bulk
from schools.bulk.ledger import Ledger
from schools.rollover import queries, rules
from schools.rollover.choices import Outcome, State
from schools.rollover.models import Decision, Sweep

BATCH = 200
MOST_SECONDS = 45.0
KIND = "rollover.sweep"
_CODES: dict[str, tuple[str, str]] = {
    Outcome.PROMOTE: (ExitCode.PROMOTED, EntryCode.PROMOTED),
    Outcome.REPEAT: (ExitCode.MOVED, EntryCode.REPEATING),
    Outcome.GRADUATE: (ExitCode.GRADUATED, ""),
    Outcome.LEAVE: (ExitCode.LEFT, ""),
}


@transaction.atomic
def plan(*, from_year: AcademicYear, to_year: AcademicYear, by: User | None, at: datetime) -> Sweep:
    """Decide for every student of a year by the rules; planned again, what people decided stays."""
    if to_year.starts_on <= from_year.starts_on:
        raise saving.wrong("to_year", _("Choose the year that comes after."))
    AcademicYear.objects.lock(from_year.pk)
    sweep = Sweep.objects.filter(from_year=from_year, to_year=to_year).first()
    if sweep is None:
        sweep = Sweep(from_year=from_year, to_year=to_year, planned_by=by)
        saving.save(sweep, {"rollover_sweep_once": ("to_year", _("This sweep is planned already."))})
    sweep = Sweep.objects.lock(sweep.pk)
    _check_open(sweep)
    kept = {row.student_id: row for row in sweep.decisions.filter(is_exception=True)}
    sweep.decisions.filter(is_exception=False).delete()
    present = list(
        Enrolment.objects.filter(school_class__year=from_year, ends_on=None).select_related(
            "school_class__grade_level", "school_class__stream", "student"
        )
    )
    there = {row.student_id for row in present}
    sweep.decisions.filter(is_exception=True).exclude(student__in=there).delete()
    ladder, said = rules.Ladder(from_year, to_year), rules.verdicts(present)
    new = [_decided(sweep, row, ladder, said.get(row.student_id)) for row in present if row.student_id not in kept]
    Decision.objects.bulk_create(new, batch_size=500)
    sweep.state, sweep.reason, sweep.action, sweep.finished_at = State.PLANNED, "", None, None
    sweep.save()
    audit.record("rollover.planned", on=sweep, by=by, at=at, changes={"students": len(present), "kept": len(kept)})
    return sweep


def _decided(sweep: Sweep, row: Enrolment, ladder: rules.Ladder, verdict: rules.Verdict | None) -> Decision:
    here = row.school_class
    after = ladder.after(here.grade_level)
    outcome = verdict.outcome if verdict else Outcome.GRADUATE if after is None else Outcome.PROMOTE
    level = here.grade_level if outcome == Outcome.REPEAT else after if outcome == Outcome.PROMOTE else None
    return Decision(
        sweep=sweep, student=row.student, from_class=here, outcome=outcome,
        to_class=ladder.place(level, here) if level is not None else None,
        reason=verdict.reason[:120] if verdict else "",
    )  # fmt: skip


@transaction.atomic
def decide(*, sweep: Sweep, choices: Mapping[UUID, tuple[str, UUID | None, str]], by: User | None, at: datetime) -> int:
    """Decide for single students: outcome, class and reason by student; gives back how many are new.

    Raises DomainError naming the student's field when the class is of another year or missing.
    """
    sweep = Sweep.objects.lock(sweep.pk)
    _check_open(sweep)
    offered = {row.pk: row for row in queries.offered_classes(sweep.to_year)}
    rows = {row.student_id: row for row in sweep.decisions.filter(student__in=list(choices)).select_related("student")}
    changed: list[Decision] = []
    errors: dict[str, list[str]] = {}
    for pk, (outcome, to, reason) in choices.items():
        row = rows.get(pk)
        if row is None:
            continue
        stays = outcome in (Outcome.PROMOTE, Outcome.REPEAT)
        if outcome not in Outcome.values or (stays and to not in offered):
            errors[f"outcome-{pk}"] = [_("Choose a class of %(year)s.") % {"year": sweep.to_year.name}]
            continue
        target = to if stays else None
        if (row.outcome, row.to_class_id, row.reason) == (outcome, target, reason[:120]):
            continue
        row.outcome, row.to_class_id, row.reason, row.is_exception = outcome, target, reason[:120], True
        row.updated_at = timezone.now()
        changed.append(row)
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    Decision.objects.bulk_update(
        changed, ["outcome", "to_class", "reason", "is_exception", "updated_at"], batch_size=300
    )
    acts = [
        ("rollover.decided", row.student, {"outcome": row.outcome, "reason": row.reason, "year": sweep.to_year.name})
        for row in changed
    ]
    audit.record_many(acts, by=by, at=at)  # type: ignore[arg-type]
    return len(changed)


def _check_open(sweep: Sweep) -> None:
    if sweep.state == State.RUNNING:
        raise Conflict(_("The sweep is running."))
    if sweep.state == State.DONE and not sweep.is_undone:
        raise Conflict(_("The sweep is done. Undo it first."))


@transaction.atomic
def start(*, sweep: Sweep, by: User | None, at: datetime) -> Sweep:
    """Have the sweep carried out; raises Conflict with the reasons while something stands in its way."""
    sweep = Sweep.objects.lock(sweep.pk)
    _check_open(sweep)
    if not sweep.decisions.exists():
        raise Conflict(_("Nobody is in the plan."))
    reasons = queries.obstacles(sweep, timezone.localdate(at))
    if reasons:
        raise Conflict(reasons[0], errors={"sweep": reasons})
    said = _("%(from)s → %(to)s: %(n)d students") % {
        "from": sweep.from_year.name, "to": sweep.to_year.name, "n": sweep.decisions.count(),
    }  # fmt: skip
    sweep.action = bulk.begin(kind=KIND, said=said, by=by, at=at)
    sweep.decisions.update(is_done=False)
    sweep.state, sweep.reason, sweep.finished_at = State.RUNNING, "", None
    sweep.save()
    audit.record("rollover.started", on=sweep, by=by, at=at, changes={"what": said})
    jobs.later("rollover.carry_out", sweep_id=str(sweep.pk))
    return sweep


def carry_out(*, sweep_id: str, by: User | None, at: datetime, seconds: float = MOST_SECONDS) -> None:
    """Place the students batch by batch, each with its progress in one transaction; the rest is asked for again.

    A worker that is killed loses the batch it was in and nothing else; the next one goes on behind the last.
    """
    until = time.monotonic() + seconds
    while _one_batch(sweep_id=sweep_id, by=by, at=at):
        if time.monotonic() > until:
            with transaction.atomic():
                jobs.later("rollover.carry_out", sweep_id=sweep_id)
            return


@transaction.atomic
def _one_batch(*, sweep_id: str, by: User | None, at: datetime) -> bool:
    sweep = Sweep.objects.lock(sweep_id)
    if sweep.state != State.RUNNING or sweep.action is None:
        return False
    ledger = Ledger(sweep.action.changes)
    some = list(sweep.decisions.filter(is_done=False).select_related("to_class").order_by("pk")[:BATCH])
    if not some:
        bulk.finish(action=sweep.action, ledger=ledger, by=by, at=at)
        sweep.state, sweep.finished_at = State.DONE, at
        sweep.save()
        audit.record("rollover.done", on=sweep, by=by, at=at, changes={"students": sweep.decisions.count()})
        return False
    first = sweep.to_year.starts_on
    last = min(sweep.from_year.ends_on, first - timedelta(days=1))
    steps = [_step(row) for row in some]
    try:
        with transaction.atomic():
            promoting.take_steps(steps=steps, last_day=last, first_day=first, ledger=ledger, by=by, at=at)
    except DomainError as error:
        sweep.state, sweep.reason = State.FAILED, error.message[:300]
        sweep.save()
        return False
    ledger.settle()
    Decision.objects.filter(pk__in=[row.pk for row in some]).update(is_done=True)
    sweep.save()
    return True


def _step(row: Decision) -> promoting.Step:
    exit_code, entry_code = _CODES[row.outcome]
    return promoting.Step(row.student_id, exit_code, entry_code, row.to_class)


@transaction.atomic
def go_on(*, sweep: Sweep, by: User | None, at: datetime) -> Sweep:
    """Take a stopped sweep up again behind its last batch."""
    sweep = Sweep.objects.lock(sweep.pk)
    if sweep.state != State.FAILED:
        raise Conflict(_("This sweep does not wait for anybody."))
    sweep.state, sweep.reason = State.RUNNING, ""
    sweep.save()
    audit.record("rollover.continued", on=sweep, by=by, at=at)
    jobs.later("rollover.carry_out", sweep_id=str(sweep.pk))
    return sweep
