"""Writing a message, seeing what it would do, and letting it go."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs, saving
from core.errors import Conflict, DomainError
from identity.models import User
from schools.messaging import audiences, policies, queries, recipients, seeds, texts, timing
from schools.messaging.choices import Channel, Reader, State, Topic
from schools.messaging.choices import Delivery as Step
from schools.messaging.gateways import registry
from schools.messaging.models import Delivery, Message, Settings
from schools.messaging.services.setting_up import set_up

MOST_AHEAD = timedelta(days=180)
EDITABLE = (State.DRAFT, State.WAITING, State.SCHEDULED)
TEXT = ("topic", "title", "body", "body_sw", "confidential", "send_at")


class NotSent(DomainError):
    """The message stays where it was; the sentence says what to change."""

    code = "not_sent"


@transaction.atomic
def write(
    *, audience: Any, readers: Sequence[str], channels: Sequence[str], by: User, at: datetime, **facts: Any
) -> Message:
    """Write a draft."""
    message = Message(written_by=by)
    _put(message, audience, readers, channels, facts, by=by, at=at)
    message.save()
    audit.record("message.written", on=message, by=by, at=at)
    return message


@transaction.atomic
def change(
    *,
    message: Message,
    audience: Any,
    readers: Sequence[str],
    channels: Sequence[str],
    by: User,
    at: datetime,
    **facts: Any,
) -> Message:
    """Change a message that has not gone; one that waited or was scheduled is a draft again."""
    message = _editable(message)
    _put(message, audience, readers, channels, facts, by=by, at=at)
    message.state, message.approved_by = State.DRAFT, None
    message.save()
    audit.record("message.changed", on=message, by=by, at=at)
    return message


@transaction.atomic
def plan(*, message: Message, by: User | None, at: datetime) -> tuple[Message, list[recipients.Recipient]]:
    """What sending would do: everybody reached or not, and the cost, kept on the message."""
    message.plan, rows = plan_of(message=message, by=by, at=at)
    if not message._state.adding:
        message.save(update_fields=["plan", "updated_at"])
    return message, rows


def plan_of(
    *, message: Message, at: datetime, by: User | None = None
) -> tuple[dict[str, Any], list[recipients.Recipient]]:
    """The same, kept nowhere: for a page that shows it."""
    rows = recipients.of(message, at=at)
    settings = Settings.objects.order_by("created_at").first() or Settings()
    parts = sum(row.parts for row in rows if not row.why)
    plan = {
        "channels": {
            channel: {
                "reached": sum(1 for row in rows if row.channel == channel and not row.why),
                "left_out": sum(1 for row in rows if row.channel == channel and row.why),
            }
            for channel in message.channels
        },
        "people": len({_who(row) for row in rows if not row.why}),
        "unreached": len({_who(row) for row in rows} - {_who(row) for row in rows if not row.why}),
        "parts": parts,
        "cost": str((parts * Decimal(settings.price)).quantize(Decimal("0.01"))),
        "currency": settings.currency,
    }
    return plan, rows


@transaction.atomic
def send(*, message: Message, by: User, at: datetime) -> Message:
    """Let a draft go: at once, when its time comes, after the quiet hours, or once the head approved what it costs."""
    message = _editable(message)
    if message.state != State.DRAFT:
        raise Conflict(_("This message is on its way already."))
    message, _rows = plan(message=message, by=by, at=at)
    settings = set_up(by=by, at=at)
    if not message.plan["people"]:
        raise NotSent(_("Nobody can be reached this way. Choose other people or another channel."))
    left = queries.parts_left(at)
    if message.plan["parts"] > left:
        raise NotSent(
            _("This takes %(need)d SMS parts; %(left)d are left this month. Shorten it, choose fewer, or add credit.")
            % {"need": message.plan["parts"], "left": max(0, left)}
        )
    costly = Decimal(message.plan["cost"]) > settings.approval_above
    if costly and not policies.may_approve(by):
        message.state = State.WAITING
        message.save(update_fields=["state", "updated_at"])
        audit.record("message.waits", on=message, by=by, at=at, changes={"cost": [None, message.plan["cost"]]})
        return message
    if costly:
        message.approved_by = by
    return _schedule(message, settings, by=by, at=at)


@transaction.atomic
def approve(*, message: Message, by: User, at: datetime) -> Message:
    """Let a costly message go that waited for it."""
    message = Message.objects.lock(message.pk)
    if message.state != State.WAITING:
        raise Conflict(_("This message does not wait for approval any more."))
    message.approved_by = by
    audit.record("message.approved", on=message, by=by, at=at, changes={"cost": [None, message.plan.get("cost")]})
    return _schedule(message, set_up(by=by, at=at), by=by, at=at)


@transaction.atomic
def refuse(*, message: Message, reason: str, by: User, at: datetime) -> Message:
    """Give a costly message back to who wrote it."""
    message = Message.objects.lock(message.pk)
    if message.state != State.WAITING:
        raise Conflict(_("This message does not wait for approval any more."))
    message.state, message.plan = State.DRAFT, {**message.plan, "refused": reason[:200]}
    message.save(update_fields=["state", "plan", "updated_at"])
    audit.record("message.refused", on=message, by=by, at=at, changes={"reason": [None, reason[:200]]})
    return message


@transaction.atomic
def start(*, message_id: Any, by: User | None, at: datetime) -> Message | None:
    """Begin to send what is scheduled; None when it was stopped, has begun, or is due later (then asked again)."""
    message = Message.objects.lock(message_id)
    if message.state != State.SCHEDULED:
        return None
    if message.send_at and message.send_at > at:
        jobs.later("messaging.start", delay=(message.send_at - at).total_seconds(), message_id=message.pk)
        return None
    message.state, message.started_at = State.SENDING, at
    message.save(update_fields=["state", "started_at", "updated_at"])
    jobs.later("messaging.expand", message_id=message.pk)
    return message


@transaction.atomic
def cancel(*, message: Message, by: User, at: datetime) -> Message:
    """Stop a message: before it goes, or what has not gone of one that is being sent."""
    message = Message.objects.lock(message.pk)
    if message.state in (State.SENT, State.CANCELLED, State.DRAFT):
        raise Conflict(_("There is nothing to stop any more."))
    message.deliveries.filter(state=Step.QUEUED).update(state=Step.LEFT_OUT, why="cancelled", settled_at=at)
    message.state, message.ended_at = State.CANCELLED, at
    message.save(update_fields=["state", "ended_at", "updated_at"])
    audit.record("message.cancelled", on=message, by=by, at=at)
    return message


@transaction.atomic
def resume(*, message: Message, by: User, at: datetime) -> Message:
    """Go on with a message that was paused, once what stopped it is put right."""
    message = Message.objects.lock(message.pk)
    if message.state != State.PAUSED:
        raise Conflict(_("This message is not paused any more."))
    message.state = State.SENDING
    message.plan = {name: value for name, value in message.plan.items() if name not in ("stopped", "said")}
    message.save(update_fields=["state", "plan", "updated_at"])
    audit.record("message.resumed", on=message, by=by, at=at)
    for channel in message.channels:
        jobs.later("messaging.hand_over", message_id=message.pk, channel=channel)
    return message


@transaction.atomic
def discard(*, message: Message, by: User, at: datetime) -> None:
    """Throw a draft away."""
    message = Message.objects.lock(message.pk)
    if message.state not in EDITABLE:
        raise Conflict(_("This message has gone; it stays in the records."))
    audit.record("message.discarded", on=message, by=by, at=at)
    message.delete()


@transaction.atomic
def send_test(*, message: Message, by: User, at: datetime) -> Message:
    """Send a message to who wrote it alone, as the first of its readers would get it."""
    _message, rows = plan(message=message, by=by, at=at)
    first = next((row for row in rows if not row.why), None)
    body = first.text if first else message.body
    test = Message.objects.create(
        topic=message.topic, title=_("Test: %(title)s") % {"title": message.title[:100]}, body=body, audience=[],
        readers=[], channels=message.channels, state=State.SENDING, started_at=at, written_by=by,
        once=f"test:{message.pk}:{at:%Y%m%d%H%M%S%f}", plan={"test": True},
    )  # fmt: skip
    addresses = {Channel.IN_APP: str(by.pk), Channel.SMS: queries.phone_of(by), Channel.EMAIL: by.email}
    made = [
        Delivery(
            message=test, channel=channel, address=addresses[Channel(channel)], name=by.full_name, user=by, text=body,
            parts=texts.size(body).parts if channel == Channel.SMS else 0,
        )
        for channel in message.channels
        if addresses.get(Channel(channel))
    ]  # fmt: skip
    if not made:
        raise NotSent(_("Your account has no phone number and no e-mail address to send a test to."))
    Delivery.objects.bulk_create(made)
    for row in made:
        jobs.later("messaging.hand_over", message_id=test.pk, channel=row.channel)
    return test


@transaction.atomic
def tell(
    *,
    key: str,
    once: str,
    audience: Sequence[Mapping[str, str]],
    channels: Sequence[str],
    by: User | None,
    at: datetime,
    readers: Sequence[str] = (Reader.GUARDIANS,),
) -> Message | None:
    """Send what the system says by itself, in the words of the school's template `key`; once for each `once`.

    None when the school switched the template off, or `once` was told before.
    """  # fmt: skip
    template = seeds.text_of(key)
    if template is None:
        return None
    message, made = Message.objects.get_or_create(
        once=once[:80],
        defaults={
            "topic": template.topic, "title": template.title or template.name, "body": template.body,
            "body_sw": template.body_sw, "audience": [dict(row) for row in audience], "readers": list(readers),
            "channels": [one for one in channels if one in registry.channels()], "written_by": by,
        },
    )  # fmt: skip
    return _schedule(message, set_up(by=by, at=at), by=by, at=at) if made else None


def _schedule(message: Message, settings: Settings, *, by: User | None, at: datetime) -> Message:
    due = max(message.send_at or at, at)
    if message.topic != Topic.EMERGENCY:
        due = timing.after_quiet(due, settings)
    message.state, message.send_at = State.SCHEDULED, due
    message.save()
    audit.record("message.scheduled", on=message, by=by, at=at, changes={"when": [None, due.isoformat()]})
    jobs.later("messaging.start", delay=max(0.0, (due - at).total_seconds()), message_id=message.pk)
    return message


def _put(
    message: Message, audience: Any, readers: Sequence[str], channels: Sequence[str], facts: Mapping[str, Any], *,
    by: User, at: datetime,
) -> None:  # fmt: skip
    message.audience = audiences.check(audience, by)
    message.readers = [one for one in Reader.values if one in readers]
    message.channels = [one for one in registry.channels() if one in channels]
    saving.put(
        message, {name: value for name, value in facts.items() if name in TEXT and name not in ("body", "body_sw")}
    )
    for name in ("body", "body_sw"):
        if name in facts:
            setattr(message, name, str(facts[name] or "").replace("\r\n", "\n").strip())
    errors: dict[str, list[str]] = {}
    if not message.readers:
        errors["readers"] = [_("Choose guardians, learners or staff.")]
    if not message.channels:
        errors["channels"] = [_("Choose at least one way to send it.")]
    for name in ("body", "body_sw"):
        if wrong := texts.problems(getattr(message, name)):
            errors[name] = wrong
    if message.send_at and not at - timedelta(minutes=1) < message.send_at <= at + MOST_AHEAD:
        last = formats.date_format(timezone.localdate(at + MOST_AHEAD), "j F Y")
        errors["send_at"] = [_("Choose a time from now to %(last)s.") % {"last": last}]
    saving.check(message, errors)


def _editable(message: Message) -> Message:
    message = Message.objects.lock(message.pk)
    if message.state not in EDITABLE:
        raise Conflict(_("This message is on its way already."))
    return message


def _who(row: recipients.Recipient) -> str:
    person = row.person
    known = person.guardian or person.student or person.staff
    return str(known.pk) if known else row.address
