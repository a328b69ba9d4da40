"""The steps of people and academics: student, guardians, household, care, class."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from identity.models import User
from schools.academics import services as academics
from schools.admissions import steps
from schools.admissions.models import Application
from schools.admissions.plan import Plan
from schools.people import services as people
from schools.people.choices import Boarding, IdentifierType, Relationship, Sex
from schools.people.models import Guardian, Student
from schools.records import services as records

_SEX = {"Female": Sex.FEMALE, "Male": Sex.MALE}
_BOARDING = {"Day": Boarding.DAY, "Boarder": Boarding.BOARDER}
_NUMBERS = {"birth_certificate": IdentifierType.BIRTH_CERTIFICATE, "upi": IdentifierType.UPI}


def register() -> None:
    """Called once, when the apps are ready."""
    steps.register(steps.Step("student", gettext_lazy("Student"), _student, 10))
    steps.register(steps.Step("guardians", gettext_lazy("Guardians"), _guardians, 20))
    steps.register(steps.Step("household", gettext_lazy("Household"), _household, 30))
    steps.register(steps.Step("care", gettext_lazy("Care record"), _care, 40))
    steps.register(steps.Step("enrolment", gettext_lazy("Class"), _enrol, 50))


def _of(application: Application) -> Student:
    if application.student is None:
        raise DomainError(_("The student is not there any more."))
    return application.student


def _said(application: Application, key: str) -> str:
    return str(application.answers.get(key, "")).strip()


def _student(application: Application, plan: Plan, by: User | None, at: datetime) -> str:
    born = _said(application, "date_of_birth")
    student = people.admit(
        admission_number=plan.admission_number,
        first_name=_said(application, "first_name"),
        middle_name=_said(application, "middle_name"),
        last_name=_said(application, "last_name"),
        date_of_birth=date.fromisoformat(born) if born else None,
        sex=_SEX.get(_said(application, "sex"), Sex.UNKNOWN),
        boarding=_BOARDING.get(_said(application, "boarding"), Boarding.DAY),
        nationality=_said(application, "nationality"),
        county=_said(application, "county"),
        admitted_on=plan.on,
        by=by,
        at=at,
    )
    for key, kind in _NUMBERS.items():
        if _said(application, key):
            people.add_identifier(student=student, type=kind, value=_said(application, key), by=by, at=at)
    application.student = student
    application.save()
    return f"{student.full_name}, {student.admission_number}"


def _guardians(application: Application, plan: Plan, by: User | None, at: datetime) -> str:
    """Who is known by phone and first name is not noted twice: a sibling's guardians are found again."""
    student, named = _of(application), []
    for prefix in ("guardian", "guardian2"):
        first = _said(application, f"{prefix}_first_name")
        if not first:
            continue
        guardian = people.find_or_add_guardian(
            first_name=first, last_name=_said(application, f"{prefix}_last_name"),
            phone=_said(application, f"{prefix}_phone"), by=by, at=at,
        )  # fmt: skip
        email = _said(application, f"{prefix}_email")
        if email and not guardian.email:
            guardian = people.change_guardian(guardian=guardian, email=email, by=by, at=at)
        relationship = _said(application, f"{prefix}_relationship").lower()
        if relationship not in Relationship.values:
            relationship = Relationship.GUARDIAN
        people.link(student=student, guardian=guardian, relationship=relationship, by=by, at=at)
        named.append(guardian.full_name)
    return ", ".join(named) or _("None named")


def _household(application: Application, plan: Plan, by: User | None, at: datetime) -> str:
    student = _of(application)
    known = Guardian.objects.filter(guardianships__student=student).exclude(household=None).first()
    if known is not None and known.household is not None:
        people.change_student(student=student, household=known.household, by=by, at=at)
        return _("With the family: %(name)s") % {"name": known.household.name}
    name = student.last_name or student.first_name
    household = people.settle(
        student=student, by=by, at=at,
        facts={
            "name": _("%(name)s family") % {"name": name}, "address": _said(application, "address"),
            "town": _said(application, "town"),
        },
    )  # fmt: skip
    return household.name


def _care(application: Application, plan: Plan, by: User | None, at: datetime) -> str:
    facts = {key: _said(application, key) for key in ("conditions", "allergies", "need_note")}
    if not any(facts.values()):
        return _("Nothing was said")
    records.change_care(student=_of(application), by=by, at=at, **facts)
    return _("Taken over from the application")


def _enrol(application: Application, plan: Plan, by: User | None, at: datetime) -> str:
    academics.enrol(student=_of(application), school_class=plan.school_class, on=plan.on, by=by, at=at)
    return plan.school_class.name
