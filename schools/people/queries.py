"""What of people a user may read, and how lists of them are found."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from core import clock, storage, text
from identity import roles
from identity.models import Kind, User
from schools.people import choices, directory, policies
from schools.people.models import Guardian, Guardianship, Household, Photo, Staff, Student, StudentIdentifier

FEWEST_DIGITS = 4


def visible_to(user: User) -> QuerySet[Student]:
    """The students that a user sees: all, their classes' and groups', their own children, or themselves."""
    students = Student.objects.all()
    if policies.sees_all(user):
        return students
    mine = directory.reached_by(user)
    if user.has_role(roles.GUARDIAN):
        mine = _either(mine, Q(pk__in=children_of(user)))
    if user.has_role(roles.STUDENT):
        mine = _either(mine, Q(user=user))
    return students.filter(mine) if mine is not None else students.none()


def guardians_visible_to(user: User) -> QuerySet[Guardian]:
    """All guardians for those who see all; a teacher those of their students; a guardian only themselves."""
    guardians = Guardian.objects.all()
    if policies.sees_all(user):
        return guardians
    if user.has_role(roles.TEACHER):
        links = Guardianship.objects.filter(student__in=_reach_of(user)).values("guardian")
        return guardians.filter(Q(pk__in=links) | Q(user=user))
    return guardians.filter(user=user)


def guardianships_visible_to(user: User) -> QuerySet[Guardianship]:
    """Who answers for whom: staff for the students they see, a guardian their own ties alone."""
    ties = Guardianship.objects.select_related("guardian", "student")
    if policies.sees_all(user):
        return ties
    if user.has_role(roles.TEACHER):
        return ties.filter(Q(student__in=_reach_of(user)) | Q(guardian__user=user))
    return ties.filter(guardian__user=user)


def staff_visible_to(user: User) -> QuerySet[Staff]:
    """Colleagues for everyone who works here; others see only a record of their own."""
    staff = Staff.objects.all()
    if policies.is_staff(user) or policies.sees_all(user):
        return staff
    return staff.filter(user=user)


def identifiers_visible_to(user: User) -> QuerySet[StudentIdentifier]:
    """Official numbers of the students that a user sees, for the office and the family."""
    found = StudentIdentifier.objects.select_related("student")
    if not policies.may_see_identifiers(user) and user.kind != Kind.SERVICE:
        return found.none()
    return found if policies.sees_all(user) else found.filter(student__in=visible_to(user).order_by().values("pk"))


def households_visible_to(user: User) -> QuerySet[Household]:
    """Households for those who see all; a guardian their own."""
    households = Household.objects.all()
    if policies.sees_all(user):
        return households
    return households.filter(pk__in=Guardian.objects.filter(user=user).exclude(household=None).values("household"))


def search_students(students: QuerySet[Student], words: str) -> QuerySet[Student]:
    """Narrow to those whose names, admission number, official number or guardian's phone hold what was typed."""
    words = words.strip()[:200]
    if not words:
        return students
    found = _by_parts(words)
    key = text.match_form(words)
    digits = sum(c.isdigit() for c in key)
    if digits:
        found |= Q(admission_key__contains=key) | Q(admission_key__regex=_without_zeros(words))
        numbers = StudentIdentifier.objects.filter(Q(match=key) | Q(match__regex=_without_zeros(words)))
        found |= Q(pk__in=numbers.values("student"))
    phone = phone_part(words)
    if phone:
        found |= Q(pk__in=Guardianship.objects.filter(guardian__phone__contains=phone).values("student"))
    return students.filter(found)


def search_guardians(guardians: QuerySet[Guardian], words: str) -> QuerySet[Guardian]:
    """Narrow by names or phone."""
    words = words.strip()[:200]
    if not words:
        return guardians
    found = _by_parts(words)
    phone = phone_part(words)
    if phone:
        found |= Q(phone__contains=phone)
    if "@" in words:
        found |= Q(email__icontains=words.replace("\0", ""))
    return guardians.filter(found)


def search_households(households: QuerySet[Household], words: str) -> QuerySet[Household]:
    """Narrow by the household's name, town or phone, or by the names of those who live there."""
    words = words.strip()[:200]
    if not words:
        return households
    found = Q()
    for part in words.replace("\0", "").split()[:8]:
        found &= Q(name__icontains=part) | Q(town__icontains=part)
    phone = phone_part(words)
    if phone:
        found |= Q(phone__contains=phone)
    people = _by_parts(words)
    found |= Q(pk__in=Student.objects.filter(people, household__isnull=False).values("household"))
    found |= Q(pk__in=Guardian.objects.filter(people, household__isnull=False).values("household"))
    return households.filter(found)


