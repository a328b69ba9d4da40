"""Every write of the academic structure and of who belongs to which class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict, DomainError
from schools.academics import choices
from schools.academics.models import (
    AcademicYear,
    Enrolment,
    GradeLevel,
    Holiday,
    SchoolClass,
    Stream,
    Subject,
    TeachingGroup,
    Term,
)
from schools.people import services as people
from schools.people.choices import StudentStatus
from schools.people.models import Staff, Student

By = audit.Actor | None
LONGEST_YEAR = timedelta(days=550)


class ClassFull(Conflict):
    """No place is left in the class."""

    code = "class_full"

    def __init__(self, school_class: SchoolClass) -> None:
        message = _("%(name)s is full: %(n)s places.") % {"name": school_class.name, "n": school_class.capacity}
        super().__init__(message, errors={"school_class": [message]})


class AlreadyEnrolled(Conflict):
    """The student is in a class now."""

    code = "already_enrolled"

    def __init__(self, enrolment: Enrolment) -> None:
        message = _("%(student)s is in %(name)s: move instead of enrolling.") % {
            "student": enrolment.student.full_name,
            "name": enrolment.school_class.name,
        }
        super().__init__(message, errors={"student": [message]})


class NotEnrolled(Conflict):
    """The student is in no class now."""

    code = "not_enrolled"

    def __init__(self, student: Student) -> None:
        message = _("%(student)s is in no class now.") % {"student": student.full_name}
        super().__init__(message, errors={"student": [message]})


@dataclass(frozen=True, slots=True)
class TermPlan:
    """One term of a year that is about to be opened."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None = None
    half_term_ends_on: date | None = None


class TermFacts(TypedDict, total=False):
    """What may be said of a term."""

    name: str
    starts_on: date
    ends_on: date
    half_term_starts_on: date | None
    half_term_ends_on: date | None


class ClassFacts(TypedDict, total=False):
    """What may be said of a class besides what it is."""

    name: str
    class_teacher: Staff | None
    capacity: int | None
    room: str


class SubjectFacts(TypedDict, total=False):
    """What may be said of a subject."""

    name: str
    code: str
    short_name: str
    order: int
    curriculum: str
    is_active: bool


# The calendar


@transaction.atomic
def open_year(
    *, name: str, starts_on: date, ends_on: date, terms: Sequence[TermPlan], by: By, at: datetime
) -> AcademicYear:
    """Open a school year with its terms in order; raises DomainError on dates that overlap or lie outside."""
    year = AcademicYear(name=_tidy(name), starts_on=starts_on, ends_on=ends_on)
    _check_year(year)
    saving.save(year, {"academics_year_name": ("name", _("This year is open already."))})
    rows = [
        Term(
            year=year,
            number=number,
            name=_tidy(plan.name),
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            half_term_starts_on=plan.half_term_starts_on,
            half_term_ends_on=plan.half_term_ends_on,
        )
        for number, plan in enumerate(terms, 1)
    ]
    known: list[Term] = []
    for row in rows:
        _check_term(row, known)
        known.append(row)
    Term.objects.bulk_create(rows)
    said = {"terms": [f"{row.name}: {row.starts_on} – {row.ends_on}" for row in rows]}
    audit.record("year.opened", on=year, by=by, at=at, changes=said)
    return year


@transaction.atomic
def change_year(*, year: AcademicYear, starts_on: date, ends_on: date, by: By, at: datetime) -> AcademicYear:
    """Move a year's first and last day; its terms must stay inside."""
    year = AcademicYear.objects.lock(year.pk)
    changes = _set(year, {"starts_on": starts_on, "ends_on": ends_on})
    if changes:
        _check_year(year)
        outside = year.terms.exclude(starts_on__gte=starts_on, ends_on__lte=ends_on).first()
        if outside is not None:
            raise _wrong("ends_on", _("%(term)s would lie outside the year.") % {"term": outside.name})
        year.save()
        audit.record("year.changed", on=year, by=by, at=at, changes=changes)
    return year


