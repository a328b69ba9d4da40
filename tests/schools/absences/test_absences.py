"""Guardians ask beforehand, the school answers, and registers start from the answer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from audit.models import Entry
from core import clock
from core.errors import Conflict, DomainError, NotAllowed
from identity.models import User
from schools.absences import queries, services
from schools.absences.models import Absence
from schools.attendance import following
from schools.attendance import services as attendance
from schools.attendance.models import AbsenceReason, AttendanceCode, AttendanceMark
from tenants import context
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
AT = datetime(2026, 6, 16, 8, 24, tzinfo=ZoneInfo("Africa/Nairobi"))
LATER = AT + timedelta(minutes=5)
THURSDAY, FRIDAY = date(2026, 6, 18), date(2026, 6, 19)


@pytest.fixture
def school(cast: Cast, in_mwangaza: Any) -> Company:
    return cast.mwangaza


def ask(school: Company, by: User | None = None, **facts: Any) -> Absence:
    given = {"starts_on": TODAY, "ends_on": FRIDAY, "why": "A wedding in Kisumu"} | facts
    return services.ask(student=school.amani, by=by or school.guardian, at=AT, **given)


def take(school: Company, code: str = "", at: datetime = LATER, session: str = "morning") -> None:
    attendance.take(
        school_class=school.east, date=TODAY, session=session, by=school.teacher, at=at, rest_present=not code,
        marks=[{"student": school.amani.pk, "code": code}] if code else [],
    )  # fmt: skip


def amani() -> tuple[str, str | None, str | None, str]:
    mark = AttendanceMark.objects.select_related("given", "reason").get(student__first_name="Amani")
    return (
        mark.code, mark.given.code if mark.given else None, mark.reason.code if mark.reason else None, mark.teacher_code
    )  # fmt: skip


def test_an_approved_absence_fills_the_register(school: Company) -> None:
    row = ask(school, reason=AbsenceReason.objects.get(code="family"))
    assert row.state == "asked"
    services.decide(absence=row, approve=True, answer="Enjoy the feast", by=school.teacher, at=AT)
    take(school)
    assert amani() == ("E", None, "family", "")
    assert list(Entry.objects.filter(action__startswith="absence.").values_list("action", flat=True)) == [
        "absence.asked", "absence.approved",
    ]  # fmt: skip


def test_the_code_that_was_chosen_stands_in_the_register(school: Company) -> None:
    code = AttendanceCode.objects.get(code="TRIP")
    services.decide(absence=ask(school), approve=True, code=code, by=school.head, at=AT)
    take(school)
    assert amani() == ("P", "TRIP", None, "")


def test_a_code_that_cannot_be_planned_is_refused(school: Company) -> None:
    code = AttendanceCode.objects.get(code="BAY")
    with pytest.raises(DomainError) as refused:
        services.decide(absence=ask(school), approve=True, code=code, by=school.head, at=AT)
    assert refused.value.errors == {"code": ["In the sick bay cannot be planned ahead."]}


def test_while_nobody_has_answered_the_register_shows_it_and_fills_nothing(school: Company, browse: Browse) -> None:
    ask(school)
    page = browse(school.teacher).get(f"/attendance/{school.east.pk}/2026-06-16/").text
    assert "Asked to be away until Fri 19 Jun; not answered yet" in page
    take(school)
    assert amani() == ("P", None, None, "")


def test_the_register_page_starts_from_what_is_planned(school: Company, browse: Browse) -> None:
    services.decide(
        absence=ask(school), approve=True, code=AttendanceCode.objects.get(code="MED"), by=school.head, at=AT
    )
    client = browse(school.teacher)
    address = f"/attendance/{school.east.pk}/2026-06-16/"
    page = client.get(address).text
    assert "Away with leave until Fri 19 Jun" in page
    assert f'name="mark-{school.amani.pk}" value="E" aria-label="Excused" checked' in page
    assert f'class="as" type="hidden" name="as-{school.amani.pk}" value="MED" data-for="E"' in page
    answer = client.post(
        address, {f"mark-{school.amani.pk}": "E", f"as-{school.amani.pk}": "MED", f"mark-{school.brian.pk}": "P"}
    )
    assert answer.status_code == 302
    assert amani() == ("E", "MED", None, "")


def test_only_the_half_of_the_day_that_was_asked_for_is_meant(school: Company) -> None:
    services.decide(absence=ask(school, part="afternoon"), approve=True, by=school.head, at=AT)
    take(school)
    assert amani()[0] == "P"
    take(school, session="afternoon")
    assert AttendanceMark.objects.get(student=school.amani, register__session="afternoon").code == "E"


def test_approved_afterwards_it_counts_beside_what_the_teacher_said(school: Company) -> None:
    take(school, "A")
    services.decide(absence=ask(school), approve=True, by=school.registrar, at=LATER)
    assert amani() == ("E", None, None, "A")


def test_nobody_is_told_of_an_absence_they_asked_for(school: Company) -> None:
    ask(school)
    take(school, "A")
    assert following.notify(by=None, at=AT + timedelta(hours=3)) is None


def test_what_the_office_records_stands_at_once(school: Company) -> None:
    assert ask(school, by=school.registrar).state == "approved"


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"ends_on": date(2026, 6, 15)}, "ends_on", "The last day comes before the first."),
        ({"ends_on": date(2026, 11, 1)}, "ends_on", "This is longer than a term. Speak with the school about it."),
        ({"starts_on": date(2026, 5, 1)}, "starts_on", "Choose a day from a week ago to a year from now."),
        (
            {"starts_on": date(2026, 6, 20), "ends_on": date(2026, 6, 21)},
            "starts_on",
            "There is no school on these days.",
        ),
        ({"why": "   "}, "why", "This field cannot be blank."),
    ],
)
def test_a_request_that_cannot_be_is_refused_by_its_field(
    school: Company, facts: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(DomainError) as refused:
        ask(school, **facts)
    assert refused.value.errors == {field: [message]}
    assert Absence.objects.count() == 0


def test_the_same_days_are_asked_for_once(school: Company) -> None:
    ask(school)
    with pytest.raises(Conflict, match="known already"):
        ask(school, starts_on=THURSDAY, ends_on=THURSDAY)
    services.decide(absence=Absence.objects.get(), approve=False, answer="Exams", by=school.head, at=AT)
    assert ask(school, starts_on=THURSDAY, ends_on=THURSDAY).state == "asked"


def test_another_teacher_does_not_decide_and_nobody_decides_twice(school: Company) -> None:
    row = ask(school)
    with pytest.raises(NotAllowed):
        services.decide(absence=row, approve=True, by=school.other_teacher, at=AT)
    services.decide(absence=row, approve=False, by=school.head, at=AT)
    with pytest.raises(Conflict, match="answered meanwhile"):
        services.decide(absence=row, approve=True, by=school.head, at=AT)


def test_a_guardian_takes_back_what_is_not_answered_yet(school: Company) -> None:
    row = ask(school)
    services.withdraw(absence=row, by=school.guardian, at=AT)
    again = ask(school)
    services.decide(absence=again, approve=True, by=school.head, at=AT)
    with pytest.raises(Conflict, match="Ask the office"):
        services.withdraw(absence=again, by=school.guardian, at=AT)
    services.withdraw(absence=again, by=school.head, at=AT)
    take(school)
    assert amani()[0] == "P"


def test_a_guardian_asks_on_the_page_and_reads_the_answer(
    school: Company, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    client = browse(school.guardian)
    assert "Amani will be away" in client.get("/absences/").text
    answer = client.post(
        f"/absences/ask/{school.amani.pk}/",
        {"starts_on": "2026-06-18", "ends_on": "2026-06-19", "part": "day", "reason": "family", "why": "A wedding"},
    )
    row = Absence.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/absences/{row.pk}/"
    teacher = browse(school.teacher)
    assert "Waits for your answer" in teacher.get("/absences/").text
    assert teacher.post(f"/absences/{row.pk}/decide/", {"do": "approve", "answer": "Travel well"}).status_code == 302
    page = client.get(f"/absences/{row.pk}/").text
    assert "Approved" in page and "Travel well" in page


def test_a_wrong_form_names_its_field(school: Company, browse: Browse) -> None:
    answer = browse(school.guardian).post(
        f"/absences/ask/{school.amani.pk}/",
        {"starts_on": "2026-06-18", "ends_on": "soon", "part": "week", "reason": "x", "why": ""},
    )
    assert answer.status_code == 400
    for words in ("Enter a valid date.", "week is not one of the available choices", "This field is required."):
        assert words in answer.text


def test_a_family_reads_and_asks_for_its_own_children_alone(school: Company, browse: Browse) -> None:
    client = browse(school.guardian)
    assert client.get(f"/absences/ask/{school.brian.pk}/").status_code == 404
    row = services.ask(student=school.brian, starts_on=TODAY, ends_on=TODAY, why="Dentist", by=school.head, at=AT)
    assert client.get(f"/absences/{row.pk}/").status_code == 404
    assert "Brian" not in client.get("/absences/").text
    assert list(queries.to_decide(school.guardian)) == []


def test_another_schools_absence_is_not_there(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.baraka.school):
        company = cast.baraka
        theirs = services.ask(
            student=company.amani, starts_on=TODAY, ends_on=TODAY, why="Dentist", by=company.head, at=AT
        )
    assert browse(cast.mwangaza.head).get(f"/absences/{theirs.pk}/").status_code == 404
