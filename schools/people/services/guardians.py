"""Guardians, and what they are to a student."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from identity.models import User
from schools.people import tidying
from schools.people.models import Guardian, Guardianship, Household, Student

By = audit.Actor | None
MOST_GUARDIANS = 12


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


class Rights(TypedDict, total=False):
    """What a guardian is to a student, and may do."""

    relationship: str
    call_order: int
    sees_portal: bool
    may_collect: bool
    gets_messages: bool
    fee_share: int


@transaction.atomic
def add_guardian(*, by: By, at: datetime, **facts: Unpack[GuardianFacts]) -> Guardian:
    """Note an adult who answers for students."""
    guardian = Guardian()
    tidying.put(guardian, facts)
    _save_guardian(guardian)
    said = tidying.said_of(guardian, facts)
    audit.record("guardian.added", on=guardian, by=by, at=at, changes=said)
    return guardian


@transaction.atomic
def change_guardian(
    *, guardian: Guardian, by: By, at: datetime, expected: str = "", **facts: Unpack[GuardianFacts]
) -> Guardian:
    """Change what is said of a guardian."""
    guardian = Guardian.objects.lock(guardian.pk)
    saving.unchanged(guardian, expected)
    changes = tidying.put(guardian, facts)
    if changes:
        _save_guardian(guardian)
        audit.record("guardian.changed", on=guardian, by=by, at=at, changes=changes)
    return guardian


@transaction.atomic
def find_or_add_guardian(*, first_name: str, last_name: str, phone: str, by: By, at: datetime) -> Guardian:
    """The guardian who has this phone and first name, or a new one: a family's second child brings nobody new."""
    number = tidying.phone_or_as_typed(text.squash(phone))
    wanted = text.search_form(first_name)
    for known in Guardian.objects.filter(phone=number) if number else ():
        if text.search_form(known.first_name) == wanted:
            return known
    return add_guardian(first_name=first_name, last_name=last_name, phone=phone, by=by, at=at)


def _save_guardian(guardian: Guardian) -> None:
    errors: dict[str, list[str]] = {}
    tidying.check_phone(errors, guardian)
    saving.check(guardian, errors)
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
    tidying.put(tie, rights)
    saving.check(tie, _share_errors(tie, ties))
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
    saving.unchanged(tie, expected)
    changes = tidying.put(tie, rights)
    if changes:
        Student.objects.lock(tie.student_id)
        others = Guardianship.objects.filter(student=tie.student_id).exclude(pk=tie.pk)
        saving.check(tie, _share_errors(tie, others))
        saving.save(tie, {})
        audit.record(
            "guardianship.changed",
            on=tie.student,
            by=by,
            at=at,
            changes={"guardian": tie.guardian.full_name, **changes},
        )
    return tie


def _share_errors(tie: Guardianship, others: Iterable[Guardianship]) -> dict[str, list[str]]:
    """The guardians of one student pay at most the whole."""
    left = 100 - sum(other.fee_share for other in others)
    if isinstance(tie.fee_share, int) and tie.fee_share > left:
        return {"fee_share": [_("The others pay so much that %(left)s %% are left.") % {"left": left}]}
    return {}


@transaction.atomic
def restrict(
    *, guardianship: Guardianship, restricted_from: date, restricted_until: date | None, restriction: str, by: By,
    at: datetime,
) -> Guardianship:  # fmt: skip
    """Note that a court keeps a guardian away from a child: no portal, no collecting, no messages while it stands."""
    tie = Guardianship.objects.lock(guardianship.pk)
    errors: dict[str, list[str]] = {}
    if restricted_until is not None and restricted_until < restricted_from:
        errors["restricted_until"] = [_("This is before the restriction begins.")]
    if not text.tidy(restriction):
        errors["restriction"] = [_("Say what the court ordered, with the case number.")]
    facts = {"restricted_from": restricted_from, "restricted_until": restricted_until, "restriction": restriction}
    changes = tidying.put(tie, facts)
    saving.check(tie, errors)
    _save_restriction(tie, "guardianship.restricted", changes, by, at)
    return tie


@transaction.atomic
def lift_restriction(*, guardianship: Guardianship, by: By, at: datetime) -> Guardianship:
    """Note that a court's restriction is over."""
    tie = Guardianship.objects.lock(guardianship.pk)
    changes = tidying.put(tie, {"restricted_from": None, "restricted_until": None, "restriction": ""})
    _save_restriction(tie, "guardianship.unrestricted", changes, by, at)
    return tie


def _save_restriction(tie: Guardianship, action: str, changes: dict[str, Any], by: By, at: datetime) -> None:
    if changes:
        tie.save()
        said = {"guardian": tie.guardian.full_name, **changes}
        audit.record(action, on=tie.student, by=by, at=at, changes=said)


@transaction.atomic
def unlink(*, guardianship: Guardianship, by: By, at: datetime) -> None:
    """Untie a guardian from a student."""
    tie = Guardianship.objects.lock(guardianship.pk)
    audit.record("guardianship.removed", on=tie.student, by=by, at=at, changes={"guardian": [str(tie), None]})
    tie.delete()
