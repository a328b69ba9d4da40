"""Every write of a person's record: checked, locked, saved and audited in one transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import clock, saving, text
from core.errors import Conflict, DomainError, Stale
from identity.models import User
from schools.people import choices
from schools.people.models import Guardian, Guardianship, Household, Person, Staff, Student, StudentIdentifier

By = audit.Actor | None
EARLIEST = date(1920, 1, 1)
MOST_GUARDIANS = 12


class StudentFacts(TypedDict, total=False):
    """What may be said of a student."""

    admission_number: str
    first_name: str
    middle_name: str
    last_name: str
    date_of_birth: date | None
    sex: str
    status: str
    boarding: str
    admitted_on: date | None
    left_on: date | None
    nationality: str
    county: str
    household: Household | None
    user: User | None


class GuardianFacts(TypedDict, total=False):
    """What may be said of a guardian."""

    first_name: str
    middle_name: str
    last_name: str
    phone: str
    email: str
    language: str
    household: Household | None
    user: User | None


class StaffFacts(TypedDict, total=False):
    """What may be said of a member of staff."""

    staff_number: str
    first_name: str
    middle_name: str
    last_name: str
    tsc_number: str
    sex: str
    job_title: str
    phone: str
    email: str
    employed_on: date | None
    status: str
    user: User | None


class HouseholdFacts(TypedDict, total=False):
    """What may be said of a household."""

    name: str
    address: str
    town: str
    county: str
    phone: str


class Rights(TypedDict, total=False):
    """What a guardian is to a student, and may do."""

    relationship: str
    call_order: int
    sees_portal: bool
    may_collect: bool
    gets_messages: bool


# Students


@transaction.atomic
def admit(*, by: By, at: datetime, **facts: Unpack[StudentFacts]) -> Student:
    """Put a student on the roll; raises DomainError naming fields, Conflict on a taken admission number."""
    student = Student()
    _set(student, facts)
    if student.admitted_on is None:
        student.admitted_on = timezone.localdate(at)
    _save_student(student)
    said = {name: [None, _said(getattr(student, name))] for name in facts if getattr(student, name) not in ("", None)}
    audit.record("student.admitted", on=student, by=by, at=at, changes=said)
    return student


@transaction.atomic
def change_student(
    *, student: Student, by: By, at: datetime, expected: str = "", **facts: Unpack[StudentFacts]
) -> Student:
    """Change what is said of a student; raises Stale when `expected` is not the row's version any more."""
    student = Student.objects.lock(student.pk)
    _check_version(student, expected)
    changes = _set(student, facts)
    if changes:
        _save_student(student)
        audit.record("student.changed", on=student, by=by, at=at, changes=changes)
    return student


@transaction.atomic
def end_student(*, student: Student, status: str, on: date, by: By, at: datetime) -> Student:
    """Note that a student left or graduated, with the last day."""
    if status not in (choices.StudentStatus.LEFT, choices.StudentStatus.GRADUATED):
        raise _wrong("status", _("Choose left or graduated."))
    return change_student(student=student, status=status, left_on=on, by=by, at=at)


def _save_student(student: Student) -> None:
    _check_student(student)
    others = Student.objects.filter(admission_key=student.admission_key).exclude(pk=student.pk)
    taken_by = others.values_list("admission_number", flat=True).first()
    if taken_by is not None:
        raise saving.conflict("admission_number", _("Another student has this admission number."))
    saving.save(
        student, {"people_student_admission": ("admission_number", _("Another student has this admission number."))}
    )


def _check_student(student: Student) -> None:
    """What must hold of a student by themselves; whether the number is taken is for whoever saves."""
    errors: dict[str, list[str]] = {}
    if not text.match_form(student.admission_number):
        errors["admission_number"] = [_("Give the admission number, with letters or digits.")]
    _check_dates(errors, student, "date_of_birth", "admitted_on", "left_on")
    born, joined, left = student.date_of_birth, student.admitted_on, student.left_on
    if isinstance(born, date) and born > clock.today():
        errors["date_of_birth"] = [_("The date of birth is in the future.")]
    if isinstance(born, date) and isinstance(joined, date) and joined <= born:
        errors["admitted_on"] = [_("This is before the student was born.")]
    if isinstance(joined, date) and isinstance(left, date) and left < joined:
        errors["left_on"] = [_("This is before the student was admitted.")]
    _check(student, errors)
    student.refresh_search()


