"""Two people doing the same thing at the same moment."""

import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.models import Entry
from core.errors import DomainError
from schools.assessment import services
from schools.assessment.models import Assessment, GradingScale
from tenants import context
from tests.cast import TODAY, Cast, Company

AT = datetime(2026, 6, 16, 10, 0, tzinfo=timezone.get_default_timezone())


def test_two_people_entering_one_mark_at_once_lose_nothing(own_database: str, cast_of_copy: Cast) -> None:
    school = cast_of_copy.mwangaza
    with context.in_school(school.school):
        paper = services.create_assessment(
            school_class=school.east, subject=school.maths, term=school.term, name="Mid-term", kind="mid_term",
            maximum=50, date=TODAY, scale=school.scale, by=school.teacher, at=AT,
        )  # fmt: skip
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def save(user: Any, score: int) -> None:
        try:
            with context.in_school(school.school):
                barrier.wait(timeout=20)
                services.enter_marks(
                    assessment=paper,
                    entries=[{"student": school.amani.pk, "score": score, "seen_version": ""}],
                    by=user,
                    at=AT,
                )
                outcomes.append("saved")
        except services.ChangedByAnother:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=args) for args in ((school.teacher, 20), (school.head, 30))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["conflict", "saved"]
    with context.in_school(school.school):
        assert paper.marks.count() == 1
        assert Entry.objects.filter(action="mark.entered").count() == 1


def at_once(school: Company, ask: Callable[[int], Any]) -> list[str]:
    """What became of the same thing asked for twice in one moment: "done", or the field that was refused."""
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def one(number: int) -> None:
        try:
            with context.in_school(school.school):
                barrier.wait(timeout=20)
                ask(number)
                outcomes.append("done")
        except DomainError as error:
            outcomes.extend(error.errors)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def test_a_sitting_that_is_sent_twice_at_once_is_set_once(own_database: str, cast_of_copy: Cast) -> None:
    school = cast_of_copy.mwangaza

    def ask(_number: int) -> None:
        services.create_sitting(
            school_class=school.east, term=school.term, name="Week three", kind="mid_term", date=TODAY,
            papers=[{"subject": school.maths, "maximum": Decimal(50)}], by=school.head, at=AT,
        )  # fmt: skip

    for _ in range(5):
        assert at_once(school, ask) == ["done", "name"]
        with context.in_school(school.school):
            assert Assessment.objects.filter(name="Week three").delete()[0] == 1


def test_a_scale_that_is_sent_twice_at_once_is_there_once(own_database: str, cast_of_copy: Cast) -> None:
    school = cast_of_copy.mwangaza
    bands: list[services.BandIn] = [
        {"code": "A", "name": "Good", "lower": 50},
        {"code": "B", "name": "Fair", "lower": 0},
    ]

    def same_name(_number: int) -> None:
        services.create_scale(name="Two steps", basis="percent", maximum=100, bands=bands, by=school.head, at=AT)

    def both_usual(number: int) -> None:
        services.create_scale(
            name=f"Usual {number}", basis="percent", maximum=100, bands=bands, is_default=True, by=school.head, at=AT
        )

    assert at_once(school, same_name) == ["done", "name"]
    assert at_once(school, both_usual) in (["done", "done"], ["done", "is_default"])
    with context.in_school(school.school):
        assert GradingScale.objects.filter(is_default=True).count() == 1
