"""Which classes each role sees, the calendar, and what a new school starts with."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from core import clock, scope
from schools.academics import catalogue, queries, services
from schools.academics.models import GradeLevel, Subject
from schools.people import queries as people
from tenants import context
from tests.cast import Cast


@pytest.mark.usefixtures("in_mwangaza")
@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("head", ["Grade 6 East", "Grade 6 West"]),
        ("registrar", ["Grade 6 East", "Grade 6 West"]),
        ("bursar", ["Grade 6 East", "Grade 6 West"]),
        ("teacher", ["Grade 6 East"]),
        ("other_teacher", ["Grade 6 West"]),
        ("guardian", ["Grade 6 East", "Grade 6 West"]),
        ("student", ["Grade 6 East"]),
    ],
)
def test_each_role_sees_its_classes(cast: Cast, role: str, seen: list[str]) -> None:
    assert [row.name for row in queries.visible_to(getattr(cast.mwangaza, role))] == seen


@pytest.mark.usefixtures("in_mwangaza")
def test_a_teacher_reaches_the_members_of_a_group_across_classes(cast: Cast) -> None:
    company = cast.mwangaza
    services.open_teaching_group(
        year=company.year, subject=company.maths, name="Chess", members=[company.zawadi],
        teachers=[company.teacher_staff], by=company.head, at=clock.now(),
    )  # fmt: skip
    assert company.zawadi in people.visible_to(company.teacher)
    assert people.visible_to(company.teacher).count() == 3


@pytest.mark.usefixtures("in_mwangaza")
@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 6, 16), True),
        (date(2026, 6, 13), False),
        (date(2026, 4, 10), False),
        (date(2026, 6, 1), False),
        (date(2026, 5, 14), False),
        (date(2026, 5, 18), True),
    ],
)
def test_school_days_lie_in_terms_outside_half_term_holidays_and_weekends(cast: Cast, day: date, open_: bool) -> None:
    company = cast.mwangaza
    at = {"by": company.head, "at": clock.now()}
    services.add_holiday(name="Madaraka Day", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 1), **at)
    services.change_term(
        term=company.term, half_term_starts_on=date(2026, 5, 13), half_term_ends_on=date(2026, 5, 17), **at
    )
    assert queries.is_school_day(day) is open_


@pytest.mark.parametrize(
    ("fact", "open_"), [(True, True), (["2026-06-13"], True), (["2026-06-14"], False), (False, False)]
)
def test_a_school_may_have_school_at_the_weekend(cast: Cast, fact: object, open_: bool) -> None:
    held = context.scope_of(cast.mwangaza.school)
    with context.in_school(replace(held, facts=MappingProxyType({"weekend_school": fact}))):
        assert scope.current().facts["weekend_school"] == fact
        assert queries.is_school_day(date(2026, 6, 13)) is open_
        assert queries.is_school_day(date(2026, 4, 11)) is False


@pytest.mark.usefixtures("in_mwangaza")
def test_the_term_of_a_holiday_is_the_one_before(cast: Cast) -> None:
    assert queries.current_term(date(2026, 6, 16)) == cast.mwangaza.term
    found = queries.current_term(date(2026, 8, 10))
    assert found == cast.mwangaza.term
    assert queries.term_on(date(2026, 8, 10)) is None
    first = queries.current_term(date(2020, 1, 1))
    assert first is not None
    assert first.number == 1


@pytest.mark.usefixtures("in_mwangaza")
def test_a_new_school_has_a_ladder_and_learning_areas(cast: Cast) -> None:
    assert [row.code for row in GradeLevel.objects.all()] == [
        "PP1", "PP2", "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "F3", "F4",
    ]  # fmt: skip
    assert Subject.objects.exclude(code="CAST-MAT").count() == len(catalogue.learning_areas())


@pytest.mark.parametrize("year", range(2024, 2035))
def test_the_calendar_of_any_year_begins_on_a_monday_and_keeps_its_order(year: int) -> None:
    spans = catalogue.terms(year)
    assert [span.starts_on.weekday() for span in spans] == [0, 0, 0]
    assert spans[0].starts_on.year == year
    days = [day for span in spans for day in (span.starts_on, span.ends_on)]
    assert days == sorted(days)


def test_the_published_year_is_as_published() -> None:
    first, second, third = catalogue.terms(2026)
    assert (first.starts_on, first.ends_on) == (date(2026, 1, 5), date(2026, 4, 2))
    assert second.half_term == (date(2026, 6, 24), date(2026, 6, 28))
    assert (third.starts_on, third.half_term) == (date(2026, 8, 24), None)


def test_each_stage_has_as_many_learning_areas_as_the_ministry_says() -> None:
    def compulsory(stage: str) -> int:
        return sum(not area.optional for area in catalogue.learning_areas(stage))

    assert {stage: compulsory(stage) for stage in ("pre_primary", "lower_primary", "upper_primary", "junior")} == {
        "pre_primary": 5, "lower_primary": 7, "upper_primary": 8, "junior": 9,
    }  # fmt: skip