@transaction.atomic
def drop_year(*, year: AcademicYear, by: By, at: datetime) -> None:
    """Take back a year that nothing was built on; raises Conflict when it has classes or marks."""
    year = AcademicYear.objects.lock(year.pk)
    audit.record("year.dropped", on=year, by=by, at=at)
    try:
        with transaction.atomic():
            year.terms.all().delete()
            year.delete()
    except ProtectedError:
        raise Conflict(_("%(year)s is in use and stays.") % {"year": year.name}) from None


@transaction.atomic
def change_term(*, term: Term, by: By, at: datetime, **facts: Unpack[TermFacts]) -> Term:
    """Change a term's name, dates or half-term; raises DomainError when it would overlap another or leave its year."""
    AcademicYear.objects.lock(term.year_id)
    term = Term.objects.lock(term.pk)
    changes = _set(term, facts)
    if changes:
        _check_term(term, list(term.year.terms.exclude(pk=term.pk)))
        saving.save(term, {})
        audit.record("term.changed", on=term, by=by, at=at, changes=changes)
    return term


@transaction.atomic
def add_holiday(*, name: str, starts_on: date, ends_on: date, by: By, at: datetime) -> Holiday:
    """Close the school for some days."""
    holiday = Holiday(name=_tidy(name), starts_on=starts_on, ends_on=ends_on)
    errors = {"ends_on": [_("The last day is before the first.")]} if ends_on < starts_on else {}
    _check(holiday, errors)
    holiday.save()
    audit.record("holiday.added", on=holiday, by=by, at=at, changes={"days": f"{starts_on} – {ends_on}"})
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: By, at: datetime) -> None:
    """Open the school on those days again."""
    holiday = Holiday.objects.lock(holiday.pk)
    audit.record("holiday.removed", on=holiday, by=by, at=at)
    holiday.delete()


def _check_year(year: AcademicYear) -> None:
    errors: dict[str, list[str]] = {}
    if year.ends_on <= year.starts_on:
        errors["ends_on"] = [_("The year ends before it starts.")]
    elif year.ends_on - year.starts_on > LONGEST_YEAR:
        errors["ends_on"] = [_("A school year is not that long.")]
    _check(year, errors)
    other = AcademicYear.objects.exclude(pk=year.pk).filter(starts_on__lte=year.ends_on, ends_on__gte=year.starts_on)
    found = other.first()
    if found is not None:
        raise _wrong("starts_on", _("These dates overlap the year %(name)s.") % {"name": found.name})


def _check_term(term: Term, others: Iterable[Term]) -> None:
    errors: dict[str, list[str]] = {}
    year = term.year
    if term.ends_on <= term.starts_on:
        errors["ends_on"] = [_("The term closes before it opens.")]
    elif term.starts_on < year.starts_on or term.ends_on > year.ends_on:
        errors["starts_on"] = [
            _("The term lies outside the year, %(from)s to %(to)s.") % {"from": year.starts_on, "to": year.ends_on}
        ]
    else:
        for other in others:
            if term.starts_on <= other.ends_on and other.starts_on <= term.ends_on:
                errors["starts_on"] = [_("These dates overlap %(term)s.") % {"term": other.name}]
            elif (term.number < other.number) != (term.starts_on < other.starts_on):
                errors["starts_on"] = [
                    _("This would put the term on the wrong side of %(term)s.") % {"term": other.name}
                ]
    first, last = term.half_term_starts_on, term.half_term_ends_on
    if (first is None) != (last is None):
        errors["half_term_ends_on"] = [_("Half-term needs both its first and its last day.")]
    elif first is not None and last is not None and not term.starts_on <= first <= last <= term.ends_on:
        errors["half_term_starts_on"] = [_("Half-term must lie inside the term.")]
    _check(term, errors)


# Grade levels, streams, subjects


@transaction.atomic
def add_grade_level(
    *, name: str, code: str, order: int, by: By, at: datetime, curriculum: str = choices.Curriculum.CBE
) -> GradeLevel:
    """Add a step to the school's ladder."""
    level = GradeLevel(name=_tidy(name), code=_tidy(code), order=order, curriculum=curriculum)
    _check(level, {})
    saving.save(
        level,
        {
            "academics_grade_level_code": ("code", _("Another grade level has this code.")),
            "academics_grade_level_order": ("order", _("Another grade level has this place.")),
        },
    )
    audit.record("grade_level.added", on=level, by=by, at=at, changes={"code": [None, level.code]})
    return level


