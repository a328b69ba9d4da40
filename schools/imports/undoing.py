"""Taking a run back: what it created goes, what it changed is as before; or nothing happens, and why is told."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit import recording as audit
from schools.imports import registry
from schools.imports.batch import kept_fields, snapshots
from schools.imports.choices import State
from schools.imports.models import Change, Run

MOST_REASONS = 8


class _Refused(Exception):
    """Something depends on the run; ends the transaction."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


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
                _take_back(run, by=by, at=at)
                run.state, run.undone_at, run.reason = State.UNDONE, at, ""
                run.save()
                audit.record("import.undone", on=run, by=by, at=at, changes={"file": run.file_name})
        except _Refused as refused:
            with transaction.atomic():
                run = Run.objects.lock(run.pk)
                run.state, run.reason, run.undone_by = State.DONE, "\n".join(refused.reasons), None
                run.save()


def _take_back(run: Run, *, by: audit.Actor | None, at: datetime) -> None:
    changes = list(run.changes.order_by("-number"))
    _ask_the_parts(run, changes)
    for model, some in _by_model(changes):
        _check_unchanged(model, some)
    for model, some in _by_model(changes):
        created = [change for change in some if change.before is None]
        changed = [change for change in some if change.before is not None]
        _restore(model, changed, by=by, at=at)
        _remove(model, created, by=by, at=at)


def _by_model(changes: Sequence[Change]) -> Iterator[tuple[type[models.Model], list[Change]]]:
    """The changes of each model, last created model first: what refers to something goes before it."""
    grouped: dict[str, list[Change]] = {}
    last: dict[str, int] = defaultdict(lambda: 1 << 60)
    for change in changes:
        grouped.setdefault(change.model, []).append(change)
        if change.before is None:
            last[change.model] = min(last[change.model], change.number)
    for label in sorted(grouped, key=lambda one: -last[one]):
        yield apps.get_model(label), grouped[label]


def _ask_the_parts(run: Run, changes: Sequence[Change]) -> None:
    ids: dict[str, list[UUID]] = defaultdict(list)
    for change in changes:
        ids[change.model].append(change.object_id)
    said = [
        reason
        for part in registry.get(run.importer).in_order()
        if part.objections is not None
        for reason in part.objections(ids)
    ]
    if said:
        raise _Refused(said[:MOST_REASONS])


def _check_unchanged(model: type[models.Model], some: Sequence[Change]) -> None:
    now = snapshots(model, [change.object_id for change in some])
    gone = [change for change in some if change.object_id not in now]
    other = [change for change in some if change.object_id in now and now[change.object_id] != change.after]
    reasons = [
        _("%(what)s that came with the import is not there any more.") % {"what": _kind(model)}
        for _change in gone[:1]
    ]  # fmt: skip
    found = model._default_manager.filter(pk__in=[change.object_id for change in other[:MOST_REASONS]])
    reasons += [
        _("%(what)s “%(name)s” was changed after the import.") % {"what": _kind(model), "name": one} for one in found
    ]
    if reasons:
        more = len(other) + len(gone) - len(reasons)
        if more > 0:
            reasons.append(_("And %(n)d more.") % {"n": more})
        raise _Refused(reasons)


def _restore(model: type[models.Model], some: Sequence[Change], *, by: audit.Actor | None, at: datetime) -> None:
    if not some:
        return
    fields = {one.attname: one for one in kept_fields(model)}
    rows = {row.pk: row for row in model._default_manager.filter(pk__in=[change.object_id for change in some])}
    acts: list[tuple[str, models.Model | None, dict[str, Any]]] = []
    touched: set[str] = set()
    for change in some:
        row, before = rows[change.object_id], change.before or {}
        different = {name: [change.after[name], before[name]] for name in before if before[name] != change.after[name]}
        for name in different:
            field = fields[name]
            target = field.target_field if isinstance(field, models.ForeignKey) else field
            setattr(row, name, None if before[name] is None else target.to_python(before[name]))
            touched.add(field.name)
        if hasattr(row, "updated_at"):
            row.updated_at = timezone.now()
        acts.append((f"{model._meta.model_name}.restored", row, different))
    extra = ["updated_at"] if "updated_at" in {one.name for one in model._meta.concrete_fields} else []
    if touched:
        model._default_manager.bulk_update(list(rows.values()), [*sorted(touched), *extra], batch_size=300)
    audit.record_many(acts, by=by, at=at)


def _remove(model: type[models.Model], some: Sequence[Change], *, by: audit.Actor | None, at: datetime) -> None:
    """Delete what the run created, refusing as soon as anything else refers to it."""
    if not some:
        return
    rows = list(model._default_manager.filter(pk__in=[change.object_id for change in some]))
    collector = Collector(using="default")
    try:
        collector.collect(rows)
    except (ProtectedError, RestrictedError) as error:
        blocking = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        raise _Refused(_dependents(model, list(blocking))) from None
    others: list[models.Model] = [one for kind, those in collector.data.items() if kind is not model for one in those]
    for those in collector.fast_deletes:
        others += [one for one in list(those[:MOST_REASONS]) if not isinstance(one, model)]
    updates: Any = collector.field_updates  # lists of rows whose reference would be emptied; the stubs call them rows
    for groups in updates.values():
        for group in groups:
            others += list(group)[:MOST_REASONS]
    if others:
        raise _Refused(_dependents(model, others))
    audit.record_many(
        [(f"{model._meta.model_name}.taken_back", row, {"import": [str(row), None]}) for row in rows], by=by, at=at
    )
    model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def _dependents(model: type[models.Model], others: Sequence[models.Model]) -> list[str]:
    return [
        _("%(what)s “%(name)s” came later and depends on what was imported (%(kind)s).")
        % {"what": _kind(type(one)), "name": one, "kind": _kind(model).lower()}
        for one in others[:MOST_REASONS]
    ]


def _kind(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name).capitalize()
