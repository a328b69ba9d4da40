"""Guardians of an absent child are told once a day, after the cut-off time, on a school day."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from core import clock
from schools.attendance import following, services
from schools.attendance.models import AbsenceNotice
from schools.messaging import audiences
from schools.messaging import services as messaging
from schools.messaging.models import Delivery, Message, Template
from schools.people.models import Guardian
from tenants import context
from tests.cast import TODAY, Cast

Browse = Callable[..., Client]
TIMES = {
    "remind_after": "45",
    "morning_from": "08:00",
    "morning_until": "12:40",
    "afternoon_from": "14:00",
    "afternoon_until": "16:00",
}
TEN = datetime(2026, 6, 16, 10, 0, tzinfo=ZoneInfo("Africa/Nairobi"))


def mark(cast: Cast, code: str) -> None:
    services.take(
        school_class=cast.mwangaza.east, date=TODAY, session="morning", by=cast.mwangaza.teacher, at=clock.now(),
        marks=[{"student": cast.mwangaza.amani.pk, "code": code}],
    )  # fmt: skip


def told(cast: Cast, at: datetime = TEN) -> Message | None:
    return following.notify(by=None, at=at)


def test_guardians_of_an_absent_child_are_told_once(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        Guardian.objects.filter(pk=cast.mwangaza.rose.pk).update(phone="+254722418093")
        mark(cast, "A")
        message = told(cast)
        assert message is not None and (message.topic, message.channels) == ("attendance", ["in_app", "sms"])
        assert [told(cast), told(cast, TEN + timedelta(hours=2))] == [None, None]
        messaging.start(message_id=message.pk, by=None, at=TEN + timedelta(minutes=1))
        messaging.expand(message_id=message.pk, by=None, at=TEN)
        texts = {row.channel: row.text for row in Delivery.objects.all()}
        assert texts["sms"].startswith("Mwangaza School: Amani is not at school today, 16 June.")
        assert AbsenceNotice.objects.count() == 1


@pytest.mark.parametrize("code", ["P", "L", "E"])
def test_who_is_there_or_has_leave_is_not_told(cast: Cast, code: str) -> None:
    with context.in_school(cast.mwangaza.school):
        mark(cast, code)
        assert told(cast) is None and not AbsenceNotice.objects.exists()


def test_nobody_is_told_before_the_cut_off_nor_where_the_school_does_not_want_it(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        mark(cast, "A")
        assert told(cast, TEN.replace(hour=9, minute=29)) is None
        services.change_rules(notify=False, by=cast.mwangaza.head, at=TEN)
        assert told(cast) is None
        services.change_rules(notify=True, notify_by_sms=False, by=cast.mwangaza.head, at=TEN)
        message = told(cast)
        assert message is not None and message.channels == ["in_app"]


def test_an_absence_corrected_before_the_cut_off_is_not_told(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        mark(cast, "A")
        mark(cast, "L")
        assert told(cast) is None


def test_the_office_writes_to_those_absent_today(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        offered = {one.key for one, _options in audiences.offered(cast.mwangaza.head)}
        assert "absent" in offered
        assert "absent" not in {one.key for one, _options in audiences.offered(cast.mwangaza.teacher)}
        assert list(audiences.students_of([{"key": "absent", "value": ""}])) == []


def test_the_rules_are_changed_on_their_page(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    assert head.post("/attendance/rules/", {"notify_after": "late"}).status_code == 400
    assert head.post("/attendance/rules/", {**TIMES, "notify": "on", "notify_after": "08:45"}).status_code == 302
    with context.in_school(cast.mwangaza.school):
        mark(cast, "A")
        message = told(cast, TEN.replace(hour=8, minute=50))
        assert message is not None and message.channels == ["in_app"]


def test_teachers_are_reminded_of_a_missing_register_once_in_a_session(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        company = cast.mwangaza
        assert following.remind(by=None, at=TEN.replace(hour=8, minute=44)) == []
        [message] = following.remind(by=None, at=TEN.replace(hour=8, minute=45))
        assert (message.title, message.readers, message.channels) == (
            "Your register is not taken yet", ["staff"], ["in_app"],
        )  # fmt: skip
        assert {"key": "class", "value": str(company.east.pk)} in message.audience
        assert [following.remind(by=None, at=at) for at in (TEN, TEN.replace(hour=13))] == [[], []]
        assert following.remind(by=None, at=TEN.replace(hour=15)) == []


def test_the_afternoon_is_asked_for_where_afternoon_rolls_are_called(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        company = cast.mwangaza
        services.open_register(
            school_class=company.west, date=TODAY - timedelta(days=1), session="afternoon", by=None, at=TEN
        )
        [message] = following.remind(by=None, at=TEN.replace(hour=15))
        assert message.once == f"missing:{TODAY}:afternoon"


def test_nobody_is_reminded_where_registers_are_in_or_the_school_does_not_want_it(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        company = cast.mwangaza
        for one in (company.east, company.west):
            services.take(
                school_class=one, date=TODAY, session="morning", marks=[], rest_present=True, by=company.teacher,
                at=TEN,
            )  # fmt: skip
        assert following.remind(by=None, at=TEN) == []
        services.change_rules(remind=False, by=company.head, at=TEN)
        services.open_register(
            school_class=company.west, date=TODAY - timedelta(days=1), session="afternoon", by=None, at=TEN
        )
        assert following.remind(by=None, at=TEN.replace(hour=15)) == []


def test_a_school_that_lost_its_text_gets_the_usual_one(cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        Template.objects.all().delete()
        mark(cast, "A")
        message = told(cast)
        assert message is not None and message.title == "Not at school today"
        assert Template.objects.filter(key="attendance.absent").count() == 1
