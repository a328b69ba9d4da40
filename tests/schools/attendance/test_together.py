"""Two saves of one register at the same moment."""

import threading
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from audit.models import Entry
from schools.attendance import services
from schools.attendance.models import Register
from tenants import context
from tests.cast import TODAY, Cast

AT = datetime(2026, 6, 16, 8, 24, tzinfo=timezone.get_default_timezone())


def test_two_saves_at_the_same_moment_lose_nothing_and_double_nothing(own_database: str, cast_of_copy: Cast) -> None:
    school = cast_of_copy.mwangaza
    barrier = threading.Barrier(2)
    failures: list[BaseException] = []

    def save(student: Any, code: str) -> None:
        try:
            with context.in_school(school.school):
                barrier.wait(timeout=20)
                services.take(
                    school_class=school.east,
                    date=TODAY,
                    session="morning",
                    marks=[{"student": student.pk, "code": code}],
                    by=school.teacher,
                    at=AT,
                )
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=args) for args in ((school.amani, "P"), (school.brian, "A"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with context.in_school(school.school):
        register = Register.objects.get()
        marks = register.marks.order_by("student__first_name").values_list("student__first_name", "code")
        assert list(marks) == [("Amani", "P"), ("Brian", "A")]
        assert register.status == "taken"
        assert Entry.objects.filter(action="register.opened").count() == 1
        assert Entry.objects.filter(action="attendance.marked").count() == 2
        assert Entry.objects.filter(action="register.taken").count() == 1