@transaction.atomic
def add_stream(*, name: str, by: By, at: datetime, order: int = 0) -> Stream:
    """Add a parallel, such as East."""
    stream = Stream(name=_tidy(name), order=order)
    _check(stream, {})
    saving.save(stream, {"academics_stream_name": ("name", _("There is a stream of this name."))})
    audit.record("stream.added", on=stream, by=by, at=at)
    return stream


@transaction.atomic
def add_subject(*, by: By, at: datetime, **facts: Unpack[SubjectFacts]) -> Subject:
    """Add something that is taught."""
    subject = Subject()
    _set(subject, facts)
    _save_subject(subject)
    audit.record("subject.added", on=subject, by=by, at=at, changes={"code": [None, subject.code]})
    return subject


@transaction.atomic
def change_subject(*, subject: Subject, by: By, at: datetime, **facts: Unpack[SubjectFacts]) -> Subject:
    """Change a subject's names, order, or whether it is taught now."""
    subject = Subject.objects.lock(subject.pk)
    changes = _set(subject, facts)
    if changes:
        _save_subject(subject)
        audit.record("subject.changed", on=subject, by=by, at=at, changes=changes)
    return subject


def _save_subject(subject: Subject) -> None:
    subject.short_name = subject.short_name or subject.code
    _check(subject, {})
    if Subject.objects.filter(code__iexact=subject.code).exclude(pk=subject.pk).exists():
        raise saving.conflict("code", _("Another subject has this code."))
    saving.save(subject, {"academics_subject_code": ("code", _("Another subject has this code."))})


# Classes and teaching groups


@transaction.atomic
def open_class(
    *,
    year: AcademicYear,
    grade_level: GradeLevel,
    by: By,
    at: datetime,
    stream: Stream | None = None,
    **facts: Unpack[ClassFacts],
) -> SchoolClass:
    """Open a class of a year; its name is grade level and stream unless one is given."""
    row = SchoolClass(year=year, grade_level=grade_level, stream=stream)
    _set(row, facts)
    row.name = row.name or " ".join(part.name for part in (grade_level, stream) if part is not None)
    _check(row, {})
    saving.save(row, _CLASS_TAKEN())
    audit.record("class.opened", on=row, by=by, at=at, changes={"year": year.name})
    return row


@transaction.atomic
def change_class(*, school_class: SchoolClass, by: By, at: datetime, **facts: Unpack[ClassFacts]) -> SchoolClass:
    """Change a class's name, teacher, places or room; raises DomainError when more learners are in it than places."""
    row = SchoolClass.objects.lock(school_class.pk)
    changes = _set(row, facts)
    if changes:
        _check(row, {})
        inside = _open_in(row).count() if row.capacity is not None and "capacity" in changes else 0
        if row.capacity is not None and inside > row.capacity:
            raise _wrong("capacity", _("%(n)s learners are in the class now.") % {"n": inside})
        saving.save(row, _CLASS_TAKEN())
        audit.record("class.changed", on=row, by=by, at=at, changes=changes)
    return row


def _CLASS_TAKEN() -> dict[str, tuple[str, str]]:  # noqa: N802 - a table that is translated when it is read
    return {
        "academics_class_once": ("stream", _("This class is open already.")),
        "academics_class_name": ("name", _("Another class of the year has this name.")),
    }


@transaction.atomic
def open_teaching_group(
    *,
    year: AcademicYear,
    subject: Subject,
    by: By,
    at: datetime,
    school_class: SchoolClass | None = None,
    name: str = "",
    teachers: Sequence[Staff] = (),
    members: Sequence[Student] = (),
) -> TeachingGroup:
    """Teach a subject to a whole class, or to members chosen one by one."""
    if school_class is not None and school_class.year_id != year.pk:
        raise _wrong("school_class", _("This class belongs to another year."))
    if school_class is not None and members:
        raise _wrong("members", _("A group of a whole class has no members of its own."))
    group = TeachingGroup(year=year, subject=subject, school_class=school_class)
    group.name = _tidy(name) or f"{school_class.name if school_class else ''} {subject.name}".strip()
    _check(group, {})
    saving.save(group, {"academics_teaching_group_name": ("name", _("Another group of the year has this name."))})
    group.teachers.set(teachers)
    group.members.set(members)
    said = {"teachers": [None, [str(t) for t in teachers]], "members": [None, len(members)]}
    audit.record("teaching_group.opened", on=group, by=by, at=at, changes=said)
    return group