@transaction.atomic
def note_export(*, rows: int, asked: str, by: By, at: datetime) -> None:
    """Note that a list of students left the school as a file."""
    audit.record("students.exported", by=by, at=at, changes={"rows": rows, "asked": asked[:300]})


# Official numbers


@transaction.atomic
def add_identifier(
    *,
    student: Student,
    type: str,  # noqa: A002 - the field's own word
    value: str,
    by: By,
    at: datetime,
    issued_on: date | None = None,
    verified: bool = False,
) -> StudentIdentifier:
    """Note a number that others know the student by; raises Conflict when another student has it."""
    student = Student.objects.lock(student.pk)
    row = StudentIdentifier(student=student, type=type, issued_on=issued_on, verified=verified)
    row.value = text.squash(_printable(value))
    _save_identifier(row)
    audit.record("identifier.added", on=student, by=by, at=at, changes={row.type: [None, row.value]})
    return row


@transaction.atomic
def change_identifier(
    *,
    identifier: StudentIdentifier,
    value: str,
    by: By,
    at: datetime,
    issued_on: date | None = None,
    verified: bool | None = None,
) -> StudentIdentifier:
    """Correct a number, or note that it was seen on paper."""
    row = StudentIdentifier.objects.lock(identifier.pk)
    changes = _set(row, {"value": value, "issued_on": issued_on or row.issued_on})
    if verified is not None and verified != row.verified:
        changes["verified"] = [row.verified, verified]
        row.verified = verified
    if changes:
        _save_identifier(row)
        if "value" in changes:
            changes[row.type] = changes.pop("value")
        audit.record("identifier.changed", on=row.student, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_identifier(*, identifier: StudentIdentifier, by: By, at: datetime) -> None:
    """Forget a number."""
    row = StudentIdentifier.objects.lock(identifier.pk)
    audit.record("identifier.removed", on=row.student, by=by, at=at, changes={row.type: [row.value, None]})
    row.delete()


def _save_identifier(row: StudentIdentifier) -> None:
    errors: dict[str, list[str]] = {}
    match = text.match_form(row.value)
    if not match:
        errors["value"] = [_("Give the number, with letters or digits.")]
    _check_dates(errors, row, "issued_on")
    _check(row, errors)
    if StudentIdentifier.objects.filter(type=row.type, match=match).exclude(pk=row.pk).exists():
        raise saving.conflict("value", _("Another student has this number."))
    saving.save(row, {"people_identifier_once": ("value", _("Another student has this number."))})


# Households


@transaction.atomic
def open_household(*, by: By, at: datetime, **facts: Unpack[HouseholdFacts]) -> Household:
    """Begin a household."""
    household = Household()
    _set(household, facts)
    _save_household(household)
    audit.record("household.opened", on=household, by=by, at=at, changes={"name": [None, household.name]})
    return household


@transaction.atomic
def change_household(
    *, household: Household, by: By, at: datetime, expected: str = "", **facts: Unpack[HouseholdFacts]
) -> Household:
    """Change a household's name, address or phone."""
    household = Household.objects.lock(household.pk)
    _check_version(household, expected)
    changes = _set(household, facts)
    if changes:
        _save_household(household)
        audit.record("household.changed", on=household, by=by, at=at, changes=changes)
    return household


def _save_household(household: Household) -> None:
    errors: dict[str, list[str]] = {}
    _check_phone(errors, household)
    _check(household, errors)
    saving.save(household, {})


@transaction.atomic
def settle(*, student: Student, facts: HouseholdFacts, by: By, at: datetime) -> Household:
    """Begin a household for a student and those guardians of theirs who have none."""
    household = open_household(by=by, at=at, **facts)
    change_student(student=student, household=household, by=by, at=at)
    for tie in Guardianship.objects.filter(student=student, guardian__household=None).select_related("guardian"):
        change_guardian(guardian=tie.guardian, household=household, by=by, at=at)
    return household


# Guardians


@transaction.atomic
def add_guardian(*, by: By, at: datetime, **facts: Unpack[GuardianFacts]) -> Guardian:
    """Note an adult who answers for students."""
    guardian = Guardian()
    _set(guardian, facts)
    _save_guardian(guardian)
    said = {name: [None, _said(getattr(guardian, name))] for name in facts if getattr(guardian, name) not in ("", None)}
    audit.record("guardian.added", on=guardian, by=by, at=at, changes=said)
    return guardian


@transaction.atomic
def change_guardian(
    *, guardian: Guardian, by: By, at: datetime, expected: str = "", **facts: Unpack[GuardianFacts]
) -> Guardian:
    """Change what is said of a guardian."""
    guardian = Guardian.objects.lock(guardian.pk)
    _check_version(guardian, expected)
    changes = _set(guardian, facts)
    if changes:
        _save_guardian(guardian)
        audit.record("guardian.changed", on=guardian, by=by, at=at, changes=changes)
    return guardian


@transaction.atomic
def find_or_add_guardian(*, first_name: str, last_name: str, phone: str, by: By, at: datetime) -> Guardian:
    """The guardian who has this phone and first name, or a new one: a family's second child brings nobody new."""
    number = _phone_or_as_typed(text.squash(phone))
    wanted = text.search_form(first_name)
    for known in Guardian.objects.filter(phone=number) if number else ():
        if text.search_form(known.first_name) == wanted:
            return known
    return add_guardian(first_name=first_name, last_name=last_name, phone=phone, by=by, at=at)


def _save_guardian(guardian: Guardian) -> None:
    errors: dict[str, list[str]] = {}
    _check_phone(errors, guardian)
    _check(guardian, errors)
    saving.save(guardian, {"user_id": ("user", _("This account belongs to another guardian."))})


@transaction.atomic
def link(*, student: Student, guardian: Guardian, by: By, at: datetime, **rights: Unpack[Rights]) -> Guardianship:
    """Tie a guardian to a student; raises Conflict when they are tied already. Without a call order: called last."""
    student = Student.objects.lock(student.pk)
    ties = list(Guardianship.objects.filter(student=student))
    if any(tie.guardian_id == guardian.pk for tie in ties):
        raise saving.conflict(
            "guardian", _("%(name)s is a guardian of this student already.") % {"name": guardian.full_name}
        )
    if len(ties) >= MOST_GUARDIANS:
        raise Conflict(_("A student has at most %(n)s guardians.") % {"n": MOST_GUARDIANS})
    tie = Guardianship(student=student, guardian=guardian)
    tie.call_order = max((t.call_order for t in ties), default=0) + 1
    _set(tie, rights)
    _check(tie, {})
    saving.save(tie, {"people_guardianship_once": ("guardian", _("This guardian is tied already."))})
    audit.record("guardianship.added", on=student, by=by, at=at, changes={"guardian": [None, str(tie)]})
    return tie


@transaction.atomic
def add_guardian_of(*, student: Student, facts: GuardianFacts, rights: Rights, by: By, at: datetime) -> Guardianship:
    """Note a new guardian and tie them to a student, or neither."""
    return link(student=student, guardian=add_guardian(by=by, at=at, **facts), by=by, at=at, **rights)


@transaction.atomic
def change_rights(
    *, guardianship: Guardianship, by: By, at: datetime, expected: str = "", **rights: Unpack[Rights]
) -> Guardianship:
    """Change what a guardian is to a student, or may do."""
    tie = Guardianship.objects.lock(guardianship.pk)
    _check_version(tie, expected)
    changes = _set(tie, rights)
    if changes:
        _check(tie, {})
        saving.save(tie, {})
        audit.record(
            "guardianship.changed",
            on=tie.student,
            by=by,
            at=at,
            changes={"guardian": tie.guardian.full_name, **changes},
        )
    return tie


@transaction.atomic
def unlink(*, guardianship: Guardianship, by: By, at: datetime) -> None:
    """Untie a guardian from a student."""
    tie = Guardianship.objects.lock(guardianship.pk)
    audit.record("guardianship.removed", on=tie.student, by=by, at=at, changes={"guardian": [str(tie), None]})
    tie.delete()


# Staff


@transaction.atomic
def employ(*, by: By, at: datetime, **facts: Unpack[StaffFacts]) -> Staff:
    """Note somebody who works at the school; raises Conflict on a taken staff number."""
    staff = Staff()
    _set(staff, facts)
    _save_staff(staff)
    said = {name: [None, _said(getattr(staff, name))] for name in facts if getattr(staff, name) not in ("", None)}
    audit.record("staff.added", on=staff, by=by, at=at, changes=said)
    return staff


@transaction.atomic
def change_staff(*, staff: Staff, by: By, at: datetime, expected: str = "", **facts: Unpack[StaffFacts]) -> Staff:
    """Change what is said of a member of staff."""
    staff = Staff.objects.lock(staff.pk)
    _check_version(staff, expected)
    changes = _set(staff, facts)
    if changes:
        _save_staff(staff)
        audit.record("staff.changed", on=staff, by=by, at=at, changes=changes)
    return staff


def _save_staff(staff: Staff) -> None:
    errors: dict[str, list[str]] = {}
    _check_phone(errors, staff)
    _check_dates(errors, staff, "employed_on")
    _check(staff, errors)
    others = Staff.objects.exclude(pk=staff.pk)
    if others.filter(staff_number__iexact=staff.staff_number).exists():
        raise saving.conflict("staff_number", _("Another member of staff has this number."))
    saving.save(
        staff,
        {
            "people_staff_number": ("staff_number", _("Another member of staff has this number.")),
            "user_id": ("user", _("This account belongs to somebody else.")),
        },
    )


# What all of them share


def _set(row: models.Model, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Put the tidied facts on a row; gives back field → [before, after] of those that differ."""
    changes: dict[str, list[Any]] = {}
    for name, value in facts.items():
        if isinstance(value, str):
            value = text.squash(_printable(value))
        if name == "email" and isinstance(value, str):
            value = value.lower()
        if name == "phone" and isinstance(value, str):
            value = _phone_or_as_typed(value)
        before = getattr(row, name)
        if before == value:
            continue
        if isinstance(row, Person | Guardianship | Household | StudentIdentifier):
            changes[name] = [_said(before), _said(value)]
        setattr(row, name, value)
    return changes


def _said(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def _printable(value: str) -> str:
    """Without NUL and other characters that no name holds, and that PostgreSQL may refuse."""
    return "".join(c if c.isprintable() else " " for c in value)


def _phone_or_as_typed(value: str) -> str:
    try:
        return text.phone(value) if value else ""
    except ValueError:
        return value


def _check_phone(errors: dict[str, list[str]], row: Guardian | Staff | Household) -> None:
    if row.phone and not (row.phone.startswith("+") and row.phone[1:].isdigit()):
        errors["phone"] = [_("This is not a phone number. Write it like 0722 418 093, or with + and the country.")]


def _check_dates(errors: dict[str, list[str]], row: models.Model, *names: str) -> None:
    for name in names:
        value = getattr(row, name)
        if isinstance(value, date) and value < EARLIEST:
            errors[name] = [_("This date is too long ago.")]


def _check(row: models.Model, errors: dict[str, list[str]]) -> None:
    """Django's own field checks and ours, raised together."""
    try:
        row.full_clean(validate_unique=False, validate_constraints=False, exclude=list(errors))
    except ValidationError as error:
        errors.update(DomainError.from_validation(error).errors)
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)


def _check_version(row: Any, expected: str) -> None:
    if expected and row.version != expected:
        raise Stale(_("Somebody changed this in the meantime. Look at it again, then save."))


def _wrong(name: str, message: str) -> DomainError:
    return DomainError(message, errors={name: [message]})
