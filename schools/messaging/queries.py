"""What may be read of messages, deliveries, credit and the board."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core import scope, text
from core.errors import NotFound
from identity import roles
from identity.models import Kind, User
from schools.messaging import audiences, policies, timing
from schools.messaging.choices import Channel, Entry, Reader, State
from schools.messaging.choices import Delivery as Step
from schools.messaging.models import Announcement, Credit, Delivery, Message, Receipt, Settings
from schools.people import queries as people
from schools.people.models import Student

SHOWN = 50


def visible_to(user: User) -> QuerySet[Message]:
    """Messages of the whole school for the office, one's own for other staff."""
    rows = Message.objects.select_related("written_by", "approved_by")
    if user.has_role(*roles.OFFICE):
        return rows
    return rows.filter(written_by=user) if policies.may_write(user) else rows.none()


def message_for(user: User, pk: UUID) -> Message:
    """One of them; raises NotFound."""
    found = visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This is not there, or not for you."))
    return found


def inbox(user: User) -> QuerySet[Delivery]:
    """What somebody got in the app, newest first."""
    rows = Delivery.objects.filter(user=user, channel=Channel.IN_APP, state=Step.DELIVERED)
    return rows.select_related("message").order_by("-created_at")


def unread(user: User) -> int:
    """How many of them were not opened, notices that wait for a confirmation included."""
    return inbox(user).filter(read_at=None).count()


def statistics(message: Message) -> list[dict[str, Any]]:
    """For each channel of a message how many deliveries stand where."""
    counted = message.deliveries.order_by().values("channel").annotate(
        all=Count("pk"),
        **{state: Count("pk", filter=Q(state=state)) for state in Step.values},
        read=Count("pk", filter=~Q(read_at=None)),
        cost=Sum("cost"),
        used=Sum("parts", filter=Q(state__in=(Step.SENT, Step.DELIVERED, Step.UNKNOWN))),
    )  # fmt: skip
    return [{**row, "label": Channel(row["channel"]).label} for row in counted]


def open_unknown() -> int:
    """Deliveries of which nobody knows whether they went out."""
    return Delivery.objects.filter(state=Step.UNKNOWN).count()


def paused() -> QuerySet[Message]:
    """Messages that wait for somebody to put something right."""
    return Message.objects.filter(state=State.PAUSED)


def waiting_for_approval() -> QuerySet[Message]:
    """Messages that a head must let go."""
    return Message.objects.filter(state=State.WAITING).select_related("written_by")


def parts_used(at: datetime) -> int:
    """The SMS parts used this month, what was given back left out."""
    moved = Credit.objects.filter(created_at__gte=timing.month_of(at), kind__in=(Entry.USED, Entry.BACK))
    return -(moved.aggregate(n=Sum("parts"))["n"] or 0)


def parts_left(at: datetime) -> int:
    """The SMS parts that may still be used this month: the plan's, and those that were added this month."""
    quota = int(scope.current_school().limits.get("sms_parts_per_month", 0))
    bought = (
        Credit.objects.filter(created_at__gte=timing.month_of(at), kind=Entry.BOUGHT).aggregate(n=Sum("parts"))["n"]
        or 0
    )
    return quota + bought - parts_used(at)


def phone_of(user: User) -> str:
    """The number of an account, or of the person it belongs to; empty when none is a number."""
    for number in (
        user.phone,
        *(getattr(row, "phone", "") for row in (people.staff_of(user), people.guardian_of(user))),
    ):
        try:
            return text.phone(number) if number else ""
        except ValueError:
            continue
    return ""


def email_of(user: User) -> str:
    """The e-mail address of an account, or of the person it belongs to."""
    people_ = (people.staff_of(user), people.guardian_of(user))
    found = user.email or next((row.email for row in people_ if row is not None and row.email), "")
    return found.lower()


def board(user: User, day: date) -> Sequence[Announcement]:
    """The notices that stand for somebody on a day, those to be kept on top first."""
    standing = Announcement.objects.filter(
        Q(until_day=None) | Q(until_day__gte=day), from_day__lte=day, withdrawn_at=None
    )
    standing = standing.select_related("written_by").annotate(
        was_read=Exists(Receipt.objects.filter(announcement=OuterRef("pk"), user=user))
    )
    return [row for row in standing[: SHOWN * 4] if _is_meant(row, user)][:SHOWN]


def announcements_for(user: User) -> QuerySet[Announcement]:
    """All that a writer may change: everything for the office, one's own for other staff."""
    rows = Announcement.objects.select_related("written_by").annotate(readers_so_far=Count("receipts"))
    if user.has_role(*roles.OFFICE):
        return rows
    return rows.filter(written_by=user) if policies.may_announce(user) else rows.none()


def announcements_visible_to(user: User, day: date) -> QuerySet[Announcement]:
    """All for the office and programs; for others what stands for them, and what they wrote themselves."""
    rows = Announcement.objects.all()
    if user.kind == Kind.SERVICE or user.has_role(*roles.OFFICE):
        return rows
    standing = [row.pk for row in board(user, day)]
    return rows.filter(Q(pk__in=standing) | Q(written_by=user))


def announcement_for(user: User, pk: UUID, day: date) -> Announcement:
    """One that stands for somebody, or that they may change; raises NotFound."""
    found = announcements_for(user).filter(pk=pk).first()
    if found is None:
        found = next((row for row in board(user, day) if row.pk == pk), None)
    if found is None:
        raise NotFound(_("This is not there, or not for you."))
    return found


def expected_readers(row: Announcement) -> set[UUID]:
    """The accounts that a notice is meant for."""
    found: set[UUID] = set()
    students = audiences.students_of(row.audience)
    if Reader.STUDENTS in row.readers:
        found |= set(students.filter(user__isnull=False).values_list("user", flat=True))
    if Reader.GUARDIANS in row.readers:
        found |= set(
            students.filter(guardianships__guardian__user__isnull=False, guardianships__sees_portal=True).values_list(
                "guardianships__guardian__user", flat=True
            )
        )
    if Reader.STAFF in row.readers:
        found |= set(audiences.staff_of(row.audience).filter(user__isnull=False).values_list("user", flat=True))
    return {pk for pk in found if pk}


def _is_meant(row: Announcement, user: User) -> bool:
    if row.written_by_id == user.pk or user.has_role(*roles.OFFICE):
        return True
    colleague = Reader.STAFF in row.readers and user.has_role(*roles.STAFF)
    if colleague and audiences.staff_of(row.audience).filter(user=user).exists():
        return True
    children: QuerySet[Student] = audiences.students_of(row.audience)
    if Reader.STUDENTS in row.readers and user.has_role(roles.STUDENT) and children.filter(user=user).exists():
        return True
    return (
        Reader.GUARDIANS in row.readers
        and user.has_role(roles.GUARDIAN)
        and children.filter(pk__in=people.children_of(user).values("student")).exists()
    )


def running_low(at: datetime) -> bool:
    """Whether fewer SMS parts are left than the school wants to be warned of; a school that sends none is not."""
    used = parts_used(at)
    settings = Settings.objects.order_by("created_at").first()
    return bool(used and settings and settings.provider != "console" and parts_left(at) < settings.balance_low)
