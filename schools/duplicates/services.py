"""Merging two records of one person, and saying that two are two."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity import accounts
from identity.models import User
from schools.bulk import services as bulk
from schools.bulk.ledger import Ledger
from schools.duplicates import related
from schools.duplicates.choices import Kind, Side
from schools.duplicates.models import Different
from schools.people import services as people
from schools.people.models import Guardian, Student

MODELS: dict[str, type[Student] | type[Guardian]] = {Kind.STUDENT: Student, Kind.GUARDIAN: Guardian}
FIELDS: dict[str, tuple[str, ...]] = {
    Kind.STUDENT: (
        "first_name", "middle_name", "last_name", "admission_number", "date_of_birth", "sex", "status", "boarding",
        "admitted_on", "left_on", "nationality", "county", "household",
    ),
    Kind.GUARDIAN: ("first_name", "middle_name", "last_name", "phone", "email", "language", "household"),
}  # fmt: skip


@transaction.atomic
def tell_apart(*, kind: str, one: models.Model, other: models.Model, by: User | None, at: datetime) -> Different:
    """Note that two records are two people; they are not offered again."""
    first, second = sorted((one.pk, other.pk))
    row, new = Different.objects.get_or_create(kind=kind, first=first, second=second, defaults={"said_by": by})
    if new:
        audit.record(f"{one._meta.model_name}.told_apart", on=one, by=by, at=at, changes={"from": [None, str(other)]})
    return row


def merge(
    *, kind: str, kept: Student | Guardian, other: Student | Guardian, take: Collection[str],
    prefer: Mapping[str, str], by: User | None, at: datetime,
) -> Student | Guardian:  # fmt: skip
    """Make one record of two: `other` goes, and everything that hangs on it hangs on `kept`. Can be undone.

    `take` names the fields of which the other's value is taken; `prefer` says, by model, whose thing stays where both
    have one and they differ. Raises DomainError naming the model that nobody decided about.
    """
    model = MODELS[kind]
    if kept.pk == other.pk:
        raise saving.wrong("other", _("Choose two records."))
    wrong = set(take) - set(FIELDS[kind])
    if wrong:
        raise saving.wrong(sorted(wrong)[0], _("This is no field of the record."))
    said = _("%(name)s was written down twice and is one now") % {"name": kept.full_name}
    with bulk.recorded(kind="people.merge", said=said, by=by, at=at) as ledger:
        # One order for everybody who merges, so that two of them cannot wait for each other.
        rows = {pk: model.objects.lock(pk) for pk in sorted((kept.pk, other.pk))}
        stays, goes = rows[kept.pk], rows[other.pk]
        ledger.changing(model, [stays.pk, goes.pk])
        gone = {name: getattr(goes, name) for name in take}
        was = {"record": [_sentence(goes), None]}
        for tie in related.ties_of(model):
            _move(tie, stays, goes, prefer, ledger)
        for field in related.groups_of(model):
            _swap(field, stays, goes, ledger)
        account = _account(stays, goes, ledger, by, at)
        audit.record(f"{model._meta.model_name}.merged", on=stays, by=by, at=at, changes=was)
        _delete(goes)
        if account is not None:
            gone["user"] = account
        if gone:
            _change(stays, gone, by, at)
    return model.objects.get(pk=stays.pk)


def _sentence(person: Student | Guardian) -> str:
    return " ".join(part for part in (person.full_name, getattr(person, "admission_number", "")) if part)


def _move(tie: related.Tie, stays: models.Model, goes: models.Model, prefer: Mapping[str, str], ledger: Ledger) -> None:
    """Hang the rows on the one who stays; of what both have, one goes."""
    ledger.changing(tie.model, tie.of(goes).values_list("pk", flat=True))
    for clash in related.clashes_of(tie, stays, goes):
        side = prefer.get(tie.label, "")
        if not clash.same and side not in Side.values:
            raise saving.wrong(tie.label, _("Both have one: choose whose stays.") + f" ({tie.words})")
        loser = clash.kept if side == Side.OTHER and not clash.same else clash.other
        ledger.changing(tie.model, [loser.pk])
        _delete(loser)
    for row in tie.of(goes):
        setattr(row, tie.field.name, stays)
        row.save()


def _swap(field: Any, stays: models.Model, goes: models.Model, ledger: Ledger) -> None:
    """Put the one who stays into the groups of the other."""
    groups = list(field.model._default_manager.filter(**{field.name: goes}))
    ledger.changing(field.model, [group.pk for group in groups])
    for group in groups:
        getattr(group, field.name).add(stays)
        getattr(group, field.name).remove(goes)


def _account(
    stays: Student | Guardian, goes: Student | Guardian, ledger: Ledger, by: User | None, at: datetime
) -> User | None:
    """The account that goes over; where both have one, the other's is closed."""
    if goes.user is None:
        return None
    if stays.user is None:
        return goes.user
    ledger.changing(User, [goes.user.pk])
    accounts.deactivate(user=goes.user, by=by, at=at)
    return None


def _delete(row: Any) -> None:
    """Remove one row and no other: what still hangs on it stops the merge."""
    collector = Collector(using="default")
    try:
        collector.collect([row])
    except (ProtectedError, RestrictedError) as error:
        raise Conflict(_("Something else depends on “%(what)s”.") % {"what": row}) from error
    own = {type(row), *(field.remote_field.through for field in type(row)._meta.many_to_many)}
    hanging = [one for kind, some in collector.data.items() if kind not in own for one in some]
    hanging += [one for some in collector.fast_deletes for one in some[:1] if type(one) not in own]
    if hanging:
        raise Conflict(_("Something else depends on “%(what)s”.") % {"what": row})
    row.delete()


def _change(stays: Student | Guardian, facts: dict[str, Any], by: User | None, at: datetime) -> None:
    if isinstance(stays, Student):
        people.change_student(student=stays, by=by, at=at, **facts)
    else:
        people.change_guardian(guardian=stays, by=by, at=at, **facts)
