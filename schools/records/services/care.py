"""Care records, the looks at them, and alerts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from identity.models import User
from schools.people.models import Student
from schools.records.choices import Door
from schools.records.models import Alert, Care, Look

MOST_ALERTS = 12


class CareFacts(TypedDict, total=False):
    """What may be said in a care record."""

    allergies: str
    conditions: str
    medicines: str
    blood_group: str
    doctor: str
    need: str
    need_note: str
    religion: str


@transaction.atomic
def change_care(*, student: Student, by: User | None, at: datetime, **facts: Unpack[CareFacts]) -> Care:
    """Write a care record. The trail says which parts were changed, never what they say."""
    student = Student.objects.lock(student.pk)
    care = Care.objects.filter(student=student).first() or Care(student=student)
    texts = {name: facts.pop(name).strip() for name in ("conditions", "need_note") if name in facts}
    changes = saving.put(care, facts)
    for name, text in texts.items():
        if getattr(care, name) != text:
            setattr(care, name, text.replace("\0", ""))
            changes[name] = []
    if changes:
        saving.check(care, {})
        care.save()
        audit.record("care.changed", on=student, by=by, at=at, changes={"parts": sorted(changes)})
    return care


@transaction.atomic
def note_look(
    *, student: Student, groups: Sequence[str], by: User | None, at: datetime, door: str = Door.PAGE
) -> Look | None:
    """Note that somebody saw parts of a care record; seeing nothing is no look."""
    if not groups:
        return None
    name = str(by) if by is not None else ""
    return Look.objects.create(student=student, by=by, name=name[:150], groups=list(groups), door=door, at=at)


@transaction.atomic
def add_alert(
    *, student: Student, text: str, severity: str, audience: str, by: User | None, at: datetime,
    until: date | None = None,
) -> Alert:  # fmt: skip
    """Have something stand out on a student's page."""
    student = Student.objects.lock(student.pk)
    if student.alerts.count() >= MOST_ALERTS:
        raise saving.wrong("text", _("A student has at most %(n)s alerts. End one first.") % {"n": MOST_ALERTS})
    alert = Alert(student=student)
    saving.put(alert, {"text": text, "severity": severity, "audience": audience, "until": until})
    saving.check(alert, {})
    alert.save()
    audit.record("alert.added", on=student, by=by, at=at, changes={"alert": [None, alert.text]})
    return alert


@transaction.atomic
def end_alert(*, alert: Alert, by: User | None, at: datetime) -> None:
    """Take an alert down."""
    alert = Alert.objects.lock(alert.pk)
    audit.record("alert.ended", on=alert.student, by=by, at=at, changes={"alert": [alert.text, None]})
    alert.delete()
