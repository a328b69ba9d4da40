"""The people of every test: two schools, each with somebody in each role, and one operator."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core import clock, scope
from identity import accounts
from identity.models import User
from schools.academics.models import (
    AcademicYear,
    Enrolment,
    GradeLevel,
    SchoolClass,
    Stream,
    Subject,
    TeachingGroup,
    Term,
)
from schools.assessment.models import GradeBand, GradingScale
from schools.attendance.models import AbsenceReason
from schools.people.models import Guardian, Guardianship, Household, Staff, Student, StudentIdentifier
from tenants import context, provisioning
from tenants.models import School

PASSWORD = "kilimo-na-maji-26"
TODAY = date(2026, 6, 16)


@dataclass(slots=True)
class Company:
    """One school with its people, read afresh in every test."""

    school: School
    head: User
    registrar: User
    teacher: User
    other_teacher: User
    bursar: User
    guardian: User
    student: User
    teacher_staff: Staff
    other_staff: Staff
    household: Household
    rose: Guardian
    amani: Student
    zawadi: Student
    brian: Student
    year: AcademicYear
    term: Term
    east: SchoolClass
    west: SchoolClass
    maths: Subject
    maths_group: TeachingGroup
    scale: GradingScale
    sick: AbsenceReason

    @property
    def roles(self) -> dict[str, User]:
        """One user for each role."""
        return {role: getattr(self, role) for role in ("head", "registrar", "teacher", "bursar", "guardian", "student")}


@dataclass(slots=True)
class Cast:
    """Both schools and the operator."""

    mwangaza: Company
    baraka: Company
    operator: User


_NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "mwangaza": {
        "head": ("Jane", "Njeri"),
        "registrar": ("Otieno", "Okello"),
        "teacher": ("Wanjiru", "Kamau"),
        "other_teacher": ("Peter", "Otieno"),
        "bursar": ("Peter", "Mutiso"),
        "guardian": ("Rose", "Barasa"),
        "amani": ("Amani", "Barasa"),
        "zawadi": ("Zawadi", "Barasa"),
        "brian": ("Brian", "Otieno"),
    },
    "baraka": {
        "head": ("Agnes", "Chebet"),
        "registrar": ("Ruth", "Atieno"),
        "teacher": ("Lydia", "Chepkoech"),
        "other_teacher": ("Mary", "Wambui"),
        "bursar": ("John", "Mutua"),
        "guardian": ("Fatuma", "Mohamed"),
        "amani": ("Halima", "Mohamed"),
        "zawadi": ("Zainab", "Mohamed"),
        "brian": ("Faith", "Wairimu"),
    },
}
_SCHOOLS = {"mwangaza": "Mwangaza School", "baraka": "Baraka Girls' High School"}


def build() -> None:
    """Provision both schools and everybody in them; called once for a test run's template database."""
    at = clock.now()
    with context.in_public():
        accounts.create(
            username="ann.chelimo", full_name="Ann Chelimo", roles=["operator"], password=PASSWORD, by=None, at=at
        )
    for slug, name in _SCHOOLS.items():
        school = provisioning.request(
            slug=slug, name=name, head_name="", head_email="", by=None, at=at, in_background=False
        )
        school = provisioning.provision(str(school.pk), at=at)
        with context.in_school(school):
            _people(_NAMES[slug], "MWA" if slug == "mwangaza" else "BAR")


def read() -> Cast:
    """Everybody, as the template database holds them."""
    with context.in_public():
        schools = {school.slug: school for school in School.objects.all()}
        operator = User.objects.get(username="ann.chelimo")
    return Cast(_company(schools["mwangaza"]), _company(schools["baraka"]), operator)


def _company(school: School) -> Company:
    names = _NAMES[school.slug]
    with context.in_school(school):
        users = {
            role: User.objects.get(username=_username(names[role]))
            for role in ("head", "registrar", "teacher", "other_teacher", "bursar", "guardian")
        }
        students = {key: Student.objects.get(first_name=names[key][0]) for key in ("amani", "zawadi", "brian")}
        staff = {s.last_name + s.first_name: s for s in Staff.objects.all()}

        def staff_of(role: str) -> Staff:
            first, last = names[role]
            return staff[last + first]

        rose = Guardian.objects.get(first_name=names["guardian"][0])
        assert rose.household is not None
        return Company(
            school=school,
            **users,
            student=User.objects.get(username=_username(names["amani"])),
            teacher_staff=staff_of("teacher"),
            other_staff=staff_of("other_teacher"),
            household=rose.household,
            rose=rose,
            **students,
            year=AcademicYear.objects.get(name="2026"),
            term=Term.objects.get(year__name="2026", number=2),
            east=SchoolClass.objects.get(name="Grade 6 East"),
            west=SchoolClass.objects.get(name="Grade 6 West"),
            maths=Subject.objects.get(code="CAST-MAT"),
            maths_group=TeachingGroup.objects.get(name="Mathematics, Grade 6 East"),
            scale=GradingScale.objects.get(name="Cast levels"),
            sick=AbsenceReason.objects.get(code="sick"),
        )


