"""A school of 861 students for measuring: made once, by the domains' own services, in the database that is given."""

import secrets
from datetime import date, timedelta

from api import clients, scopes
from core import clock
from identity import accounts
from schools.academics import services as academics
from schools.academics.models import AcademicYear, GradeLevel, SchoolClass, Stream
from schools.attendance import services as attendance
from schools.people import services as people
from schools.people.models import Student
from tenants import context, provisioning
from tenants.models import School

SLUG = "bench"
STUDENTS = 861
CLASSES = 22


def prepare() -> tuple[School, str]:
    """The school, and an API key of its office with every scope; what is there already stays."""
    at = clock.now()
    school = provisioning.request(
        slug=SLUG, name="Bench School", head_name="", head_email="", by=None, at=at, in_background=False
    )
    school = provisioning.provision(str(school.pk), at=at)
    with context.in_school(school):
        if Student.objects.count() < STUDENTS:
            _fill()
        account = accounts.service_account(name="Bench", roles=["registrar"], by=None, at=at)
        _row, key = accounts.issue_key(user=account, name="Bench", scopes=scopes.every(), by=None, at=at)
        clients.create_client(name="Bench", scopes=scopes.every(), user=account, by=None, at=at)
    return school, key


def _fill() -> None:
    at, today = clock.now(), clock.today()
    year = AcademicYear.objects.filter(starts_on__lte=today, ends_on__gte=today).first() or _year(today)
    classes = list(SchoolClass.objects.filter(year=year)) or _classes(year)
    for number in range(Student.objects.count(), STUDENTS):
        student = people.admit(
            admission_number=f"B{number:04}",
            first_name=_NAMES[number % len(_NAMES)],
            last_name=_NAMES[(number * 7 + 3) % len(_NAMES)],
            sex="FM"[number % 2],
            date_of_birth=date(2014, 1, 1) + timedelta(days=number),
            admitted_on=max(year.starts_on, today - timedelta(days=30)),
            by=None,
            at=at,
        )
        on = student.admitted_on or today
        academics.enrol(student=student, school_class=classes[number % CLASSES], on=on, by=None, at=at)
        guardian = people.add_guardian(
            first_name=_NAMES[(number + 5) % len(_NAMES)], last_name=student.last_name, by=None, at=at
        )
        people.link(student=student, guardian=guardian, relationship="mother", by=None, at=at)
    _register(classes[0], today)


def _register(school_class: SchoolClass, today: date) -> None:
    """Take one register on the latest school day, everybody present."""
    for back in range(14):
        try:
            attendance.take(
                school_class=school_class,
                date=today - timedelta(days=back),
                session="morning",
                marks=[],
                rest_present=True,
                by=None,
                at=clock.now(),
            )
        except attendance.NotASchoolDay:
            continue
        return


def _year(today: date) -> AcademicYear:
    starts_on = today - timedelta(days=60)
    term = academics.TermPlan(name="Term 1", starts_on=starts_on, ends_on=today + timedelta(days=30))
    return academics.open_year(
        name=f"{today.year} {secrets.token_hex(2)}",
        starts_on=starts_on,
        ends_on=today + timedelta(days=200),
        terms=[term],
        by=None,
        at=clock.now(),
    )


def _classes(year: AcademicYear) -> list[SchoolClass]:
    at = clock.now()
    levels = list(GradeLevel.objects.all()[: CLASSES // 2])
    for number in range(len(levels), CLASSES // 2):
        levels.append(
            academics.add_grade_level(name=f"Level {number}", code=f"L{number}", order=100 + number, by=None, at=at)
        )
    streams = list(Stream.objects.all()[:2])
    for name in ("East", "West")[len(streams) :]:
        streams.append(academics.add_stream(name=name, by=None, at=at))
    return [
        academics.open_class(year=year, grade_level=level, stream=stream, by=None, at=at)
        for level in levels
        for stream in streams
    ]


_NAMES = (
    "Achieng", "Amani", "Barasa", "Chebet", "Cherono", "Faith", "Grace", "Hassan", "Imani", "Juma", "Kamau", "Kiprop",
    "Lokwang", "Makena", "Mutua", "Mwende", "Naliaka", "Njeri", "Nyokabi", "Ochieng", "Otieno", "Pendo", "Wafula",
    "Wanjikũ", "Zawadi",
)  # fmt: skip
