"""What a phone sends in is taken once, in its own transaction, with the permission of now."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core import clock
from schools.attendance.models import AttendanceLog, AttendanceMark
from schools.offline import kinds, services
from schools.offline.models import Receipt
from tenants import context
from tests.cast import TODAY, Cast

Browse = Callable[..., Client]


def item(cast: Cast, code: str = "A", *, age: Any = 0, key: str = "", student: Any = None) -> dict[str, Any]:
    amani = cast.mwangaza.amani
    return {
        "id": key or str(uuid.uuid4()), "kind": "attendance.register", "age": age,
        "body": {
            "class": str(cast.mwangaza.east.pk), "date": TODAY.isoformat(), "session": "morning",
            "marks": [{"student": str(student or amani.pk), "code": code, "age": age}],
        },
    }  # fmt: skip


def send(cast: Cast, *items: Any, as_: str = "teacher") -> list[dict[str, Any]]:
    with context.in_school(cast.mwangaza.school):
        return services.receive(items=list(items), by=getattr(cast.mwangaza, as_), at=clock.now())


def test_an_item_sent_three_times_is_saved_once(cast: Cast) -> None:
    sent = item(cast)
    assert [send(cast, sent)[0]["state"] for _ in range(3)] == ["saved", "duplicate", "duplicate"]
    with context.in_school(cast.mwangaza.school):
        assert AttendanceMark.objects.count() == AttendanceLog.objects.count() == Receipt.objects.count() == 1


def test_the_newest_capture_wins_whichever_arrives_last(cast: Cast) -> None:
    send(cast, item(cast, "L", age=60_000), as_="head")
    [late] = send(cast, item(cast, "A", age=3_600_000))
    assert late["state"] == "partly_stale"
    assert late["lines"][0]["who"] == "Jane Njeri" and late["lines"][0]["code"] == "L"
    [newer] = send(cast, item(cast, "P", age=0))
    assert newer["state"] == "saved" and "Jane Njeri had said Late" in newer["lines"][0]["message"]
    with context.in_school(cast.mwangaza.school):
        assert AttendanceMark.objects.get().code == "P"
        told = AttendanceLog.objects.order_by("captured_at").values_list("code", "applied")
        assert list(told) == [("A", False), ("L", True), ("P", True)]


@pytest.mark.parametrize(
    ("age", "back"),
    [
        (0, timedelta(0)),
        (-5_000, timedelta(0)),
        (90_000, timedelta(seconds=90)),
        (10**15, timedelta(days=14)),
        ("x", timedelta(0)),
        (float("nan"), timedelta(0)),
        (True, timedelta(0)),
    ],
)
def test_a_phones_clock_counts_as_an_age_of_at_most_fourteen_days(age: Any, back: timedelta) -> None:
    at = clock.now()
    assert kinds.captured_at(age, at) == at - back


def test_a_refused_item_is_kept_with_what_it_said(cast: Cast) -> None:
    [answer] = send(cast, item(cast), as_="other_teacher")
    assert (answer["state"], answer["message"]) == ("rejected", "There is no such class among yours.")
    with context.in_school(cast.mwangaza.school):
        assert not AttendanceMark.objects.exists()
        assert Receipt.objects.get().body["marks"][0]["code"] == "A"


def test_one_refused_item_does_not_hold_up_the_others(cast: Cast) -> None:
    wrong = item(cast)
    wrong["body"]["date"] = "soon"
    unknown = {"id": str(uuid.uuid4()), "kind": "attendance.gate", "body": {}}
    assert [one["state"] for one in send(cast, wrong, unknown, item(cast))] == ["rejected", "rejected", "saved"]


def test_another_schools_student_is_left_out(cast: Cast) -> None:
    [answer] = send(cast, item(cast, student=cast.baraka.amani.pk))
    assert answer["state"] == "partly_stale" and "Not in this class any more" in answer["lines"][0]["message"]


def test_somebody_elses_item_is_not_answered_to_another(cast: Cast) -> None:
    key = str(uuid.uuid4())
    send(cast, item(cast, key=key))
    [answer] = send(cast, item(cast, key=key), as_="head")
    assert answer == {"id": key, "state": "rejected", "message": "Somebody else sent this already.", "lines": []}


@pytest.mark.parametrize("items", [None, {}, [1], [{}], [{"id": "x"}], [{"id": str(uuid.uuid4())}] * 51])
def test_what_is_no_list_of_items_is_refused_whole(cast: Cast, items: Any) -> None:
    with context.in_school(cast.mwangaza.school), pytest.raises(services.NotOurs):
        services.receive(items=items, by=cast.mwangaza.teacher, at=clock.now())


def test_what_a_register_was_told_cannot_be_changed(cast: Cast) -> None:
    send(cast, item(cast))
    with context.in_school(cast.mwangaza.school), pytest.raises(IntegrityError), transaction.atomic():
        AttendanceLog.objects.update(code="P")


def test_receipts_go_when_no_phone_can_still_send(cast: Cast) -> None:
    send(cast, item(cast))
    with context.in_school(cast.mwangaza.school):
        assert services.forget(by=None, at=clock.now() + timedelta(days=59)) == 0
        assert services.forget(by=None, at=clock.now() + timedelta(days=61)) == 1


def test_the_door_says_who_is_signed_in_and_keeps_the_queue_of_others(cast: Cast, browse: Browse) -> None:
    teacher = browse(cast.mwangaza.teacher)
    told = teacher.get("/outbox/").json()
    assert told["user"] == str(cast.mwangaza.teacher.pk) and told["token"]
    head = {"user": str(cast.mwangaza.head.pk), "items": [item(cast)]}
    assert teacher.post("/outbox/", head, content_type="application/json").status_code == 409
    assert browse(None, school=cast.mwangaza.school).get("/outbox/").status_code == 401
    with context.in_school(cast.mwangaza.school):
        assert not Receipt.objects.exists()
