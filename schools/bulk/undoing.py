"""Taking an act back: what it created goes, what it changed or removed is as before; or nothing, and why is told."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from schools.bulk.ledger import kept_fields, kept_ties, snapshots
from schools.bulk.models import Recorded

MOST_REASONS = 8
Act = tuple[str, models.Model | None, dict[str, Any]]
Objections = Callable[[Mapping[str, Sequence[UUID]]], list[str]]


class Refused(Exception):
    """Something depends on the act; ends the transaction."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


def take_back(
    changes: Sequence[Recorded], *, objections: Sequence[Objections] = (), by: audit.Actor | None, at: datetime
) -> None:
    """Undo these changes, given last first, inside the caller's transaction; raises Refused and then nothing stays."""
    _ask(objections, changes)
    for model, some in _by_model(changes):
        _check_unchanged(model, some)
    acts: list[Act] = []
    for model, some in _by_model(changes):
        created = [change for change in some if change.before is None]
        changed = [change for change in some if change.before is not None and change.after is not None]
        # What came goes first: it may hold the place that a changed record had.
        _remove(model, created, by=by, at=at)
        acts += _restore(model, changed)
    # What was removed comes last, a changed record may hold its place until now; references are checked at the end.
    acts += _bring_back([change for change in changes if change.after is None])
    audit.record_many(acts, by=by, at=at)


def _by_model(changes: Sequence[Recorded]) -> Iterator[tuple[type[models.Model], list[Recorded]]]:
    """The changes of each model, last created model first: what refers to something goes before it."""
    grouped: dict[str, list[Recorded]] = {}
    last: dict[str, int] = defaultdict(lambda: 1 << 60)
    for change in changes:
        grouped.setdefault(change.model, []).append(change)
        if change.before is None:
            last[change.model] = min(last[change.model], change.number)
    for label in sorted(grouped, key=lambda one: -last[one]):
        yield apps.get_model(label), grouped[label]


def _ask(objections: Sequence[Objections], changes: Sequence[Recorded]) -> None:
    ids: dict[str, list[UUID]] = defaultdict(list)
    for change in changes:
        ids[change.model].append(change.object_id)
    said = [reason for object_to in objections for reason in object_to(ids)]
    if said:
        raise Refused(said[:MOST_REASONS])


def _check_unchanged(model: type[models.Model], some: Sequence[Recorded]) -> None:
    now = snapshots(model, [change.object_id for change in some])
    back = [change for change in some if change.after is None and change.object_id in now]
    left = [change for change in some if change.after is not None]
    gone = [change for change in left if change.object_id not in now]
    other = [change for change in left if change.object_id in now and not _same(now[change.object_id], change.after)]
    reasons = [
        _("%(what)s that the action touched is not there any more.") % {"what": kind_of(model)} for _change in gone[:1]
    ]
    reasons += [
        _("%(what)s that the action removed is there again.") % {"what": kind_of(model)} for _change in back[:1]
    ]
    found = model._default_manager.filter(pk__in=[change.object_id for change in other[:MOST_REASONS]])
    reasons += [_("%(what)s “%(name)s” was changed later.") % {"what": kind_of(model), "name": one} for one in found]
    if reasons:
        more = len(other) + len(gone) + len(back) - len(reasons)
        if more > 0:
            reasons.append(_("And %(n)d more.") % {"n": more})
        raise Refused(reasons)


def _same(now: Mapping[str, Any], after: Mapping[str, Any] | None) -> bool:
    """Whether a record stands as the act left it; a column that a later release added was not kept, and may differ."""
    return after is not None and all(now[name] == value for name, value in after.items() if name in now)


