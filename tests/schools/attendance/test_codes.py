"""Codes are the school's data; the office's code stands beside the teacher's and counts."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.errors import Conflict, DomainError, NotFound
from schools.attendance import minutes, planned, queries, services
from schools.attendance.models import AttendanceCode, AttendanceLog, AttendanceMark, Register, Rules
from schools.attendance.planned import Planned
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 16, 8, 24, tzinfo=timezone.get_default_timezone())
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def school(cast: Cast, in_mwangaza: Any) -> Company:
    return cast.mwangaza


def teacher_says(school: Company, code: str, at: datetime = AT, **facts: Any) -> services.Outcome:
    return services.take(
        school_class=school.east, date=TODAY, session="morning", by=school.teacher, at=at,
        marks=[{"student": school.amani.pk, "code": code, **facts}],
    )  # fmt: skip


def office_says(school: Company, code: str, at: datetime = AT, **facts: Any) -> Register:
    return services.say(
        school_class=school.east, date=TODAY, session="morning", by=school.registrar, at=at,
        marks=[{"student": school.amani.pk, "code": code, **facts}],
    )  # fmt: skip


def both(school: Company) -> tuple[str, str | None, str, bool]:
    mark = AttendanceMark.objects.get(student=school.amani)
    return mark.code, mark.given.code if mark.given else None, mark.teacher_code, mark.by_office


def test_every_school_starts_with_a_list_whose_first_four_stay(school: Company) -> None:
    assert [one.code for one in AttendanceCode.objects.all()] == [
        "P", "A", "L", "E", "MED", "TRIP", "BAY", "LEFT", "SUSP", "FEES",
    ]  # fmt: skip
    first = AttendanceCode.objects.get(code="A")
    with pytest.raises(Conflict, match="same in every school"):
        services.change_code(code=first, facts={"name": "Away"}, by=school.head, at=AT)


def test_a_finer_code_counts_as_what_the_school_says(school: Company) -> None:
    office_says(school, "TRIP")
    assert both(school) == ("P", "TRIP", "", True)
    assert queries.term_totals([school.amani.pk], school.term)[school.amani.pk].present == 1


def test_a_teacher_gives_no_code_of_the_office(school: Company) -> None:
    with pytest.raises(services.MarksRefused) as refused:
        teacher_says(school, "MED")
    assert refused.value.errors == {str(school.amani.pk): ["Doctor or hospital is given by the office."]}
    AttendanceCode.objects.filter(code="MED").update(roles=["teacher"])
    teacher_says(school, "MED")
    assert both(school) == ("E", "MED", "", False)


def test_an_unknown_code_is_refused_with_those_there_are(school: Company) -> None:
    AttendanceCode.objects.filter(code="MED").update(roles=["teacher"])
    with pytest.raises(services.MarksRefused) as refused:
        teacher_says(school, "X")
    assert refused.value.errors == {str(school.amani.pk): ["X is not a mark. Use one of: P, A, L, E, MED."]}


def test_the_offices_code_counts_and_the_teachers_stays_beside_it(school: Company) -> None:
    teacher_says(school, "A", reason="sick")
    office_says(school, "E", LATER, reason="family", note="Called by the mother")
    assert both(school) == ("E", None, "A", True)
    mark = AttendanceMark.objects.get(student=school.amani)
    assert (mark.marked_by, mark.teacher, mark.teacher_at, mark.note) == (
        school.registrar, school.teacher, AT, "Called by the mother",
    )  # fmt: skip
    said = AttendanceLog.objects.values_list("code", "source", "applied")
    assert list(said) == [("A", "page", True), ("E", "office", True)]


def test_what_a_teacher_says_after_the_office_goes_beside_it(school: Company) -> None:
    office_says(school, "E")
    outcome = teacher_says(school, "P", LATER)
    assert (both(school), outcome.saved) == (("E", None, "P", True), 1)
    again = teacher_says(school, "P", LATER + timedelta(minutes=1))
    assert (again.saved, again.unchanged) == (0, 1)


def test_an_older_capture_of_a_teacher_does_not_replace_a_newer_one_beside_the_office(school: Company) -> None:
    office_says(school, "E")
    teacher_says(school, "P", LATER)
    outcome = teacher_says(school, "A", AT)
    assert both(school) == ("E", None, "P", True)
    assert [mark.student for mark in outcome.stale] == [school.amani]


def test_taken_back_the_teachers_code_counts_again(school: Company) -> None:
    teacher_says(school, "A")
    office_says(school, "E", LATER)
    services.take_back(mark=AttendanceMark.objects.get(), by=school.head, at=LATER)
    assert both(school) == ("A", None, "", False)
    with pytest.raises(NotFound):
        services.take_back(mark=AttendanceMark.objects.get(), by=school.head, at=LATER)


def test_taken_back_without_a_teachers_code_the_student_is_unmarked_and_the_register_open(school: Company) -> None:
    teacher_says(school, "P")
    services.say(
        school_class=school.east, date=TODAY, session="morning", by=school.registrar, at=AT,
        marks=[{"student": school.brian.pk, "code": "E"}],
    )  # fmt: skip
    assert Register.objects.get().status == "taken"
    services.take_back(mark=AttendanceMark.objects.get(student=school.brian), by=school.registrar, at=LATER)
    assert Register.objects.get().status == "open"


def test_what_a_used_code_counts_as_stays(school: Company) -> None:
    office_says(school, "MED")
    code = AttendanceCode.objects.get(code="MED")
    with pytest.raises(DomainError) as refused:
        services.change_code(code=code, facts={"counts_as": "A"}, by=school.head, at=AT)
    assert refused.value.errors == {"counts_as": ["This code has been used. Retire it and add another."]}
    services.change_code(code=code, facts={"is_active": False, "name": "Hospital"}, by=school.head, at=AT)
    assert both(school) == ("E", "MED", "", True)


def test_the_same_code_is_added_once(school: Company) -> None:
    facts = {"code": "MED", "name": "Doctor", "counts_as": "E", "direction": "out", "scope": "offsite"}
    with pytest.raises(Conflict) as refused:
        services.add_code(facts=facts, by=school.head, at=AT)
    assert refused.value.errors == {"code": ["The school has this code already."]}


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("P", {}, 280),
        ("L", {"minutes_late": 25}, 255),
        ("L", {"minutes_late": 600}, 0),
        ("A", {}, 0),
        ("MED", {}, 0),
        ("BAY", {}, 280),
        ("LEFT", {"left_at": time(10, 30)}, 150),
        ("LEFT", {"left_at": time(17, 0)}, 280),
        ("L", {"minutes_late": 20, "left_at": time(12, 0)}, 220),
    ],
)
def test_minutes_at_school_follow_from_the_mark_and_the_schools_times(
    school: Company, code: str, facts: dict[str, Any], expected: int
) -> None:
    office_says(school, code, **facts)
    mark = AttendanceMark.objects.select_related("given").get()
    assert minutes.present(mark, "morning", Rules()) == expected
    assert queries.minutes_of(school.amani, TODAY, TODAY) == (expected, 280)


def test_only_who_was_here_can_have_left(school: Company) -> None:
    with pytest.raises(services.MarksRefused) as refused:
        office_says(school, "A", left_at=time(10, 0))
    assert refused.value.errors == {str(school.amani.pk): ["Only who was here can have left."]}


def test_the_rest_is_marked_as_it_was_planned(school: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [lambda ids, day, session: {school.brian.pk: Planned("MED", "E", "Dentist until Thursday", "sick")}]
    monkeypatch.setattr(planned, "_sources", sources)
    services.take(
        school_class=school.east, date=TODAY, session="morning", by=school.teacher, at=AT, marks=[], rest_present=True
    )
    said = AttendanceMark.objects.values_list("student__first_name", "code", "given__code", "reason__code")
    assert set(said) == {("Amani", "P", None, None), ("Brian", "E", "MED", "sick")}


def test_a_day_that_ends_before_it_starts_is_refused(school: Company) -> None:
    with pytest.raises(DomainError) as refused:
        services.change_rules(morning_until=time(7, 0), by=school.head, at=AT)
    assert refused.value.errors == {"morning_until": ["The end is not after the start."]}
