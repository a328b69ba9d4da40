"""The school's ladder, its streams and what is taught."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from schools.academics import choices
from schools.academics.models import (
    GradeLevel,
    Stream,
    Subject,
)

By = audit.Actor | None


class LevelFacts(TypedDict, total=False):
    """What may be said of a grade level."""

    name: str
    code: str
    order: int
    curriculum: str


class SubjectFacts(TypedDict, total=False):
    """What may be said of a subject."""

    name: str
    code: str
    short_name: str
    order: int
    curriculum: str
    is_active: bool


@transaction.atomic
def add_grade_level(
    *, name: str, code: str, order: int, by: By, at: datetime, curriculum: str = choices.Curriculum.CBE
) -> GradeLevel:
    """Add a step to the school's ladder."""
    level = GradeLevel(name=text.tidy(name), code=text.tidy(code), order=order, curriculum=curriculum)
    saving.check(level, {})
    saving.save(
        level,
        _level_taken(),
    )
    audit.record("grade_level.added", on=level, by=by, at=at, changes={"code": [None, level.code]})
    return level


def _level_taken() -> dict[str, tuple[str, str]]:
    return {
        "academics_grade_level_code": ("code", _("Another grade level has this code.")),
        "academics_grade_level_order": ("order", _("Another grade level has this place.")),
    }


@transaction.atomic
def add_stream(*, name: str, by: By, at: datetime, order: int = 0) -> Stream:
    """Add a parallel, such as East."""
    stream = Stream(name=text.tidy(name), order=order)
    saving.check(stream, {})
    saving.save(stream, {"academics_stream_name": ("name", _("There is a stream of this name."))})
    audit.record("stream.added", on=stream, by=by, at=at)
    return stream


@transaction.atomic
def add_subject(*, by: By, at: datetime, **facts: Unpack[SubjectFacts]) -> Subject:
    """Add something that is taught."""
    subject = Subject()
    saving.put(subject, facts)
    _save_subject(subject)
    audit.record("subject.added", on=subject, by=by, at=at, changes={"code": [None, subject.code]})
    return subject


@transaction.atomic
def change_subject(*, subject: Subject, by: By, at: datetime, **facts: Unpack[SubjectFacts]) -> Subject:
    """Change a subject's names, order, or whether it is taught now."""
    subject = Subject.objects.lock(subject.pk)
    changes = saving.put(subject, facts)
    if changes:
        _save_subject(subject)
        audit.record("subject.changed", on=subject, by=by, at=at, changes=changes)
    return subject


def _save_subject(subject: Subject) -> None:
    subject.short_name = subject.short_name or subject.code
    saving.check(subject, {})
    if Subject.objects.filter(code__iexact=subject.code).exclude(pk=subject.pk).exists():
        raise saving.conflict("code", _("Another subject has this code."))
    saving.save(subject, {"academics_subject_code": ("code", _("Another subject has this code."))})


@transaction.atomic
def change_grade_level(*, level: GradeLevel, by: By, at: datetime, **facts: Unpack[LevelFacts]) -> GradeLevel:
    """Change a grade level's names, place in the ladder or curriculum."""
    level = GradeLevel.objects.lock(level.pk)
    changes = saving.put(level, facts)
    if changes:
        saving.check(level, {})
        saving.save(level, _level_taken())
        audit.record("grade_level.changed", on=level, by=by, at=at, changes=changes)
    return level


@transaction.atomic
def change_stream(*, stream: Stream, name: str, order: int, by: By, at: datetime) -> Stream:
    """Change a stream's name or place."""
    stream = Stream.objects.lock(stream.pk)
    changes = saving.put(stream, {"name": name, "order": order})
    if changes:
        saving.check(stream, {})
        saving.save(stream, {"academics_stream_name": ("name", _("There is a stream of this name."))})
        audit.record("stream.changed", on=stream, by=by, at=at, changes=changes)
    return stream


@transaction.atomic
def remove(*, row: GradeLevel | Stream | Subject, by: By, at: datetime) -> None:
    """Take back a grade level, stream or subject that nothing was built on; raises Conflict when it is in use."""
    kind = {GradeLevel: "grade_level", Stream: "stream", Subject: "subject"}[type(row)]
    audit.record(f"{kind}.removed", on=row, by=by, at=at, changes={"name": [row.name, None]})
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        raise Conflict(_("%(name)s is in use and stays.") % {"name": row.name}) from None
