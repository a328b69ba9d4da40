"""A message reaches everybody once, whatever the provider does, and what nobody knows is never sent again by itself."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from core import clock
from core.errors import Conflict, DomainError
from schools.messaging import handing, queries, recipients, services
from schools.messaging.models import Credit, Delivery, Message, Report, Suppression
from schools.messaging.simulator import Server
from schools.people.models import Guardian, Guardianship
from tests.cast import Cast

ROSE = "+254722418093"


def write(cast: Cast, body: str = "Dear {first_name}, {children} {has|have} a trip.", **facts: Any) -> Message:
    company = cast.mwangaza
    Guardian.objects.filter(pk=company.rose.pk).update(phone=ROSE)
    chosen = {
        "audience": [{"key": "school", "value": ""}], "readers": ["guardians"], "channels": ["sms"],
        "title": "The trip", "body": body, "by": company.head, "at": clock.now(), **facts,
    }  # fmt: skip
    return services.write(**chosen)


def go(message: Message, cast: Cast, *, channels: tuple[str, ...] = ("sms",)) -> Message:
    """Send, as the jobs do it one after the other."""
    if message.state == "draft":
        services.send(message=message, by=cast.mwangaza.head, at=clock.now())
    services.start(message_id=message.pk, by=None, at=clock.now() + timedelta(seconds=1))
    services.expand(message_id=message.pk, by=None, at=clock.now())
    for channel in channels:
        handing.hand_over(message.pk, channel)
    message.refresh_from_db()
    return message


def test_siblings_are_folded_into_one_message(mwangaza: Cast, provider: Server) -> None:
    message = go(write(mwangaza), mwangaza)
    assert [one["message"] for one in provider.provider.messages] == ["Dear Rose, Amani and Zawadi have a trip."]
    row = Delivery.objects.get(message=message, channel="sms", address=ROSE)
    assert (row.state, row.parts, row.cost) == ("sent", 1, row.cost) and str(row.cost) == "0.8000"
    assert len(row.about) == 2 and message.state == "sent"


def test_kiswahili_goes_to_who_reads_it(mwangaza: Cast, provider: Server) -> None:
    Guardian.objects.filter(pk=mwangaza.mwangaza.rose.pk).update(language="sw")
    go(write(mwangaza, body_sw="Mpendwa {first_name}, {children} {ana|wana} safari."), mwangaza)
    assert provider.provider.messages[0]["message"] == "Mpendwa Rose, Amani na Zawadi wana safari."


def test_the_preview_says_who_is_reached_and_what_it_costs(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    message, rows = services.plan(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    assert (message.plan["people"], message.plan["parts"], message.plan["cost"]) == (1, 1, "0.80")
    assert [row.text for row in rows if not row.why] == ["Dear Rose, Amani and Zawadi have a trip."]
    assert provider.provider.messages == [] and not Delivery.objects.exists()


def test_who_cannot_be_reached_is_named_with_the_reason(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    for phone, why in (("", "no_address"), ("12", "bad_address")):
        Guardian.objects.filter(pk=mwangaza.mwangaza.rose.pk).update(phone=phone)
        assert [row.why for row in recipients.of(message, at=clock.now())] == [why]
    with pytest.raises(DomainError, match="Nobody can be reached"):
        services.send(message=message, by=mwangaza.mwangaza.head, at=clock.now())


def test_a_court_or_a_guardians_choice_keeps_messages_away(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    Guardianship.objects.filter(guardian=mwangaza.mwangaza.rose, student=mwangaza.mwangaza.amani).update(
        restricted_from=clock.today(), restriction="No contact"
    )
    assert [row.text for row in recipients.of(message, at=clock.now())] == ["Dear Rose, Zawadi has a trip."]
    Guardianship.objects.filter(student=mwangaza.mwangaza.zawadi).update(gets_messages=False)
    assert recipients.of(message, at=clock.now()) == []


def test_opt_outs_and_preferences_are_honoured_and_an_emergency_goes_past_the_latter(
    mwangaza: Cast, provider: Server
) -> None:
    message = write(mwangaza)
    services.prefer(channel="sms", address=ROSE, wanted={"general": False}, by=None, at=clock.now())
    assert [row.why for row in recipients.of(message, at=clock.now())] == ["not_wanted"]
    message.topic = "emergency"
    assert [row.why for row in recipients.of(message, at=clock.now())] == [""]
    services.opted_out(number=ROSE, by=None, at=clock.now())
    assert [row.why for row in recipients.of(message, at=clock.now())] == ["opted_out"]


def test_running_every_step_again_sends_nothing_twice(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    for _ in range(3):
        go(message, mwangaza)
        message.refresh_from_db()
    assert len(provider.provider.messages) == 1 and Delivery.objects.count() == 1
    assert queries.parts_used(clock.now()) == 1


@pytest.mark.parametrize(
    ("code", "state", "why"),
    [
        (403, "failed", "bad_address"),
        (404, "failed", "bad_address"),
        (406, "failed", "opted_out"),
        (407, "failed", "no_route"),
        (502, "failed", "refused"),
        (500, "queued", "broken"),
        (501, "queued", "broken"),
    ],
)
def test_each_status_of_the_provider_is_understood(
    mwangaza: Cast, provider: Server, code: int, state: str, why: str
) -> None:
    provider.provider.behave({"number": ROSE, "statusCode": code})
    go(write(mwangaza), mwangaza)
    row = Delivery.objects.get()
    assert (row.state, row.why) == (state, why)
    assert queries.parts_used(clock.now()) == 0  # what was not taken is not paid for
    assert Suppression.objects.filter(address=ROSE).exists() is (code == 406)


def test_what_can_heal_is_tried_again_later_and_not_for_ever(mwangaza: Cast, provider: Server) -> None:
    provider.provider.behave({"number": ROSE, "statusCode": 500})
    message = go(write(mwangaza), mwangaza)
    first = Delivery.objects.get()
    assert first.try_at > clock.now() + timedelta(seconds=20)
    handing.hand_over(message.pk, "sms")  # not due yet
    assert Delivery.objects.get().attempts == 1
    for _ in range(6):
        Delivery.objects.update(try_at=None)
        handing.hand_over(message.pk, "sms")
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("failed", 5)
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize("planned", [{"cut": True}, {"http": 500}, {"http": 504}])
def test_a_lost_answer_is_unknown_and_never_sent_again_by_itself(
    mwangaza: Cast, provider: Server, planned: dict[str, Any]
) -> None:
    provider.provider.behave({"next": [planned]})
    message = go(write(mwangaza), mwangaza)
    taken = len(provider.provider.messages)
    row = Delivery.objects.get()
    assert (row.state, row.why, message.state) == ("unknown", "lost", "sent")
    handing.hand_over(message.pk, "sms")
    assert len(provider.provider.messages) == taken
    assert queries.parts_used(clock.now()) == 1  # it may have gone


def test_a_worker_killed_in_the_call_leaves_it_unknown(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    services.send(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    services.start(message_id=message.pk, by=None, at=clock.now() + timedelta(seconds=1))
    services.expand(message_id=message.pk, by=None, at=clock.now())
    services.claim(message_id=message.pk, channel="sms", most=40, by=None, at=clock.now() - timedelta(minutes=5))
    handing.hand_over(message.pk, "sms")  # what the relay starts again
    assert Delivery.objects.get().state == "unknown" and provider.provider.messages == []


def test_a_late_report_settles_what_nobody_knew(mwangaza: Cast, provider: Server) -> None:
    provider.provider.behave({"next": [{"cut": True}]})
    go(write(mwangaza), mwangaza)
    [taken] = provider.provider.messages
    facts = {"id": taken["id"], "status": "Success", "phoneNumber": ROSE}
    for _ in range(3):
        services.report(facts=facts, by=None, at=clock.now())
    row = Delivery.objects.get()
    assert (row.state, row.provider_id, row.why) == ("delivered", taken["id"], "")
    assert Report.objects.count() == 1


def test_a_person_settles_what_nobody_knows(mwangaza: Cast, provider: Server) -> None:
    provider.provider.behave({"next": [{"http": 500}]})
    message = go(write(mwangaza), mwangaza)
    row = Delivery.objects.get()
    services.resolve(delivery=row, sent=False, by=mwangaza.mwangaza.head, at=clock.now())
    handing.hand_over(message.pk, "sms")
    assert Delivery.objects.get().state == "sent" and len(provider.provider.messages) == 1
    assert queries.parts_used(clock.now()) == 1
    with pytest.raises(Conflict):
        services.resolve(delivery=row, sent=True, by=mwangaza.mwangaza.head, at=clock.now())


@pytest.mark.parametrize(
    ("status", "reason", "state", "why"),
    [
        ("Success", "", "delivered", ""),
        ("Failed", "UserInBlackList", "failed", "opted_out"),
        ("Rejected", "DeliveryFailure", "failed", "not_delivered"),
        ("AbsentSubscriber", "", "failed", "expired"),
        ("Buffered", "", "sent", ""),
    ],
)
def test_reports_are_taken_once_and_what_is_final_stays(
    mwangaza: Cast, provider: Server, status: str, reason: str, state: str, why: str
) -> None:
    go(write(mwangaza), mwangaza)
    row = Delivery.objects.get()
    facts = {"id": row.provider_id, "status": status, "phoneNumber": ROSE, "failureReason": reason}
    services.report(facts=facts, by=None, at=clock.now())
    services.report(facts={**facts, "status": "Submitted"}, by=None, at=clock.now())
    row.refresh_from_db()
    assert (row.state, row.why) == (state, why)


def test_an_empty_balance_pauses_and_a_person_goes_on(mwangaza: Cast, provider: Server) -> None:
    provider.provider.behave({"balance": 0})
    message = go(write(mwangaza), mwangaza)
    assert (message.state, message.plan["stopped"]) == ("paused", "no_balance")
    assert Delivery.objects.get().state == "queued" and queries.parts_used(clock.now()) == 0
    provider.provider.behave({"balance": 5})
    services.resume(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    handing.hand_over(message.pk, "sms")
    message.refresh_from_db()
    assert message.state == "sent" and len(provider.provider.messages) == 1


def test_a_wrong_key_pauses_too(mwangaza: Cast, provider: Server) -> None:
    provider.provider.behave({"key": {"username": "mwangaza", "key": "another"}})
    assert go(write(mwangaza), mwangaza).plan["stopped"] == "refused"


def test_more_than_the_months_parts_is_refused_before_anything_goes(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    Credit.objects.create(parts=-9_999, kind="used", once=str(uuid4()))
    services.add_credit(parts=10, note="", once="a", by=mwangaza.mwangaza.head, at=clock.now())
    services.add_credit(parts=10, note="", once="a", by=mwangaza.mwangaza.head, at=clock.now())
    assert queries.parts_left(clock.now()) == 11
    Credit.objects.create(parts=-11, kind="used", once=str(uuid4()))
    with pytest.raises(DomainError, match="takes 1 SMS parts; 0 are left"):
        services.send(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    assert Message.objects.get().state == "draft"


def test_what_costs_more_waits_for_the_head(mwangaza: Cast, provider: Server) -> None:
    company = mwangaza.mwangaza
    services.change_settings(approval_above="0.50", by=company.head, at=clock.now())
    message = write(mwangaza, by=company.registrar)
    services.send(message=message, by=company.registrar, at=clock.now())
    message.refresh_from_db()
    assert message.state == "waiting"
    services.approve(message=message, by=company.head, at=clock.now())
    message.refresh_from_db()
    assert (message.state, message.approved_by) == ("scheduled", company.head)
    assert go(message, mwangaza).state == "sent"


def test_quiet_hours_put_off_all_but_an_emergency(mwangaza: Cast, provider: Server) -> None:
    company = mwangaza.mwangaza
    held = services.change_settings(quiet_from="20:00", quiet_until="06:30", by=company.head, at=clock.now())
    night = clock.now().replace(hour=19, minute=30)  # 22:30 in Nairobi
    message = write(mwangaza, at=night)
    services.send(message=message, by=company.head, at=night)
    message.refresh_from_db()
    held.refresh_from_db()
    assert f"{held.quiet_from:%H:%M}" == "20:00" and f"{message.send_at:%H:%M}" == "03:30"  # 06:30 in Nairobi
    assert services.start(message_id=message.pk, by=None, at=night) is None
    urgent = write(mwangaza, topic="emergency", at=night)
    services.send(message=urgent, by=company.head, at=night)
    urgent.refresh_from_db()
    assert urgent.send_at == night


def test_stopping_keeps_back_what_has_not_gone(mwangaza: Cast, provider: Server) -> None:
    message = write(mwangaza)
    services.send(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    services.cancel(message=message, by=mwangaza.mwangaza.head, at=clock.now())
    assert go(Message.objects.get(), mwangaza).state == "cancelled" and provider.provider.messages == []


def test_a_system_message_is_told_once(mwangaza: Cast, provider: Server) -> None:
    audience = [{"key": "school", "value": ""}]
    told = [
        services.tell(key="attendance.absent", once="a1", audience=audience, channels=["sms"], by=None, at=clock.now())
        for _ in range(3)
    ]
    assert [bool(one) for one in told] == [True, False, False] and Message.objects.count() == 1


def test_the_key_is_sealed_and_in_no_record(mwangaza: Cast, provider: Server) -> None:
    from audit.models import Entry
    from schools.messaging.models import Settings

    row = Settings.objects.get()
    assert "atsk_1" not in row.sealed_key and row.sealed_key
    assert not any("atsk_1" in str(one.changes) for one in Entry.objects.filter(action__startswith="messaging"))


def test_in_app_and_e_mail_travel_beside_sms(mwangaza: Cast, provider: Server, mailoutbox: list[Any]) -> None:
    Guardian.objects.filter(pk=mwangaza.mwangaza.rose.pk).update(email="rose@example.org")
    channels = ("in_app", "sms", "email")
    go(write(mwangaza, channels=channels), mwangaza, channels=channels)
    assert {row.channel: row.state for row in Delivery.objects.all()} == {
        "in_app": "delivered", "sms": "sent", "email": "sent"
    }  # fmt: skip
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [(["rose@example.org"], "The trip")]
    assert "Mwangaza School" in mailoutbox[0].from_email
    [held] = queries.inbox(mwangaza.mwangaza.guardian)
    assert queries.unread(mwangaza.mwangaza.guardian) == 1
    services.read(delivery_id=held.pk, by=mwangaza.mwangaza.guardian, at=clock.now())
    assert queries.unread(mwangaza.mwangaza.guardian) == 0
