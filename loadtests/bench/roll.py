"""make bench-roll: what finding and listing cost in a school of five thousand students."""

import logging
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import brotli

from loadtests.bench.figures import PAGE, Figure, keep, section

STUDENTS, PER_CLASS, TIMES = 5000, 50, 40
TITLE = "A school of five thousand students"
SEARCHES = {
    "two names": "/search/?q=wanjiku+ot",
    "an admission number": "/search/?q=A4321",
    "a part of a guardian's phone": "/search/?q=0722+4321",
    "a name that nobody has": "/search/?q=xavierenko",
}
LISTS = {
    "the student list": "/students/",
    "its last page": "/students/?page=200",
    "narrowed to one word": "/students/?q=otieno",
    "guardians": "/guardians/",
}


def main() -> int:
    """Measure, print, and keep it in docs/performance.md; 1 when a promise is missed."""
    head = _set_up()
    logging.disable(logging.INFO)
    figures = [Figure("students, each with a guardian", STUDENTS, None, "")]
    for what, path in SEARCHES.items():
        median, _size = _asked(head, path)
        figures.append(Figure(f"find anything: {what}, median of the whole answer", median, 50, "ms"))
    for what, path in LISTS.items():
        median, size = _asked(head, path)
        figures.append(Figure(f"{what}: median of the whole answer", median, None, "ms"))
        figures.append(Figure(f"{what}: HTML in Brotli", size, 12, "KB"))
    table = section(TITLE, "make bench-roll", figures)
    print(table)
    keep(PAGE, TITLE, table)
    return 0 if all(figure.kept for figure in figures) else 1


def _asked(browser: Any, path: str) -> tuple[float, float]:
    """Median milliseconds of an answer, and its kilobytes on the wire."""
    spent, body = [], b""
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = browser.get(path)
        spent.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}.")
        body = answer.content
    return statistics.median(spent), len(brotli.compress(body, quality=5)) / 1024


def _set_up() -> Any:
    """The school, its roll, and a browser in which its head is signed in."""
    sys.path.insert(1, "platform")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib import auth
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from core import clock, scope
    from identity import accounts
    from identity.middleware import SCHOOL_KEY
    from tenants import context, provisioning

    print("Tables ...", flush=True)
    call_command("migrate_shared", verbosity=0)
    at = clock.now()
    school = provisioning.request(
        slug="large", name="Large School", head_name="", head_email="", by=None, at=at, in_background=False
    )
    school = provisioning.provision(str(school.pk), at=at)
    browser = Client(HTTP_HOST=f"large.{settings.PLATFORM_DOMAIN}")
    with context.in_school(school):
        print(f"{STUDENTS:,} students ...", flush=True)
        _roll(at.date())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        head = accounts.create(username="head", full_name="Agnes Head", roles=["head"], password="", by=None, at=at)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[auth.SESSION_KEY] = str(head.pk)
        session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[auth.HASH_SESSION_KEY] = head.get_session_auth_hash()
        session[SCHOOL_KEY] = scope.current().id
        session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return browser


def _roll(today: date) -> None:
    """Students of invented names in classes of fifty, each with a guardian who has a phone."""
    from schools.academics.models import AcademicYear, Enrolment, GradeLevel, SchoolClass, Stream
    from schools.people.models import Guardian, Guardianship, Student

    year = AcademicYear.objects.create(
        name="Bench", starts_on=today - timedelta(days=100), ends_on=today + timedelta(days=200)
    )
    levels = [GradeLevel.objects.create(name=f"Level {n}", code=f"L{n}", order=900 + n) for n in range(10)]
    streams = [Stream.objects.create(name=f"Stream {n}", order=n) for n in range(STUDENTS // PER_CLASS // len(levels))]
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(year=year, grade_level=level, stream=stream, name=f"{level.name} {stream.name}")
        for level in levels
        for stream in streams
    )
    students, guardians = [], []
    for number, (first, middle, last) in enumerate(_names(STUDENTS)):
        student = Student(first_name=first, middle_name=middle, last_name=last, admission_number=f"A{number:04}")
        guardian = Guardian(first_name=middle or first, last_name=last, phone=f"+2547224{number:05}")
        for person in (student, guardian):
            person.refresh_search()
        students.append(student)
        guardians.append(guardian)
    Student.objects.bulk_create(students, batch_size=1000)
    Guardian.objects.bulk_create(guardians, batch_size=1000)
    Guardianship.objects.bulk_create(
        (Guardianship(student=s, guardian=g) for s, g in zip(students, guardians, strict=True)), batch_size=1000
    )
    Enrolment.objects.bulk_create(
        (
            Enrolment(student=student, school_class=classes[number // PER_CLASS], starts_on=year.starts_on)
            for number, student in enumerate(students)
        ),
        batch_size=1000,
    )


def _names(number: int) -> Iterator[tuple[str, str, str]]:
    from schools.demo import names

    chance = random.Random(5)
    for _ in range(number):
        people, sex = names.community(chance), chance.choice("FM")
        last = chance.choice(people.male)
        yield names.first_name(chance, people, sex), names.own_name(chance, people, sex, but=last), last


if __name__ == "__main__":
    sys.exit(main())