def _username(name: tuple[str, str]) -> str:
    return f"{name[0]}.{name[1]}".lower()


def _user(name: tuple[str, str], role: str, **more: Any) -> User:
    return accounts.create(
        username=_username(name),
        full_name=" ".join(name),
        roles=[role],
        email=f"{_username(name)}@{scope.current().slug}.example",
        password=PASSWORD,
        by=None,
        at=clock.now(),
        **more,
    )


def _people(names: dict[str, tuple[str, str]], prefix: str) -> None:
    users = {role: _user(names[role], role) for role in ("head", "registrar", "teacher", "bursar")}
    users["other_teacher"] = _user(names["other_teacher"], "teacher")
    staff = {
        role: Staff.objects.create(
            first_name=names[role][0], last_name=names[role][1], staff_number=f"{prefix}-{number}", user=user
        )
        for number, (role, user) in enumerate(users.items(), start=1)
    }
    surname = names["guardian"][1]
    household = Household.objects.create(name=f"{surname} family", town="Nakuru")
    phone = "+254722418093" if prefix == "MWA" else "+254734660215"
    rose = Guardian.objects.create(
        first_name=names["guardian"][0],
        last_name=surname,
        phone=phone,
        household=household,
        user=_user(names["guardian"], "guardian", phone=phone),
    )
    amani = Student.objects.create(
        first_name=names["amani"][0],
        middle_name="Wekesa" if prefix == "MWA" else "",
        last_name=names["amani"][1],
        admission_number="A2302" if prefix == "MWA" else "B1302",
        date_of_birth=date(2015, 3, 4),
        sex="F",
        household=household,
        user=_user(names["amani"], "student"),
    )
    zawadi = Student.objects.create(
        first_name=names["zawadi"][0], last_name=names["zawadi"][1], sex="F", household=household,
        admission_number="A2577" if prefix == "MWA" else "B1577",
    )  # fmt: skip
    brian = Student.objects.create(
        first_name=names["brian"][0], last_name=names["brian"][1], sex="M",
        admission_number="A2304" if prefix == "MWA" else "B1304",
    )  # fmt: skip
    StudentIdentifier.objects.create(student=amani, type="upi", value="C7K4MX" if prefix == "MWA" else "D2P9QR")
    for child in (amani, zawadi):
        Guardianship.objects.create(student=child, guardian=rose, relationship="mother")
    _classes(staff, amani, zawadi, brian)


def _classes(staff: dict[str, Staff], amani: Student, zawadi: Student, brian: Student) -> None:
    year, _made = AcademicYear.objects.update_or_create(
        name="2026", defaults={"starts_on": date(2026, 1, 5), "ends_on": date(2026, 10, 23)}
    )
    dates = [
        (date(2026, 1, 5), date(2026, 4, 2)),
        (date(2026, 4, 27), date(2026, 7, 31)),
        (date(2026, 8, 24), date(2026, 10, 23)),
    ]
    for number, (starts, ends) in enumerate(dates, start=1):
        Term.objects.update_or_create(
            year=year,
            number=number,
            defaults={
                "name": f"Term {number}", "starts_on": starts, "ends_on": ends,
                "half_term_starts_on": None, "half_term_ends_on": None,
            },
        )  # fmt: skip
    grade = GradeLevel.objects.filter(name="Grade 6").first() or GradeLevel.objects.create(
        name="Grade 6", code="G6", order=60
    )
    streams = [
        Stream.objects.get_or_create(name=name, defaults={"order": order})[0]
        for order, name in enumerate(("East", "West"))
    ]
    east = SchoolClass.objects.create(
        year=year, grade_level=grade, stream=streams[0], name="Grade 6 East", class_teacher=staff["teacher"]
    )
    SchoolClass.objects.create(
        year=year, grade_level=grade, stream=streams[1], name="Grade 6 West", class_teacher=staff["other_teacher"]
    )
    for student in (amani, brian):
        Enrolment.objects.create(student=student, school_class=east, starts_on=date(2026, 1, 5))
    Enrolment.objects.create(
        student=zawadi, school_class=SchoolClass.objects.get(name="Grade 6 West"), starts_on=date(2026, 1, 5)
    )
    maths = Subject.objects.create(name="Mathematics", code="CAST-MAT", short_name="MAT", order=900)
    group = TeachingGroup.objects.create(year=year, subject=maths, school_class=east, name="Mathematics, Grade 6 East")
    group.teachers.add(staff["teacher"])
    scale = GradingScale.objects.create(name="Cast levels", maximum=Decimal(100))
    bands = [("EE", "Exceeding", 75, 4), ("ME", "Meeting", 41, 3), ("AE", "Approaching", 21, 2), ("BE", "Below", 0, 1)]
    for code, name, lower, points in bands:
        GradeBand.objects.create(scale=scale, code=code, name=name, lower=lower, points=points)
    AbsenceReason.objects.get_or_create(code="sick", defaults={"name": "Sick"})
