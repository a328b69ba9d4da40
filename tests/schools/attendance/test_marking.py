"""Taking a register: saved whole or not at all, the newest wins, and every change is in the trail."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from core.errors import Unprocessable
from schools.academics.models import Holiday
from schools.attendance import queries, services
from schools.attendance.models import AbsenceReason, AttendanceMark, BroughtForward, Register
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 16, 8, 24, tzinfo=timezone.get_default_timezone())
LATER = AT + timedelta(minutes=5)
EARLIER = AT - timedelta(minutes=5)


def open_one(company: Company, day: date = TODAY, session: str = "morning") -> Register:
    return services.open_register(school_class=company.east, date=day, session=session, by=company.teacher, at=AT)


def said(register: Register) -> dict[str, tuple[str, str | None, int | None]]:
    return {
        mark.student.first_name: (mark.code, mark.reason.code if mark.reason else None, mark.minutes_late)
        for mark in register.marks.select_related("student", "reason")
    }


def trail(*actions: str) -> list[tuple[str, str, dict[str, Any]]]:
    rows = Entry.objects.filter(action__in=actions).order_by("id")
    return [(row.action, row.object_name, row.changes) for row in rows]


def nothing_changed(register: Register) -> None:
    assert AttendanceMark.objects.count() == 0
    assert trail("attendance.marked", "register.taken") == []
    register.refresh_from_db()
    assert register.status == "open"


@pytest.fixture
def school(cast: Cast, in_mwangaza: Any) -> Company:
    return cast.mwangaza


def test_a_register_is_opened_once_and_told_once(school: Company) -> None:
    first, second = open_one(school), open_one(school)
    assert first.pk == second.pk
    assert [act[0] for act in trail("register.opened")] == ["register.opened"]


def test_morning_and_afternoon_are_two_registers(school: Company) -> None:
    assert open_one(school).pk != open_one(school, session="afternoon").pk


def test_marks_of_the_whole_roll_make_the_register_taken(school: Company) -> None:
    register = open_one(school)
    outcome = services.mark(
        register=register,
        marks=[
            {"student": school.amani.pk, "code": "P"},
            {"student": str(school.brian.pk), "code": "A", "reason": "sick"},
        ],
        by=school.teacher,
        at=AT,
    )
    assert (outcome.saved, outcome.unchanged, outcome.stale) == (2, 0, [])
    assert said(register) == {"Amani": ("P", None, None), "Brian": ("A", "sick", None)}
    register.refresh_from_db()
    assert (register.status, register.taken_by, register.taken_at) == ("taken", school.teacher, AT)
    assert sorted(trail("attendance.marked"), key=lambda told: told[1]) == [
        ("attendance.marked", "Amani Barasa", {"register": str(register.pk), "mark": [None, "P"]}),
        (
            "attendance.marked",
            "Brian Otieno",
            {"register": str(register.pk), "mark": [None, "A"], "reason": [None, "sick"]},
        ),
    ]
    assert trail("register.taken")[0][2] == {"roll": 2}


def test_a_part_of_the_roll_leaves_the_register_open(school: Company) -> None:
    register = open_one(school)
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "P"}], by=school.teacher, at=AT)
    register.refresh_from_db()
    assert (register.status, register.taken_by) == ("open", None)


def test_a_change_is_told_with_before_and_after(school: Company) -> None:
    register = open_one(school)
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "P"}], by=school.teacher, at=AT)
    services.mark(
        register=register,
        marks=[{"student": school.amani.pk, "code": "L", "minutes_late": 22}],
        by=school.head,
        at=LATER,
    )
    told = trail("attendance.marked")[-1]
    assert told[2] == {"register": str(register.pk), "mark": ["P", "L"], "minutes_late": [None, 22]}
    mark = register.marks.get(student=school.amani)
    assert (mark.code, mark.minutes_late, mark.marked_by, mark.marked_at) == ("L", 22, school.head, LATER)


def test_the_same_save_twice_changes_nothing(school: Company) -> None:
    register = open_one(school)
    lines: list[services.Line] = [{"student": school.amani.pk, "code": "A", "reason": "sick"}]
    services.mark(register=register, marks=lines, by=school.teacher, at=AT)
    register.refresh_from_db()
    version, entries = register.version, Entry.objects.count()
    outcome = services.mark(register=register, marks=lines, by=school.teacher, at=LATER)
    register.refresh_from_db()
    assert (outcome.saved, outcome.unchanged) == (0, 1)
    assert (register.version, Entry.objects.count()) == (version, entries)
    assert register.marks.get().marked_at == AT


def test_the_newest_wins_for_each_student(school: Company) -> None:
    register = open_one(school)
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "L"}], by=school.head, at=LATER)
    outcome = services.mark(
        register=register,
        marks=[{"student": school.amani.pk, "code": "A"}, {"student": school.brian.pk, "code": "P"}],
        by=school.teacher,
        at=AT,
    )
    assert outcome.saved == 1
    assert [(mark.student_id, mark.code) for mark in outcome.stale] == [(school.amani.pk, "L")]
    assert said(register) == {"Amani": ("L", None, None), "Brian": ("P", None, None)}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"code": "X"}, "X is not a mark. Use one of: P, A, L, E."),
        ({"code": ""}, " is not a mark. Use one of: P, A, L, E."),
        ({"code": "p"}, "p is not a mark. Use one of: P, A, L, E."),
        ({"code": "P", "reason": "sick"}, "A reason belongs to absent, late or excused."),
        ({"code": "A", "reason": "aliens"}, "aliens is not one of the school's reasons."),
        ({"code": "A", "minutes_late": 5}, "Minutes belong to late."),
        ({"code": "P", "minutes_late": 0}, "Minutes belong to late."),
        ({"code": "L", "minutes_late": -1}, "-1 minutes is not possible. Type 0 to 600."),
        ({"code": "L", "minutes_late": 601}, "601 minutes is not possible. Type 0 to 600."),
        ({"code": "L", "minutes_late": 10**30}, "100000000000 minutes is not possible. Type 0 to 600."),
        ({"code": "L", "minutes_late": "5"}, "Type the minutes as a whole number, 0 to 600."),
        ({"code": "L", "minutes_late": True}, "Type the minutes as a whole number, 0 to 600."),
    ],
)
def test_a_wrong_line_is_refused_in_words_and_leaves_nothing(school: Company, line: dict[str, Any], words: str) -> None:
    register = open_one(school)
    good: services.Line = {"student": school.brian.pk, "code": "P"}
    with pytest.raises(services.MarksRefused) as refusal:
        services.mark(register=register, marks=[good, {"student": school.amani.pk, **line}], by=school.teacher, at=AT)
    assert refusal.value.errors == {str(school.amani.pk): [words]}
    nothing_changed(register)


@pytest.mark.parametrize("minutes", [0, 600, None])
def test_minutes_may_be_0_to_600_or_not_known(school: Company, minutes: int | None) -> None:
    register = open_one(school)
    services.mark(
        register=register,
        marks=[{"student": school.amani.pk, "code": "L", "minutes_late": minutes}],
        by=school.teacher,
        at=AT,
    )
    assert register.marks.get().minutes_late == minutes


@pytest.mark.parametrize("who", ["zawadi", "nobody", "nonsense"])
def test_only_learners_of_the_class_are_marked(school: Company, cast: Cast, who: str) -> None:
    register = open_one(school)
    student = {"zawadi": str(school.zawadi.pk), "nobody": str(uuid.uuid4()), "nonsense": "../../etc"}[who]
    with pytest.raises(services.MarksRefused) as refusal:
        services.mark(register=register, marks=[{"student": student, "code": "P"}], by=school.teacher, at=AT)
    assert refusal.value.errors == {student: ["Not in this class on this day."]}
    nothing_changed(register)


def test_a_student_named_twice_is_refused(school: Company) -> None:
    register = open_one(school)
    with pytest.raises(services.MarksRefused) as refusal:
        services.mark(
            register=register,
            marks=[{"student": school.amani.pk, "code": "P"}, {"student": school.amani.pk, "code": "A"}],
            by=school.teacher,
            at=AT,
        )
    assert refusal.value.errors == {str(school.amani.pk): ["Marked twice in one save."]}
    nothing_changed(register)


def test_the_roll_is_that_of_the_day(school: Company) -> None:
    school.brian.enrolments.update(ends_on=date(2026, 6, 12), exit_code="left")
    assert said(
        services.mark_rest_present(register=open_one(school, date(2026, 6, 12)), by=school.teacher, at=AT).register
    ) == {"Amani": ("P", None, None), "Brian": ("P", None, None)}
    with pytest.raises(services.MarksRefused):
        services.mark(
            register=open_one(school), marks=[{"student": school.brian.pk, "code": "P"}], by=school.teacher, at=AT
        )


def test_tomorrow_is_refused(school: Company) -> None:
    with pytest.raises(services.InTheFuture):
        open_one(school, TODAY + timedelta(days=1))
    assert Register.objects.count() == 0


@pytest.mark.parametrize("day", [date(2026, 6, 14), date(2026, 4, 10), date(2026, 6, 15)])
def test_a_day_without_school_is_refused(school: Company, day: date) -> None:
    Holiday.objects.create(name="Founders", starts_on=date(2026, 6, 15), ends_on=date(2026, 6, 15))
    with pytest.raises(services.NotASchoolDay) as refusal:
        open_one(school, day)
    assert "is not a school day" in refusal.value.message
    assert Register.objects.count() == 0


def test_an_unknown_session_is_refused(school: Company) -> None:
    with pytest.raises(Unprocessable):
        open_one(school, session="midnight")


def test_the_rest_are_present_and_nobody_is_marked_over(school: Company) -> None:
    register = open_one(school)
    services.mark(register=register, marks=[{"student": school.brian.pk, "code": "A"}], by=school.teacher, at=AT)
    outcome = services.mark_rest_present(register=register, by=school.teacher, at=LATER)
    assert outcome.saved == 1
    assert said(register) == {"Amani": ("P", None, None), "Brian": ("A", None, None)}
    assert services.mark_rest_present(register=register, by=school.teacher, at=LATER).saved == 0


def test_a_save_is_whole_or_not_at_all(school: Company) -> None:
    with pytest.raises(services.MarksRefused):
        services.take(
            school_class=school.east,
            date=TODAY,
            session="morning",
            marks=[{"student": school.zawadi.pk, "code": "P"}],
            rest_present=True,
            by=school.teacher,
            at=AT,
        )
    assert (Register.objects.count(), AttendanceMark.objects.count()) == (0, 0)


def test_another_persons_newer_mark_is_a_conflict_that_names_them(school: Company) -> None:
    register = open_one(school)
    seen = register.version
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "L"}], by=school.head, at=AT)
    with pytest.raises(services.SavedByAnother) as refusal:
        services.mark(
            register=register,
            marks=[{"student": school.amani.pk, "code": "A"}, {"student": school.brian.pk, "code": "P"}],
            by=school.teacher,
            at=LATER,
            seen=seen,
        )
    assert refusal.value.status == 409
    assert refusal.value.errors == {str(school.amani.pk): ["Jane Njeri: Late"]}
    assert "Jane Njeri saved this register at 08:24" in refusal.value.message
    assert said(register) == {"Amani": ("L", None, None)}


def test_somebody_elses_marks_of_other_learners_are_no_conflict(school: Company) -> None:
    register = open_one(school)
    seen = register.version
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "L"}], by=school.head, at=AT)
    services.mark(
        register=register, marks=[{"student": school.brian.pk, "code": "P"}], by=school.teacher, at=LATER, seen=seen
    )
    assert said(register) == {"Amani": ("L", None, None), "Brian": ("P", None, None)}


def test_after_reading_again_the_other_mark_may_be_changed(school: Company) -> None:
    register = open_one(school)
    services.mark(register=register, marks=[{"student": school.amani.pk, "code": "L"}], by=school.head, at=AT)
    register.refresh_from_db()
    services.mark(
        register=register,
        marks=[{"student": school.amani.pk, "code": "A"}],
        by=school.teacher,
        at=LATER,
        seen=register.version,
    )
    assert said(register) == {"Amani": ("A", None, None)}


def test_the_cached_state_of_the_day_is_forgotten_on_commit(
    school: Company, django_capture_on_commit_callbacks: Any
) -> None:
    assert queries.day_state(TODAY).counted == 0
    with django_capture_on_commit_callbacks(execute=True):
        services.mark_rest_present(register=open_one(school), by=school.teacher, at=AT)
    assert queries.day_state(TODAY).counted == 2


def test_absences_are_brought_forward_and_replaced(school: Company) -> None:
    absences = {school.amani: 6, school.brian: 0}
    facts: dict[str, Any] = {"year": school.year, "source": "Old system", "by": school.registrar, "at": AT}
    assert services.bring_forward(absences=absences, **facts) == 2
    assert services.bring_forward(absences=absences, **facts) == 0
    assert services.bring_forward(absences={school.amani: 7}, **facts) == 1
    assert queries.brought_forward_total() == 7
    assert trail("attendance.brought_forward")[-1][2] == {"absences": [6, 7], "year": "2026"}
    totals = queries.term_totals([school.amani.pk], school.term)[school.amani.pk]
    assert (totals.absences, totals.percent) == (7, None)
    assert (
        services.take_back_brought_forward(
            year=school.year, students=[school.amani, school.brian], by=school.registrar, at=AT
        )
        == 2
    )
    assert BroughtForward.objects.count() == 0


@pytest.mark.parametrize("days", [-1, 367])
def test_impossible_totals_are_refused_whole(school: Company, days: int) -> None:
    with pytest.raises(services.MarksRefused) as refusal:
        services.bring_forward(
            year=school.year, absences={school.amani: 3, school.brian: days}, source="Old", by=None, at=AT
        )
    assert list(refusal.value.errors) == [str(school.brian.pk)]
    assert BroughtForward.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"code": "P", "reason": True}, {"code": "P", "minutes_late": 5}, {"code": "Z"}])
def test_the_database_refuses_what_the_service_would(school: Company, wrong: dict[str, Any]) -> None:
    register = open_one(school)
    if wrong.pop("reason", False):
        wrong["reason"] = AbsenceReason.objects.get(code="sick")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceMark.objects.create(register=register, student=school.amani, marked_at=AT, **wrong)
