"""Following up who is away: whom a message may mean, and the notice that goes to guardians after the cut-off time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from identity.models import User
from schools.academics import queries as academics
from schools.attendance import minutes, planned, policies, queries
from schools.attendance.choices import Code, Session
from schools.attendance.models import AbsenceNotice, AttendanceMark, Register, Rules
from schools.messaging import audiences
from schools.messaging import services as messaging
from schools.messaging.audiences import Audience
from schools.messaging.choices import Channel, Reader
from schools.messaging.models import Message
from schools.people.models import Student

SESSION = "morning"


def register() -> None:
    """Let messages mean those who are away today."""
    audiences.register(Audience("absent", gettext_lazy("Absent today"), _offered, students=absent, order=15))


def absent(value: str) -> QuerySet[Student]:
    """Who is marked absent today and has no leave."""
    away = AttendanceMark.objects.filter(register__date=clock.today(), register__session=SESSION, code=Code.ABSENT)
    return Student.objects.filter(pk__in=away.values("student"))


@transaction.atomic
def notify(*, by: User | None, at: datetime) -> Message | None:
    """Tell the guardians of those absent this morning who were not told yet, once the cut-off time has passed.

    Nobody is told of an absence that they asked for themselves. Whatever runs this again, and however often, a
    student's guardians are told once a day.
    """
    rules = Rules.objects.lock((Rules.objects.order_by("created_at").first() or Rules.objects.create()).pk)
    local = timezone.localtime(at)
    day = local.date()
    if not rules.notify or local.time() < rules.notify_after or not academics.is_school_day(day):
        return None
    marks = AttendanceMark.objects.filter(register__date=day, register__session=SESSION, code=Code.ABSENT)
    told = AbsenceNotice.objects.filter(date=day).values("student")
    waiting: list[UUID] = list(marks.exclude(student__in=told).order_by("student").values_list("student", flat=True))
    known = planned.of(waiting, day, SESSION)
    waiting = [pk for pk in waiting if pk not in known]
    if not waiting:
        return None
    AbsenceNotice.objects.bulk_create(AbsenceNotice(student_id=pk, date=day) for pk in waiting)
    audience = [{"key": "student", "value": str(pk)} for pk in waiting]
    channels = [Channel.IN_APP, *([Channel.SMS] if rules.notify_by_sms else [])]
    return messaging.tell(
        key="attendance.absent", once=f"absent:{day}:{waiting[0].hex}:{len(waiting)}", audience=audience,
        channels=channels, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def remind(*, by: User | None, at: datetime) -> list[Message]:
    """Remind the class teachers whose register of a session is still missing; once for each session of a day.

    The afternoon is asked for only where the school has called afternoon rolls of late.
    """
    rules = Rules.objects.order_by("created_at").first() or Rules()
    local = timezone.localtime(at)
    day = local.date()
    if not rules.remind or not academics.is_school_day(day):
        return []
    sent: list[Message] = []
    for session in Session.values:
        starts, ends = minutes.span(session, rules)
        if not (minutes.between(starts, local.time()) >= rules.remind_after and local.time() < ends):
            continue
        if session != SESSION and not _called_of_late(day, session):
            continue
        missing = [one.class_id for one in queries.count_day(day, session).missing if one.teacher]
        audience = [{"key": "class", "value": str(pk)} for pk in missing]
        message = messaging.tell(
            key="attendance.missing", once=f"missing:{day}:{session}", audience=audience, channels=[Channel.IN_APP],
            readers=(Reader.STAFF,), by=by, at=at,
        ) if missing else None  # fmt: skip
        sent += [message] if message else []
    return sent


def _called_of_late(day: date, session: str) -> bool:
    return Register.objects.filter(session=session, date__gte=day - timedelta(days=14), date__lte=day).exists()


def _offered(user: User) -> Sequence[tuple[str, str]]:
    return [("", _("Absent today"))] if policies.sees_all(user) else []