@transaction.atomic
def change_teaching_group(
    *,
    group: TeachingGroup,
    by: By,
    at: datetime,
    name: str | None = None,
    teachers: Sequence[Staff] | None = None,
    members: Sequence[Student] | None = None,
) -> TeachingGroup:
    """Change a group's name, teachers or members."""
    group = TeachingGroup.objects.lock(group.pk)
    changes = _set(group, {} if name is None else {"name": name})
    if name is not None and changes:
        _check(group, {})
        saving.save(group, {"academics_teaching_group_name": ("name", _("Another group of the year has this name."))})
    if members is not None and group.is_whole_class and members:
        raise _wrong("members", _("A group of a whole class has no members of its own."))
    for field, wanted in (("teachers", teachers), ("members", members)):
        if wanted is None:
            continue
        manager = getattr(group, field)
        before, after = sorted(map(str, manager.all())), sorted(map(str, wanted))
        if before != after:
            manager.set(wanted)
            changes[field] = [before, after]
    if changes:
        audit.record("teaching_group.changed", on=group, by=by, at=at, changes=changes)
    return group


@transaction.atomic
def close_teaching_group(*, group: TeachingGroup, by: By, at: datetime) -> None:
    """Take back a group that nothing was built on; raises Conflict when it has assessments."""
    group = TeachingGroup.objects.lock(group.pk)
    audit.record("teaching_group.closed", on=group, by=by, at=at)
    try:
        with transaction.atomic():
            group.delete()
    except ProtectedError:
        raise Conflict(_("%(group)s is in use and stays.") % {"group": group.name}) from None


# Who is in which class


@transaction.atomic
def enrol(
    *,
    student: Student,
    school_class: SchoolClass,
    on: date,
    by: By,
    at: datetime,
    entry_code: str = choices.EntryCode.NEW,
) -> Enrolment:
    """Place a student in a class from a day on; raises ClassFull, AlreadyEnrolled."""
    student = Student.objects.lock(student.pk)
    school_class = SchoolClass.objects.lock(school_class.pk)
    present = _open_of(student)
    if present is not None:
        raise AlreadyEnrolled(present)
    enrolment = _place(student, school_class, on, entry_code)
    if student.status in (StudentStatus.LEFT, StudentStatus.GRADUATED):
        people.change_student(student=student, status=StudentStatus.ENROLLED, left_on=None, by=by, at=at)
    audit.record("enrolment.created", on=student, by=by, at=at, changes={"class": [None, school_class.name], "on": on})
    return enrolment


@transaction.atomic
def move(*, student: Student, school_class: SchoolClass, on: date, by: By, at: datetime) -> Enrolment:
    """Move a student to another class from a day on; the day before is the last in the old one.

    A move on the very day of joining corrects the enrolment instead of leaving one of no day behind.
    """
    student = Student.objects.lock(student.pk)
    present = _open_of(student)
    if present is None:
        raise NotEnrolled(student)
    if present.school_class_id == school_class.pk:
        raise _wrong("school_class", _("%(name)s is the class now.") % {"name": school_class.name})
    school_class = SchoolClass.objects.lock(school_class.pk)
    before = present.school_class.name
    if on < present.starts_on:
        raise _wrong("on", _("The student joined the class on %(day)s.") % {"day": present.starts_on})
    if on == present.starts_on:
        _check_place(school_class, on)
        present.school_class = school_class
        present.save()
        enrolment = present
    else:
        _end(present, on - timedelta(days=1), choices.ExitCode.MOVED)
        enrolment = _place(student, school_class, on, choices.EntryCode.MOVED)
    said = {"class": [before, school_class.name], "on": on}
    audit.record("enrolment.moved", on=student, by=by, at=at, changes=said)
    return enrolment


