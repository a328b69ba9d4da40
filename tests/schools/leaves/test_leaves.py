"""Staff ask for leave within what is left to them, somebody else decides, and an employment follows another."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.academics.models import Holiday
from schools.leaves import calendar, queries, services
from schools.leaves.models import Employment, Leave, LeaveType
from schools.people.models import Staff
from tenants import context
from tests import cast as everybody
from tests.cast import Cast, Company

Browse = Callable[..., Client]
MONDAY = date(2026, 6, 1)


def day(n: int) -> date:
    """The n-th day after Monday, 1 June 2026."""
    return MONDAY + timedelta(days=n)


@pytest.fixture
def ours(cast: Cast) -> Iterator[Company]:
    with context.in_school(cast.mwangaza.school), transaction.atomic():
        yield cast.mwangaza


def kind(name: str = "Annual leave", **facts: Any) -> LeaveType:
    found = LeaveType.objects.get(name=name)
    return services.save_type(type=found, by=None, at=clock.now(), **facts) if facts else found


def ask(ours: Company, first: date, last: date, **how: Any) -> Leave:
    said: dict[str, Any] = {
        "staff": ours.teacher_staff, "type": kind(), "by": ours.teacher, "at": clock.now(), "beyond": False, **how,
    }  # fmt: skip
    return services.ask(starts_on=first, ends_on=last, **said)


@pytest.mark.parametrize(
    ("first", "last", "counting", "halves", "days"),
    [
        (0, 4, "working", {}, "5"), (0, 6, "working", {}, "5"), (0, 6, "calendar", {}, "7"),
        (5, 6, "working", {}, "0"), (0, 0, "working", {"half_first": True}, "0.5"),
        (0, 0, "working", {"half_first": True, "half_last": True}, "0.5"),
        (0, 2, "working", {"half_first": True, "half_last": True}, "2"),
        (4, 7, "working", {"half_last": True}, "1.5"),
    ],
)  # fmt: skip
def test_working_days_leave_out_the_weekend_and_halves_count_half(
    ours: Company, first: int, last: int, counting: str, halves: dict[str, bool], days: str
) -> None:
    assert calendar.days_of(day(first), day(last), counting, **halves) == Decimal(days)


def test_a_holiday_of_the_school_takes_no_day_of_leave(ours: Company) -> None:
    Holiday.objects.create(name="Madaraka Day", starts_on=day(0), ends_on=day(0))
    assert calendar.days_of(day(0), day(4), "working") == 4
    assert calendar.days_of(day(0), day(4), "calendar") == 5


def test_a_new_school_gives_the_kinds_of_leave_of_the_law_and_asks_for_them_only_once(ours: Company) -> None:
    given = {one.name: one.days for one in queries.types()}
    assert (given["Annual leave"], given["Maternity leave"], given["Unpaid leave"]) == (21, 90, None)
    assert services.add_usual_types(by=None, at=clock.now()) == 0
    with pytest.raises(errors.Conflict):
        services.save_type(type=None, name="ANNUAL LEAVE", by=None, at=clock.now())


def later(days: int) -> date:
    """A Monday so many days or a few more after the first of June of next year."""
    found = date(clock.today().year + 1, 6, 1) + timedelta(days=days)
    return found + timedelta(days=(7 - found.weekday()) % 7)


def test_the_balance_counts_what_is_asked_for_and_more_than_is_left_is_refused(ours: Company) -> None:
    kind(days=Decimal(5), carry_over=Decimal(0))
    first = later(30)
    ask(ours, first, first + timedelta(days=2))
    with pytest.raises(errors.DomainError) as wrong:
        ask(ours, first + timedelta(days=7), first + timedelta(days=9))
    assert wrong.value.errors == {"type": ["That would be 3 days, and 2 are left."]}
    [balance] = [b for b in queries.balances(ours.teacher_staff, first.year) if b.type.name == "Annual leave"]
    assert (balance.entitled, balance.approved, balance.asked, balance.left) == (5, 0, 3, 2)
    beyond = ask(ours, first + timedelta(days=7), first + timedelta(days=9), beyond=True)
    assert beyond.days == 3 and Entry.objects.filter(action="leave.asked").count() == 2


def test_what_was_left_of_last_year_is_carried_up_to_the_limit(ours: Company) -> None:
    annual = kind(days=Decimal(21), carry_over=Decimal(10))
    Leave.objects.create(
        staff=ours.teacher_staff, type=annual, starts_on=date(2025, 3, 3), ends_on=date(2025, 3, 19), days=13,
        state="approved",
    )  # fmt: skip
    [balance] = [b for b in queries.balances(ours.teacher_staff, 2026) if b.type == annual]
    assert (balance.carried, balance.left) == (8, 29)
    [other] = [b for b in queries.balances(ours.other_staff, 2026) if b.type == annual]
    assert other.carried == 10


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 1, "starts_on"), (2, 3, "starts_on"), (4, 3, "ends_on"), (0, 500, "ends_on"), (12, 13, "ends_on")],
)
def test_overlapping_backward_endless_and_empty_leave_is_refused_by_field(
    ours: Company, first: int, last: int, field: str
) -> None:
    begins = later(30)
    ask(ours, begins, begins + timedelta(days=2))
    with pytest.raises(errors.DomainError) as wrong:
        ask(ours, begins + timedelta(days=first), begins + timedelta(days=last))
    assert field in wrong.value.errors
    assert Leave.objects.count() == 1


def test_too_little_notice_is_refused_but_the_office_may_note_a_sick_day_for_somebody(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        annual, sick = kind().pk, kind("Sick leave").pk
    today = clock.today()
    while today.weekday() > 4:
        today += timedelta(days=1)
    form = {"type": annual, "starts_on": today, "ends_on": today}
    refused = browse(ours.teacher).post("/leave/ask/", form)
    assert refused.status_code == 400 and "asked for 7 days before" in refused.content.decode()
    registrar = browse(ours.registrar)
    answer = registrar.post("/leave/ask/", {**form, "type": sick, "staff": ours.teacher_staff.pk, "beyond": "on"})
    assert answer.status_code == 302
    with context.in_school(ours.school):
        noted = Leave.objects.get()
        assert (noted.staff, noted.type.name, noted.state) == (ours.teacher_staff, "Sick leave", "asked")
    unseen = registrar.post(f"/leave/{noted.pk}/decide/", {"do": "approve"})
    assert unseen.status_code == 400 and "needs a document" in unseen.content.decode()
    assert registrar.post(f"/leave/{noted.pk}/decide/", {"do": "approve", "document_seen": "1"}).status_code == 302
    with context.in_school(ours.school):
        assert [leave.staff for leave in queries.away_on(today)] == [ours.teacher_staff]
    assert "Staff on leave today" in browse(ours.head).get("/").content.decode()


def test_nobody_decides_on_their_own_and_a_decision_falls_once(ours: Company) -> None:
    at = clock.now()
    own = Staff.objects.get(user=ours.head)
    mine = ask(ours, later(30), later(30), staff=own, by=ours.head)
    with pytest.raises(errors.Conflict):
        services.decide(leave=mine, approve=True, answer="", by=ours.head, at=at)
    assert services.decide(leave=mine, approve=True, answer="", by=ours.registrar, at=at).state == "approved"
    with pytest.raises(errors.Conflict):
        services.decide(leave=mine, approve=False, answer="No", by=ours.registrar, at=at)
    other = ask(ours, later(40), later(40))
    with pytest.raises(errors.DomainError) as silent:
        services.decide(leave=other, approve=False, answer=" ", by=ours.head, at=at)
    assert list(silent.value.errors) == ["answer"]
    assert services.decide(leave=other, approve=False, answer="Exams", by=ours.head, at=at).answer == "Exams"


def test_days_of_a_leave_that_is_taken_back_are_free_again_and_begun_leave_is_for_the_office(ours: Company) -> None:
    at = clock.now()
    leave = ask(ours, later(30), later(30) + timedelta(days=4))
    services.cancel(leave=leave, by=ours.teacher, at=at)
    assert ask(ours, later(30), later(30)).days == 1
    begun = ask(ours, MONDAY, day(1), beyond=True)
    with pytest.raises(errors.Conflict):
        services.cancel(leave=begun, by=ours.teacher, at=datetime(2026, 6, 2, 9, tzinfo=at.tzinfo))
    assert services.cancel(leave=begun, by=ours.head, at=at).state == "cancelled"


def test_a_teacher_sees_their_own_leave_and_the_head_what_waits(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        leave = ask(ours, later(30), later(30), why="Wedding in Kisumu")
    assert "Annual leave" in browse(ours.teacher).get("/leave/").content.decode()
    assert browse(ours.other_teacher).get(f"/leave/{leave.pk}/").status_code == 404
    head = browse(ours.head)
    assert "Leave asked for" in head.get("/").content.decode()
    assert "Wedding in Kisumu" in head.get(f"/leave/{leave.pk}/").content.decode()
    assert "Wanjiru Kamau" in head.get(f"/leave/month/?month={later(30):%Y-%m}").content.decode()
    lines = head.get("/lists/leave.csv").content.decode().splitlines()
    assert len(lines) == 2 and "Wanjiru Kamau" in lines[1]


def test_two_requests_in_one_moment_for_the_last_days_give_one_leave(own_database: str) -> None:
    ours = everybody.read().mwangaza
    with context.in_school(ours.school), transaction.atomic():
        annual = kind(days=Decimal(5), carry_over=Decimal(0))
    both, found = threading.Barrier(2), []

    def click(weeks: int) -> None:
        first = later(30) + timedelta(weeks=weeks)
        with context.in_school(ours.school):
            both.wait(10)
            try:
                services.ask(
                    staff=ours.teacher_staff, type=annual, starts_on=first, ends_on=first + timedelta(days=4),
                    by=ours.teacher, at=clock.now(),
                )  # fmt: skip
                found.append("asked")
            except errors.DomainError:
                found.append("refused")
        connection.close()

    threads = [threading.Thread(target=click, args=(weeks,)) for weeks in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == ["asked", "refused"]


def test_a_new_employment_ends_the_one_before_and_the_record_takes_its_title(ours: Company) -> None:
    at, staff = clock.now(), ours.teacher_staff
    facts: dict[str, Any] = {
        "department": "Sciences",
        "terms": "permanent",
        "employer": "tsc",
        "hours": Decimal("27.5"),
    }
    services.employ_as(staff=staff, job_title="Teacher", starts_on=date(2020, 1, 6), by=None, at=at, **facts)
    services.employ_as(staff=staff, job_title="Senior teacher", starts_on=date(2024, 5, 1), by=None, at=at, **facts)
    held = [(row.job_title, row.starts_on, row.ends_on) for row in queries.employments_of(staff)]
    assert held == [
        ("Senior teacher", date(2024, 5, 1), None), ("Teacher", date(2020, 1, 6), date(2024, 4, 30)),
    ]  # fmt: skip
    assert Staff.objects.get(pk=staff.pk).job_title == "Senior teacher"
    with pytest.raises(errors.DomainError) as overlap:
        services.employ_as(
            staff=staff, job_title="Cook", starts_on=date(2021, 1, 1), ends_on=date(2021, 2, 1), by=None, at=at, **facts
        )
    assert list(overlap.value.errors) == ["starts_on"]
    open_one = Employment.objects.get(ends_on=None)
    ended = services.end_employment(employment=open_one, on=date(2026, 6, 30), reason="Retired", by=None, at=at)
    assert (ended.ends_on, ended.reason) == (date(2026, 6, 30), "Retired")


def test_employment_is_read_by_the_office_and_oneself(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    form = {"job_title": "Teacher", "terms": "contract", "employer": "board", "starts_on": "2024-01-08"}
    path = f"/leave/staff/{ours.teacher_staff.pk}/employments/add/"
    assert browse(ours.registrar).post(path, form).status_code == 302
    profile = f"/staff/{ours.teacher_staff.pk}/"
    for person, seen in ((ours.head, True), (ours.teacher, True), (ours.other_teacher, False), (ours.bursar, False)):
        assert ("Board of management" in browse(person).get(profile).content.decode()) is seen, person.username
