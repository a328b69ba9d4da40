"""Whom a message reaches, by which address, with which words: one row for each address, siblings folded into one."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import formats, timezone, translation

from core import scope, text
from identity.models import User
from schools.academics import queries as academics
from schools.messaging import audiences, texts
from schools.messaging.choices import Channel, Reader, Topic, Why
from schools.messaging.models import Message, Preference, Suppression
from schools.people import queries as people
from schools.people.models import Guardian, Guardianship, Staff, Student

LANGUAGES = ("en", "sw")


@dataclass(slots=True)
class Person:
    """Somebody who is written to, and the students it is about."""

    name: str
    first_name: str
    language: str
    phone: str = ""
    email: str = ""
    user_id: UUID | None = None
    guardian: Guardian | None = None
    student: Student | None = None
    staff: Staff | None = None
    about: list[Student] = field(default_factory=list)


@dataclass(slots=True)
class Recipient:
    """One address of one person on one channel; `why` says why nothing goes there."""

    channel: str
    address: str
    person: Person
    text: str = ""
    parts: int = 0
    why: str = ""


def of(message: Message, *, at: datetime) -> list[Recipient]:
    """Everybody a message reaches and everybody it cannot, by name."""
    students = list(audiences.students_of(message.audience))
    folk = _people(message, students, at)
    rows = [row for person in folk for row in _addresses(person, message.channels)]
    rows = _folded(rows)
    _hold_back(rows, message)
    _write(rows, message, at)
    return sorted(rows, key=lambda row: (row.person.name, row.channel))


def _people(message: Message, students: list[Student], at: datetime) -> list[Person]:
    found: list[Person] = []
    if Reader.GUARDIANS in message.readers:
        found += _guardians(students, at)
    if Reader.STUDENTS in message.readers:
        found += [
            Person(one.short_name, one.first_name, _language(one.user), user_id=one.user_id, student=one, about=[one])
            for one in Student.objects.filter(pk__in=[one.pk for one in students]).select_related("user")
        ]
    if Reader.STAFF in message.readers:
        found += [
            Person(
                one.short_name, one.first_name, _language(one.user), phone=one.phone, email=one.email,
                user_id=one.user_id, staff=one,
            )
            for one in audiences.staff_of(message.audience).select_related("user")
        ]  # fmt: skip
    return found


def _guardians(students: list[Student], at: datetime) -> list[Person]:
    """Guardians who get messages about these students, no court standing between; each once with all their children."""
    by_pk = {one.pk: one for one in students}
    links = (
        Guardianship.objects.filter(people.unrestricted(timezone.localdate(at)), student__in=by_pk, gets_messages=True)
        .select_related("guardian__user")
        .order_by("call_order", "pk")
    )
    found: dict[UUID, Person] = {}
    for link in links:
        one = link.guardian
        person = found.get(one.pk)
        if person is None:
            language = one.language if one.language in LANGUAGES else "en"
            person = found[one.pk] = Person(
                one.short_name, one.first_name, language, phone=one.phone, email=one.email, user_id=one.user_id,
                guardian=one,
            )  # fmt: skip
        person.about.append(by_pk[link.student_id])
    return list(found.values())


def _language(user: User | None) -> str:
    return user.language if user is not None and user.language in LANGUAGES else "en"


def _addresses(person: Person, channels: Collection[str]) -> Iterable[Recipient]:
    for channel in channels:
        if channel in (Channel.SMS, Channel.WHATSAPP):
            yield _by_phone(person, channel)
        elif channel == Channel.EMAIL:
            yield _by_email(person)
        elif person.user_id is None:
            yield Recipient(channel, f"none:{_key(person)}", person, why=Why.NO_ACCOUNT)
        else:
            yield Recipient(channel, str(person.user_id), person)


def _by_phone(person: Person, channel: str) -> Recipient:
    if not person.phone:
        return Recipient(channel, f"none:{_key(person)}", person, why=Why.NO_ADDRESS)
    try:
        return Recipient(channel, text.phone(person.phone), person)
    except ValueError:
        return Recipient(channel, f"bad:{_key(person)}", person, why=Why.BAD_ADDRESS)


def _by_email(person: Person) -> Recipient:
    if not person.email:
        return Recipient(Channel.EMAIL, f"none:{_key(person)}", person, why=Why.NO_ADDRESS)
    try:
        validate_email(person.email)
    except ValidationError:
        return Recipient(Channel.EMAIL, f"bad:{_key(person)}", person, why=Why.BAD_ADDRESS)
    return Recipient(Channel.EMAIL, person.email.lower(), person)


def _key(person: Person) -> str:
    row = person.guardian or person.student or person.staff
    return str(row.pk) if row else ""


def _folded(rows: list[Recipient]) -> list[Recipient]:
    """One row for each address: two guardians with one phone, or a teacher who is a parent, get one message."""
    found: dict[tuple[str, str], Recipient] = {}
    for row in rows:
        first = found.setdefault((row.channel, row.address), row)
        if first is not row:
            known = {one.pk for one in first.person.about}
            first.person.about += [one for one in row.person.about if one.pk not in known]
    return list(found.values())


def _hold_back(rows: list[Recipient], message: Message) -> None:
    """Mark who does not want it: opted out of a channel altogether, or of this topic by this channel.

    An emergency goes past what somebody prefers, never past an opt-out.
    """
    addresses = {row.address for row in rows}
    out = set(Suppression.objects.filter(address__in=addresses).values_list("channel", "address"))
    unwanted = set(
        Preference.objects.filter(address__in=addresses, topic=message.topic, wanted=False).values_list(
            "channel", "address"
        )
    )
    for row in rows:
        key = (row.channel, row.address)
        if row.why:
            continue
        if key in out:
            row.why = Why.OPTED_OUT
        elif key in unwanted and message.topic != Topic.EMERGENCY:
            row.why = Why.NOT_WANTED


def _write(rows: list[Recipient], message: Message, at: datetime) -> None:
    classes = academics.open_classes([one.pk for row in rows for one in row.person.about])
    today = timezone.localdate(at)
    days = {}
    for language in LANGUAGES:
        with translation.override(language):
            days[language] = formats.date_format(today, "j F")
    parts: dict[str, int] = {}
    for row in rows:
        person = row.person
        body = message.body_sw if person.language == "sw" and message.body_sw else message.body
        values = values_for(person, classes, days[person.language])
        row.text = texts.fill(body, values, children=max(1, len(person.about)))
        if row.channel == Channel.SMS and not row.why:
            if row.text not in parts:
                parts[row.text] = texts.size(row.text).parts
            row.parts = parts[row.text]


def values_for(person: Person, classes: Mapping[UUID, Any], day: str) -> dict[str, str]:
    """The fields of a text for one person."""
    rooms = list(dict.fromkeys(classes[one.pk].name for one in person.about if one.pk in classes))
    return {
        "children": texts.listed([one.first_name for one in person.about], person.language),
        "first_name": person.first_name,
        "name": person.name,
        "class": ", ".join(rooms),
        "school": scope.current_school().name,
        "date": day,
    }
