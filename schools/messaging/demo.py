"""What a demo school has said to its families: messages that went, one being written, notices on the board."""

from datetime import datetime, timedelta

from django.db.models import F

from schools.academics.models import SchoolClass
from schools.messaging import recipients
from schools.messaging.choices import Channel, State
from schools.messaging.choices import Delivery as Step
from schools.messaging.models import Announcement, Credit, Delivery, Message, Settings
from schools.people.models import Staff
from tenants import demo
from tenants.demo import Stage

SENT = (
    (
        "Mid-term break", "general", "school", 21,
        "{school} closes for the mid-term break on Friday at noon. {children} {is|are} expected back on Tuesday.",
    ),
    (
        "Sports day", "event", "school", 12,
        "Dear {first_name}, sports day is on Saturday from 9. {children} {needs|need} the house T-shirt.",
    ),
    (
        "Meeting of parents", "event", "class", 6,
        "Dear {first_name}, parents of {class} meet on Thursday at 14:00 in the hall.",
    ),
)  # fmt: skip
NOTICES = (
    ("Fees of next term", "The fee structure of next term is with the bursar. Ask there for instalments.", True, 3),
    ("Clinic day", "The county's clinic visits on Wednesday. Bring the child's card.", False, 8),
)  # fmt: skip


def load(stage: Stage) -> str:
    """Messages of the last weeks with their deliveries, a draft, and two notices."""
    Settings.objects.create(sender="SHULE")
    head = Staff.objects.filter(user__roles__contains=["head"]).select_related("user").first()
    by = head.user if head else None
    first = SchoolClass.objects.filter(year__ends_on__gte=stage.at.date()).order_by("name").first()
    deliveries = 0
    for title, topic, key, days, body in SENT:
        at = stage.at - timedelta(days=days)
        message = Message.objects.create(
            title=title, topic=topic, body=body, readers=["guardians"], channels=["in_app", "sms"], state=State.SENT,
            audience=[{"key": key, "value": str(first.pk) if key == "class" and first else ""}], written_by=by,
            started_at=at, ended_at=at + timedelta(minutes=2),
        )  # fmt: skip
        rows = [_row(row, message, at) for row in recipients.of(message, at=at)]
        Delivery.objects.bulk_create(rows, batch_size=1000)
        parts = sum(row.parts for row in rows if row.channel == Channel.SMS and not row.why)
        message.plan = {
            "people": len({row.guardian_id for row in rows if not row.why}), "parts": parts,
            "cost": f"{parts * 0.8:.2f}", "currency": "KES",
        }  # fmt: skip
        message.save()
        if parts:
            Credit.objects.create(parts=-parts, kind="used", message=message, once=f"demo:{message.pk}")
        deliveries += len(rows)
    Message.objects.filter(state=State.SENT).update(created_at=F("started_at"))
    for message in Message.objects.filter(state=State.SENT):
        message.deliveries.update(created_at=message.started_at)
    for title, body, confirm, days in NOTICES:
        Announcement.objects.create(
            title=title, body=body, audience=[{"key": "school", "value": ""}],
            readers=["guardians", "students", "staff"],
            from_day=stage.at.date() - timedelta(days=days), must_confirm=confirm, pinned=confirm, written_by=by,
        )  # fmt: skip
    return f"{len(SENT)} messages, {deliveries} deliveries"


def _row(row: recipients.Recipient, message: Message, at: datetime) -> Delivery:
    state = Step.LEFT_OUT if row.why else Step.DELIVERED
    why, said = row.why, ""
    if row.channel == Channel.SMS and not why and hash_of(row.address) % 23 == 0:
        state, why, said = Step.FAILED, "expired", "AbsentSubscriber"
    read = row.channel == Channel.IN_APP and hash_of(row.address) % 3
    return Delivery(
        message=message, channel=row.channel, address=row.address, name=row.person.name, guardian=row.person.guardian,
        user_id=row.person.user_id, about=[str(one.pk) for one in row.person.about], text=row.text, parts=row.parts,
        state=state, why=why, said=said, tried_at=None if row.why else at, settled_at=at, read_at=at if read else None,
    )  # fmt: skip


def hash_of(address: str) -> int:
    """The same number for an address in every run."""
    return sum(ord(letter) for letter in address)


demo.register("messaging", load, order=45)