def _restore(model: type[models.Model], some: Sequence[Recorded]) -> list[Act]:
    """Give changed records their values back; gives back what is to be told of each."""
    if not some:
        return []
    fields = {one.attname: one for one in kept_fields(model)}
    ties = {one.name for one in kept_ties(model)}
    rows = {row.pk: row for row in model._default_manager.filter(pk__in=[change.object_id for change in some])}
    acts: list[Act] = []
    touched: set[str] = set()
    for change in some:
        row, before, after = rows[change.object_id], change.before or {}, change.after or {}
        different = {
            name: [after.get(name), before[name]]
            for name in before
            if before[name] != after.get(name) and (name in fields or name in ties)
        }
        for name in different:
            if name in ties:
                getattr(row, name).set(before[name])
                continue
            setattr(row, name, _value(fields[name], before[name]))
            touched.add(fields[name].name)
        if hasattr(row, "updated_at"):
            row.updated_at = timezone.now()
        acts.append((f"{model._meta.model_name}.restored", row, different))
    extra = ["updated_at"] if "updated_at" in {one.name for one in model._meta.concrete_fields} else []
    if touched:
        model._default_manager.bulk_update(list(rows.values()), [*sorted(touched), *extra], batch_size=300)
    return acts


def _bring_back(removed: Sequence[Recorded]) -> list[Act]:
    """Write what was removed again, under its id: first removed last, so that what is referred to comes first."""
    acts: list[Act] = []
    grouped: dict[str, list[Recorded]] = {}
    for change in removed:
        grouped.setdefault(change.model, []).append(change)
    for label, some in grouped.items():
        model = apps.get_model(label)
        fields = {one.attname: one for one in kept_fields(model)}
        rows = []
        for change in some:
            held = change.before or {}
            rows.append(model(pk=change.object_id, **{n: _value(fields[n], held[n]) for n in fields if n in held}))
        model._default_manager.bulk_create(rows, batch_size=500)
        for row, change in zip(rows, some, strict=True):
            for tie in kept_ties(model):
                getattr(row, tie.name).set((change.before or {}).get(tie.name, []))
        acts += [(f"{model._meta.model_name}.brought_back", row, {}) for row in rows]
    return acts


def _value(field: "models.Field[Any, Any]", held: Any) -> Any:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return None if held is None else target.to_python(held)


def _remove(model: type[models.Model], some: Sequence[Recorded], *, by: audit.Actor | None, at: datetime) -> None:
    """Delete what the act created, refusing as soon as anything else refers to it."""
    if not some:
        return
    # With what each refers to: the trail names every row, and names are made of those.
    refers = [one.name for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    found = model._default_manager.filter(pk__in=[change.object_id for change in some])
    rows = list(found.select_related(*refers) if refers else found)
    collector = Collector(using="default")
    try:
        collector.collect(rows)
    except (ProtectedError, RestrictedError) as error:
        blocking = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        raise Refused(_dependents(model, list(blocking))) from None
    own = {tie.remote_field.through for tie in kept_ties(model)}
    others: list[models.Model] = [
        one for kind, those in collector.data.items() if kind is not model and kind not in own for one in those
    ]
    for those in collector.fast_deletes:
        if those.model not in own:
            others += [one for one in list(those[:MOST_REASONS]) if not isinstance(one, model)]
    updates: Any = collector.field_updates  # lists of rows whose reference would be emptied; the stubs call them rows
    for groups in updates.values():
        for group in groups:
            others += list(group)[:MOST_REASONS]
    if others:
        raise Refused(_dependents(model, others))
    audit.record_many(
        [(f"{model._meta.model_name}.taken_back", row, {"record": [str(row), None]}) for row in rows], by=by, at=at
    )
    model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def _dependents(model: type[models.Model], others: Sequence[models.Model]) -> list[str]:
    return [
        _("%(what)s “%(name)s” came later and depends on it (%(kind)s).")
        % {"what": kind_of(type(one)), "name": one, "kind": kind_of(model).lower()}
        for one in others[:MOST_REASONS]
    ]


def kind_of(model: type[models.Model]) -> str:
    """What a record is, as a sentence begins."""
    return str(model._meta.verbose_name).capitalize()