def search_staff(staff: QuerySet[Staff], words: str) -> QuerySet[Staff]:
    """Narrow by names, numbers or phone."""
    words = words.strip()[:200]
    if not words:
        return staff
    found = _by_parts(words)
    phone = phone_part(words)
    if phone:
        found |= Q(phone__contains=phone)
    return staff.filter(found)


def phone_part(words: str) -> str:
    """The digits to look for when what was typed may be (part of) a phone number: without 0, 00 or +254 in front."""
    digits = "".join(c for c in words if c.isdigit() and c.isascii())
    if len(digits) < FEWEST_DIGITS or any(c.isalpha() for c in words):
        return ""
    if digits.startswith("254") and len(digits) > 9:
        return digits[3:]
    return digits.lstrip("0")


def with_guardians(students: QuerySet[Student]) -> QuerySet[Student]:
    """The same students with their guardians in call order, in one more query."""
    ties = Guardianship.objects.select_related("guardian").order_by("call_order", "pk")
    return students.prefetch_related(Prefetch("guardianships", ties))


def first_guardians(student_ids: Sequence[UUID]) -> dict[UUID, Guardianship]:
    """Whom to call first, for each student."""
    ties = Guardianship.objects.filter(student__in=student_ids).select_related("guardian")
    first: dict[UUID, Guardianship] = {}
    for tie in ties.order_by("call_order", "pk"):
        first.setdefault(tie.student_id, tie)
    return first


def photo_urls(photos: Iterable[Photo], width: int = 96) -> dict[UUID, str]:
    """The JPEG's address of each usable photo, by the id of the student or member of staff."""
    found: dict[UUID, str] = {}
    for photo in photos:
        owner = photo.student_id or photo.staff_id
        address = photo_url(photo, width)
        if owner and address:
            found[owner] = address
    return found


def photo_url(photo: Photo | None, width: int = 96) -> str:
    """The address of a photo's JPEG of this width; empty when there is none to show."""
    if photo is None or photo.state != choices.PhotoState.READY:
        return ""
    path = photo.variants.get(str(width), {}).get("jpeg", "")
    return storage.url(path) if path else ""


def photo_of(person: Student | Staff) -> Photo | None:
    """The photo of a person, if one was uploaded."""
    key: dict[str, Any] = {"student": person} if isinstance(person, Student) else {"staff": person}
    return Photo.objects.filter(**key).first()


def photos_of_students(student_ids: Sequence[UUID], width: int = 96) -> dict[UUID, str]:
    """Addresses of the students' photos, in one query."""
    photos = Photo.objects.filter(student__in=student_ids, state=choices.PhotoState.READY)
    return photo_urls(photos, width)


def student_of(user: User) -> Student | None:
    """The student that an account belongs to."""
    return Student.objects.filter(user=user).first()


def guardian_of(user: User) -> Guardian | None:
    """The guardian that an account belongs to."""
    return Guardian.objects.filter(user=user).first()


def staff_of(user: User) -> Staff | None:
    """The member of staff that an account belongs to."""
    return Staff.objects.filter(user=user).first()


def _reach_of(user: User) -> QuerySet[Student]:
    mine = directory.reached_by(user)
    return Student.objects.filter(mine) if mine is not None else Student.objects.none()


def children_of(user: User) -> QuerySet[Guardianship, Any]:
    """The ids of the students whom this user sees as a guardian: the one rule of the portal."""
    ties = Guardianship.objects.filter(unrestricted(clock.today()), guardian__user=user, sees_portal=True)
    return ties.values("student")


def unrestricted(day: date) -> Q:
    """Ties that no court restricts on a day; `Guardianship.restricted_on` says the same of one."""
    over = Q(restricted_until__isnull=False, restricted_until__lt=day)  # never unknown, so that it may be shown too
    return Q(restricted_from__isnull=True) | Q(restricted_from__gt=day) | over


def _without_zeros(words: str) -> str:
    """The numbers that were meant when zeros in front are left out, or typed too many: `a7` means A007."""
    parts = text.bare_number(words).split(".")
    return "^" + "".join(f"0*{part}" if part.isdigit() else part for part in parts) + "$"


def _either(first: Q | None, second: Q) -> Q:
    return second if first is None else first | second


def _by_parts(words: str) -> Q:
    """Every part must occur somewhere in the search column; words that leave nothing to look for match nobody."""
    parts = text.search_form(words).split()
    if not parts:
        return Q(pk__in=[])
    found = Q()
    for part in parts[:8]:
        found &= Q(search__contains=part)
    return found
