"""What is noted of one student, and the same of several."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import recording as audit
from core import saving, text
from identity.models import User
from schools.bulk import services as bulk
from schools.details import answers, queries
from schools.details.models import Details, House
from schools.people.models import Student

MOST_TAGS = 12
LONGEST_TAG = 40
_KEEP: Any = object()


@transaction.atomic
def change(
    *, student: Student, by: User | None, at: datetime, house: House | None = _KEEP,
    previous_school: str = _KEEP, tags: Sequence[str] = _KEEP, given: Mapping[str, Any] = _KEEP,
) -> Details:  # fmt: skip
    """Write what is noted; `given` holds answers by field key, and those left out stay. Raises DomainError by field."""
    student = Student.objects.lock(student.pk)
    row = queries.details_of(student)
    errors: dict[str, list[str]] = {}
    said = {"house": house, "previous_school": previous_school}
    changes = saving.put(row, {name: value for name, value in said.items() if value is not _KEEP})
    if tags is not _KEEP:
        changes |= saving.put(row, {"tags": _tags(tags, errors)})
    if given is not _KEEP:
        changes |= _answer(row, given, errors)
    saving.check(row, errors)
    if changes:
        row.save()
        audit.record("details.changed", on=student, by=by, at=at, changes=changes)
    return row


def _tags(given: Sequence[str], errors: dict[str, list[str]]) -> list[str]:
    known = {tag.casefold(): tag for tag in queries.tags()}
    tidy = [text.tidy(tag) for tag in given]
    found = {tag.casefold(): known.get(tag.casefold(), tag) for tag in tidy if tag}
    if len(found) > MOST_TAGS:
        errors["tags"] = [_("A student has at most %(n)s tags.") % {"n": MOST_TAGS}]
    if any(len(tag) > LONGEST_TAG for tag in found):
        errors["tags"] = [_("A tag has at most %(n)s characters.") % {"n": LONGEST_TAG}]
    return sorted(found.values(), key=str.casefold)


def _answer(row: Details, given: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    fields = {field.key: field for field in queries.asked()}
    held, changes = dict(row.answers), {}
    for key, value in given.items():
        field = fields.get(key)
        if field is None:
            errors[key] = [_("The school does not ask this.")]
            continue
        try:
            answer = answers.kept(field, value)
        except ValueError as error:
            errors[key] = [str(error)]
            continue
        if answer is None and field.required:
            errors[key] = [_("This must be answered.")]
        if answer != held.get(key):
            changes[field.label] = [answers.said(field, held.get(key)), answers.said(field, answer)]
            held[key] = answer
    row.answers = {key: answer for key, answer in held.items() if answer is not None}
    return changes


def house_several(*, students: Sequence[Student], house: House | None, by: User | None, at: datetime) -> int:
    """Put several students into a house, or into none; gives back for how many it was new. Can be undone."""
    n = len(students)
    said = (
        ngettext("%(n)s student put into %(house)s", "%(n)s students put into %(house)s", n)
        % {"n": n, "house": house.name}
        if house
        else ngettext("%(n)s student taken out of the house", "%(n)s students taken out of their houses", n) % {"n": n}
    )
    return _each(students, said, by, at, lambda row: {"house": house})


def tag_several(
    *, students: Sequence[Student], add: Sequence[str], remove: Sequence[str], by: User | None, at: datetime
) -> int:
    """Give several students tags and take others from them; gives back for how many it was new. Can be undone."""
    gone = {text.tidy(tag).casefold() for tag in remove}
    said = ngettext("Tags of %(n)s student changed", "Tags of %(n)s students changed", len(students))
    return _each(
        students, said % {"n": len(students)}, by, at,
        lambda row: {"tags": [*(tag for tag in row.tags if tag.casefold() not in gone), *add]},
    )  # fmt: skip


def _each(students: Sequence[Student], said: str, by: User | None, at: datetime, facts: Any) -> int:
    changed = 0
    with bulk.recorded(kind="details.change", said=said, by=by, at=at) as ledger:
        held = queries.held([student.pk for student in students])
        ledger.changing(Details, [row.pk for row in held.values()])
        # One order for everybody who changes several, so that two of them cannot wait for each other.
        for student in sorted(students, key=lambda student: student.pk):
            before = held.get(student.pk) or Details(student=student)
            row = change(student=student, by=by, at=at, **facts(before))
            if row._state.adding:
                continue
            if student.pk not in held:
                ledger.created(Details, [row.pk])
            changed += student.pk not in held or row.version != before.version
    return changed
