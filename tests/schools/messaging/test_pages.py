"""Writing, seeing what it would do, sending and reading, as pages; the provider's calls back; the board."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from core import clock
from schools.messaging import handing, services
from schools.messaging.models import Announcement, Delivery, Message, Receipt, Suppression
from schools.messaging.simulator import Server
from schools.people.models import Guardian
from tenants import callbacks, context
from tests.cast import Cast

Browse = Callable[..., Client]
ROSE = "+254722418093"


@pytest.fixture
def rose(mwangaza: Cast) -> str:
    Guardian.objects.filter(pk=mwangaza.mwangaza.rose.pk).update(phone=ROSE)
    return ROSE


def written(**facts: Any) -> dict[str, Any]:
    return {
        "title": "The trip", "audience": ["school:"], "readers": ["guardians"], "channels": ["sms", "in_app"],
        "body": "Dear {first_name}, {children} {has|have} a trip.", "topic": "event", **facts,
    }  # fmt: skip


def test_a_message_is_written_seen_and_sent(mwangaza: Cast, rose: str, browse: Browse, provider: Server) -> None:
    head = browse(mwangaza.mwangaza.head)
    answer = head.post("/messages/new/", written())
    message = Message.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/messages/{message.pk}/")
    page = head.get(answer["Location"]).content.decode()
    assert "Dear Rose, Amani and Zawadi have a trip." in page and "Send to 1 person" in page
    assert re.search(r"KES.{0,20}0\.80", page) or "0.80" in page
    head.post(f"/messages/{message.pk}/act/", {"do": "send"})
    services.start(message_id=message.pk, by=None, at=clock.now() + timedelta(seconds=1))
    services.expand(message_id=message.pk, by=None, at=clock.now())
    for channel in ("sms", "in_app"):
        handing.hand_over(message.pk, channel)
    after = head.get(f"/messages/{message.pk}/").content.decode()
    assert "What became of it" in after and "Rose Barasa" in after
    guardian = browse(mwangaza.mwangaza.guardian)
    inbox = guardian.get("/messages/").content.decode()
    assert "The trip" in inbox and "New" in inbox
    one = Delivery.objects.get(channel="in_app")
    assert "Amani and Zawadi" in guardian.get(f"/messages/inbox/{one.pk}/").content.decode()
    guardian.post(f"/messages/inbox/{one.pk}/read/")
    assert Delivery.objects.get(channel="in_app").read_at is not None


def test_a_wrong_field_is_named_where_it_was_typed(mwangaza: Cast, browse: Browse) -> None:
    answer = browse(mwangaza.mwangaza.head).post("/messages/new/", written(body="Dear {nmae}"))
    assert answer.status_code == 400 and "{nmae} is not a field" in answer.content.decode()
    assert not Message.objects.exists()


def test_a_teacher_writes_to_their_own_classes_alone(mwangaza: Cast, browse: Browse) -> None:
    teacher = browse(mwangaza.mwangaza.teacher)
    page = teacher.get("/messages/new/").content.decode()
    assert f"class:{mwangaza.mwangaza.east.pk}" in page and f"class:{mwangaza.mwangaza.west.pk}" not in page
    assert teacher.post("/messages/new/", written()).status_code == 400
    assert teacher.post("/messages/new/", written(audience=[f"class:{mwangaza.mwangaza.west.pk}"])).status_code == 400
    assert teacher.post("/messages/new/", written(audience=[f"class:{mwangaza.mwangaza.east.pk}"])).status_code == 302


def test_a_confidential_text_is_hidden_from_the_office(mwangaza: Cast, rose: str, browse: Browse) -> None:
    company = mwangaza.mwangaza
    teacher = browse(company.teacher)
    teacher.post("/messages/new/", written(audience=[f"class:{company.east.pk}"], confidential="on", body="A secret"))
    address = f"/messages/{Message.objects.get().pk}/"
    assert "A secret" in teacher.get(address).content.decode()
    assert "A secret" in browse(company.head).get(address).content.decode()
    assert "A secret" not in browse(company.registrar).get(address).content.decode()


def test_preferences_hold_from_the_next_message_on(mwangaza: Cast, rose: str, browse: Browse) -> None:
    guardian = browse(mwangaza.mwangaza.guardian)
    assert ROSE in guardian.get("/messages/preferences/").content.decode()
    topics = ("general", "attendance", "fees", "marks", "event")
    wanted = {f"{channel}-{topic}": "1" for channel in ("in_app", "sms") for topic in topics if topic != "event"}
    guardian.post("/messages/preferences/", wanted)
    browse(mwangaza.mwangaza.head).post("/messages/new/", written())
    page = browse(mwangaza.mwangaza.head).get(f"/messages/{Message.objects.get().pk}/?show=left_out").content.decode()
    assert page.count("Does not want this kind this way") == 2


def test_the_provider_calls_back_by_a_token_and_three_times_have_one_effect(
    mwangaza: Cast, rose: str, browse: Browse, provider: Server
) -> None:
    head = browse(mwangaza.mwangaza.head)
    head.post("/messages/new/", written(channels=["sms"]))
    message = Message.objects.get()
    services.send(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    services.start(message_id=message.pk, by=None, at=clock.now() + timedelta(seconds=1))
    services.expand(message_id=message.pk, by=None, at=clock.now())
    handing.hand_over(message.pk, "sms")
    token = callbacks.token_of("sms")
    outside = Client(HTTP_HOST=django_settings.PLATFORM_DOMAIN)
    facts = {"id": Delivery.objects.get().provider_id, "status": "Success", "phoneNumber": ROSE}
    codes = [outside.post(f"/callbacks/sms/{token}/report/", facts).status_code for _ in range(3)]
    assert codes == [200, 200, 200]
    assert [(row.state, row.reports.count()) for row in Delivery.objects.all()] == [("delivered", 1)]
    assert outside.post(f"/callbacks/sms/{'0' * 32}/report/", facts).status_code == 404
    assert outside.post(f"/callbacks/sms/{token}/report/", {"id": "x"}).status_code == 200
    assert outside.get(f"/callbacks/sms/{token}/report/").status_code == 405
    outside.post(f"/callbacks/sms/{token}/opt-out/", {"senderId": "SHULE", "phoneNumber": ROSE})
    assert Suppression.objects.get().address == ROSE


def test_one_schools_token_never_touches_another_schools_delivery(
    mwangaza: Cast, rose: str, browse: Browse, provider: Server
) -> None:
    with context.in_school(mwangaza.baraka.school):
        theirs = callbacks.token_of("sms")
    row = Delivery.objects.create(
        message=Message.objects.create(title="T", body="x"), channel="sms", address=ROSE, name="Rose", text="x",
        state="sent", provider_id="ATXid_1",
    )  # fmt: skip
    outside = Client(HTTP_HOST=django_settings.PLATFORM_DOMAIN)
    outside.post(f"/callbacks/sms/{theirs}/report/", {"id": "ATXid_1", "status": "Success", "phoneNumber": ROSE})
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_notice_is_read_by_those_it_is_meant_for(mwangaza: Cast, browse: Browse) -> None:
    company = mwangaza.mwangaza
    answer = browse(company.head).post(
        "/messages/board/new/",
        {"title": "Sports day", "body": "On Friday", "audience": [f"class:{company.east.pk}"], "readers": ["guardians"],
         "from_day": clock.today().isoformat(), "must_confirm": "on"},
    )  # fmt: skip
    notice = Announcement.objects.get()
    assert answer["Location"] == f"/messages/board/{notice.pk}/"
    guardian = browse(company.guardian)
    assert "Please confirm" in guardian.get("/messages/board/").content.decode()
    guardian.post(f"/messages/board/{notice.pk}/confirm/")
    assert Receipt.objects.get().user == company.guardian
    assert "1 of 1 with an account" in browse(company.head).get(f"/messages/board/{notice.pk}/").content.decode()
    assert browse(company.student).get(f"/messages/board/{notice.pk}/").status_code == 404
    browse(company.head).post(f"/messages/board/{notice.pk}/withdraw/")
    assert "Sports day" not in guardian.get("/messages/board/").content.decode()


def test_the_settings_show_the_addresses_to_call_back_and_never_the_key(mwangaza: Cast, browse: Browse) -> None:
    head = browse(mwangaza.mwangaza.head)
    facts = {
        "provider": "africas_talking", "username": "mwangaza", "key": "atsk_secret", "sender": "SHULE", "price": "0.8",
        "quiet_from": "20:00", "quiet_until": "06:30", "approval_above": "2000", "balance_low": "200",
    }  # fmt: skip
    assert head.post("/messages/settings/", facts).status_code == 302
    page = head.get("/messages/settings/").content.decode()
    assert f"/callbacks/sms/{callbacks.known_token('sms')}/report/" in page and "atsk_secret" not in page
    assert head.post("/messages/settings/", {**facts, "sender": "SHU-LE!"}).status_code == 400
