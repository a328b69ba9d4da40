"""The year that is laid around a day."""

from datetime import date, timedelta

import pytest

from schools.demo import calendar

DAYS = [date(2026, 1, 1) + timedelta(days=13 * n + n % 7) for n in range(90)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_today_is_a_school_day_in_week_seven_of_the_third_term(today: date) -> None:
    laid = calendar.lay(today)
    assert (today - laid.current.starts_on).days // 7 + 1 == 7
    assert laid.current.number == 3
    assert list(laid.days_so_far())[-1] == (laid.current, today)


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_two_terms_before_are_complete_and_the_year_holds_all_three(today: date) -> None:
    laid = calendar.lay(today)
    first, second, third = laid.terms
    assert laid.starts_on == first.starts_on
    assert first.ends_on < second.starts_on
    assert second.ends_on < third.starts_on <= today < third.ends_on <= laid.ends_on


def test_terms_are_as_long_as_the_ministrys_and_have_its_half_terms() -> None:
    laid = calendar.lay(date(2026, 10, 5))
    assert [(term.ends_on - term.starts_on).days // 7 + 1 for term in laid.terms] == [13, 14, 9]
    assert [term.half_term is not None for term in laid.terms] == [True, True, False]


def test_no_roll_is_called_at_half_term_on_a_holiday_or_at_the_weekend() -> None:
    laid = calendar.lay(date(2026, 11, 23))
    days = {day for _term, day in laid.days_so_far()}
    closed = [span for term in laid.terms for span in (*term.holidays, *([term.half_term] if term.half_term else []))]
    assert len(closed) == 5
    assert not any(day in span for day in days for span in closed)
    assert all(day.weekday() < 5 for day in days)


def test_a_saturday_is_a_school_day_only_when_it_is_today() -> None:
    saturday = date(2026, 11, 28)
    assert saturday in {day for _term, day in calendar.lay(saturday).days_so_far()}
    assert saturday not in {day for _term, day in calendar.lay(saturday + timedelta(days=1)).days_so_far()}


def test_a_year_that_crosses_the_first_of_january_is_named_after_both() -> None:
    assert calendar.lay(date(2026, 11, 23)).name == "2026"
    assert calendar.lay(date(2027, 3, 1)).name == "2026/27"