@transaction.atomic
def move_all(*, students: Sequence[Student], school_class: SchoolClass, on: date, by: By, at: datetime) -> int:
    """Move several students to one class, or none; those who are there stay, those in no class are enrolled."""
    moved = 0
    # One order for everybody who moves several, so that two of them cannot wait for each other.
    for student in sorted(students, key=lambda student: student.pk):
        present = _open_of(student)
        if present is not None and present.school_class_id == school_class.pk:
            continue
        act = enrol if present is None else move
        act(student=student, school_class=school_class, on=on, by=by, at=at)
        moved += 1
    return moved


@transaction.atomic
def leave(*, student: Student, on: date, exit_code: str, by: By, at: datetime) -> Enrolment:
    """End a student's time in the class, `on` being the last day; those who leave the school are marked so."""
    student = Student.objects.lock(student.pk)
    present = _open_of(student)
    if present is None:
        raise NotEnrolled(student)
    if exit_code not in choices.ExitCode.values:
        raise _wrong("exit_code", _("Choose why the student leaves."))
    if on < present.starts_on:
        raise _wrong("on", _("The student joined the class on %(day)s.") % {"day": present.starts_on})
    _end(present, on, exit_code)
    said = {"class": [present.school_class.name, None], "on": on, "why": exit_code}
    audit.record("enrolment.ended", on=student, by=by, at=at, changes=said)
    if exit_code == choices.ExitCode.GRADUATED:
        people.end_student(student=student, status=StudentStatus.GRADUATED, on=on, by=by, at=at)
    elif exit_code in (choices.ExitCode.LEFT, choices.ExitCode.TRANSFER_OUT):
        people.end_student(student=student, status=StudentStatus.LEFT, on=on, by=by, at=at)
    return present


def _open_of(student: Student) -> Enrolment | None:
    return Enrolment.objects.select_related("school_class", "student").filter(student=student, ends_on=None).first()


def _open_in(school_class: SchoolClass) -> models.QuerySet[Enrolment]:
    return Enrolment.objects.filter(school_class=school_class, ends_on=None)


def _check_place(school_class: SchoolClass, on: date) -> None:
    """The class is locked by the caller, so that two cannot take its last place."""
    year = school_class.year
    if not year.starts_on <= on <= year.ends_on:
        raise _wrong("on", _("%(day)s lies outside the class's year %(year)s.") % {"day": on, "year": year.name})
    if school_class.capacity is not None and _open_in(school_class).count() >= school_class.capacity:
        raise ClassFull(school_class)


def _place(student: Student, school_class: SchoolClass, on: date, entry_code: str) -> Enrolment:
    _check_place(school_class, on)
    last = Enrolment.objects.filter(student=student, ends_on__gte=on).first()
    if last is not None:
        message = _("The student was in %(name)s until %(day)s.") % {
            "name": last.school_class.name,
            "day": last.ends_on,
        }
        raise _wrong("on", message)
    row = Enrolment(student=student, school_class=school_class, starts_on=on, entry_code=entry_code)
    _check(row, {})
    saving.save(row, {"academics_enrolment_one_open": ("student", _("The student is in a class already."))})
    return row


def _end(enrolment: Enrolment, on: date, exit_code: str) -> None:
    enrolment.ends_on, enrolment.exit_code = on, exit_code
    enrolment.save()


# What all of them share


def _tidy(value: str) -> str:
    return text.squash("".join(c if c.isprintable() else " " for c in value))


def _set(row: models.Model, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the tidied facts on a row; gives back field → [before, after] of those that differ."""
    changes: dict[str, Any] = {}
    for name, given in facts.items():
        value = _tidy(given) if isinstance(given, str) else given
        before = getattr(row, name)
        if before != value:
            changes[name] = [str(v) if isinstance(v, models.Model) else v for v in (before, value)]
            setattr(row, name, value)
    return changes


def _check(row: models.Model, errors: dict[str, list[str]]) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False, exclude=list(errors))
    except ValidationError as error:
        errors.update(DomainError.from_validation(error).errors)
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)


def _wrong(name: str, message: str) -> DomainError:
    return DomainError(message, errors={name: [message]})
