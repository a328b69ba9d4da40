"""Two people entering one mark at the same moment."""

import threading
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.models import Entry
from schools.assessment import services
from tenants import context
from tests.cast import TODAY, Cast

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
