"""The school that a student comes to: agrees or declines, and takes them in."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, storage
from core.errors import Conflict
from identity.models import User
from schools.academics import services as academics
from schools.academics.choices import EntryCode
from schools.academics.models import SchoolClass
from schools.details import services as details
from schools.people import photos
from schools.people import services as people
from schools.people.choices import Boarding, IdentifierType, Relationship, Sex
from schools.people.models import Guardian, Household, Student
from schools.records import services as records
from schools.transfers import package, queries
from schools.transfers.choices import State, Way
from schools.transfers.models import Transfer
from schools.transfers.services import sending
from tenants import context


@transaction.atomic
def bring(*, content: bytes, by: User | None, at: datetime) -> Transfer:
    """Take a package that came as a file; raises DomainError for one that was changed or is no package."""
    opened = package.read(content)
    student = opened.record["student"]
    name = " ".join(str(student[part]) for part in ("first_name", "middle_name", "last_name") if student[part])
    row = Transfer(
        way=Way.IN, state=State.OFFERED, name=name[:200], school_name=str(opened.record["school"]["name"])[:120],
        last_day=date.fromisoformat(opened.record["last_day"]), reason=str(opened.record["reason"])[:200],
    )  # fmt: skip
    row.package = storage.save(f"transfers/{row.pk}.zip", content)
    row.save()
    audit.record("transfer.brought", on=row, by=by, at=at, changes={"from": [None, row.school_name]})
    return row


@transaction.atomic
def agree(*, transfer: Transfer, yes: bool, answer: str, by: User, at: datetime) -> Transfer:
    """The head of the receiving school agrees, or declines with a reason; the sending school reads it at once."""
    row = _locked(transfer)
    if row.way != Way.IN or row.state != State.OFFERED:
        raise Conflict(_("This transfer does not wait for an answer."))
    if not yes and not answer.strip():
        raise saving.wrong("answer", _("Say why."))
    state = State.AGREED if yes else State.DECLINED
    _set(row, state, answer, by, at)
    action = "transfer.agreed" if yes else "transfer.declined"
    audit.record(action, on=row, by=by, at=at, changes={"from": row.school_name})
    _at_sender(row, state, answer, action, at)
    return row


@transaction.atomic
def take_in(
    *, transfer: Transfer, school_class: SchoolClass, on: date, admission_number: str, by: User, at: datetime
) -> Student:
    """Make the package a student here, and end their time at the sending school, together or not at all."""
    row = _locked(transfer)
    if row.way != Way.IN or row.state != State.AGREED:
        raise Conflict(_("The head agrees first."))
    opened = package.read(storage.read(row.package))
    known = queries.known_already(opened)
    if known:
        number, student = known[0]
        raise Conflict(
            _("%(number)s is the number of %(name)s, who is here already.")
            % {"number": number, "name": student.full_name}
        )
    student = _student(opened.record, row, admission_number, on, by, at)
    _guardians(opened.record, student, by, at)
    _files(opened, student, by, at)
    academics.enrol(student=student, school_class=school_class, on=on, entry_code=EntryCode.TRANSFER_IN, by=by, at=at)
    row.student = student
    _set(row, State.DONE, row.answer, by, at)
    audit.record("transfer.taken_in", on=student, by=by, at=at, changes={"from": [None, row.school_name]})
    _at_sender(row, State.DONE, "", "transfer.done", at)
    return student


def _locked(transfer: Transfer) -> Transfer:
    """The sender's row first, as it is locked there too: two schools that act at once wait in one order."""
    found = Transfer.objects.get(pk=transfer.pk)
    if found.other is not None:
        sender = queries.other_school(found.school)
        if sender is None:
            raise Conflict(_("The sending school is closed now. Try again later."))
        with context.in_school(sender):
            Transfer.objects.lock(found.other)
    return Transfer.objects.lock(transfer.pk)


def _set(row: Transfer, state: str, answer: str, by: User | None, at: datetime) -> None:
    row.state = state
    saving.put(row, {"answer": answer[:200], "decided_by": by, "decided_at": at})
    row.save()


def _at_sender(row: Transfer, state: str, answer: str, action: str, at: datetime) -> None:
    sender = queries.other_school(row.school) if row.other is not None else None
    if sender is None or row.other is None:
        return
    with context.in_school(sender):
        theirs = Transfer.objects.get(pk=row.other)
        theirs.state, theirs.answer = state, answer[:200]
        theirs.save()
        if theirs.student is not None:
            audit.record(action, on=theirs.student, by=None, at=at, changes={"to": theirs.school_name})
            if state == State.DONE:
                sending.end(row=theirs, by=None, at=at)


def _student(record: dict[str, Any], row: Transfer, number: str, on: date, by: User, at: datetime) -> Student:
    said = record["student"]
    born = said["date_of_birth"]
    student = people.admit(
        admission_number=number, first_name=said["first_name"], middle_name=said["middle_name"],
        last_name=said["last_name"], date_of_birth=date.fromisoformat(born) if born else None,
        sex=said["sex"] if said["sex"] in Sex.values else Sex.UNKNOWN,
        boarding=said["boarding"] if said["boarding"] in Boarding.values else Boarding.DAY,
        nationality=said["nationality"], county=said["county"], admitted_on=on, by=by, at=at,
    )  # fmt: skip
    for one in record["identifiers"]:
        if one["type"] in package.TRAVELS:
            issued = date.fromisoformat(one["issued_on"]) if one["issued_on"] else None
            people.add_identifier(student=student, type=one["type"], value=one["value"], issued_on=issued, by=by, at=at)
    people.add_identifier(
        student=student, type=IdentifierType.PREVIOUS, value=_previous(said["admission_number"], row), by=by, at=at
    )
    details.change(student=student, previous_school=row.school_name, by=by, at=at)
    return student


def _previous(number: str, row: Transfer) -> str:
    """Numbers of different schools may be the same: the school's name stands behind."""
    return f"{number} ({row.school_name})"[:60]


def _guardians(record: dict[str, Any], student: Student, by: User, at: datetime) -> None:
    """A guardian with the phone and first name of one who is here is that one, and their household is the child's."""
    household: Household | None = None
    for one in record["guardians"]:
        guardian: Guardian = people.find_or_add_guardian(
            first_name=one["first_name"], last_name=one["last_name"], phone=one["phone"], by=by, at=at
        )
        if one["email"] and not guardian.email:
            guardian = people.change_guardian(guardian=guardian, email=one["email"], by=by, at=at)
        kind = one["relationship"] if one["relationship"] in Relationship.values else Relationship.GUARDIAN
        people.link(student=student, guardian=guardian, relationship=kind, by=by, at=at)
        household = household or guardian.household
    if household is not None:
        people.change_student(student=student, household=household, by=by, at=at)


def _files(opened: package.Package, student: Student, by: User, at: datetime) -> None:
    record = opened.record
    if record["photo"]:
        photos.put(person=student, content=opened.files[record["photo"]], by=by, at=at)
    for one in record["documents"]:
        expires = date.fromisoformat(one["expires_on"]) if one["expires_on"] else None
        records.add_document(
            person=student, kind=one["kind"], name=one["name"], content=opened.files[one["file"]], expires_on=expires,
            by=by, at=at,
        )  # fmt: skip
    if record["care"]:
        records.change_care(student=student, by=by, at=at, **record["care"])
