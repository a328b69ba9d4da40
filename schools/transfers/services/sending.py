"""The school that a student leaves: prepares, approves, withdraws."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import ids, saving, scope, storage, text
from core.errors import Conflict
from identity.models import User
from schools.academics import services as academics
from schools.academics.choices import ExitCode
from schools.academics.models import Enrolment
from schools.people import services as people
from schools.people.choices import StudentStatus
from schools.people.models import Guardian, Student
from schools.transfers import package, queries
from schools.transfers.choices import OPEN, State, Way
from schools.transfers.models import Transfer
from tenants import context, lifecycle


@transaction.atomic
def ask(
    *, student: Student, school: UUID | None, school_name: str, reason: str, last_day: date,
    consented_by: Guardian | None, with_documents: bool, with_care: bool, by: User | None, at: datetime,
) -> Transfer:  # fmt: skip
    """Prepare a transfer for the head: to a school of the platform, or to one outside that is only named."""
    student = Student.objects.lock(student.pk)
    errors: dict[str, list[str]] = {}
    other = queries.other_school(school)
    if school is not None and (other is None or other.pk not in {one.pk for one in queries.schools()}):
        errors["school"] = [_("Choose one of the schools that take students over.")]
    if school is None and not text.tidy(school_name):
        errors["school_name"] = [_("Say which school.")]
    if consented_by is None or not student.guardianships.filter(guardian=consented_by).exists():
        errors["consented_by"] = [_("Choose the guardian who agrees.")]
    if student.status not in (StudentStatus.ENROLLED, StudentStatus.SUSPENDED):
        errors["student"] = [_("This student is not at the school any more.")]
    row = Transfer(way=Way.OUT, student=student, name=student.full_name, school=other.pk if other else None)
    facts = {
        "school_name": other.name if other else school_name, "reason": reason, "last_day": last_day,
        "consented_by": consented_by, "with_documents": with_documents, "with_care": with_care,
    }  # fmt: skip
    saving.put(row, facts)
    saving.check(row, errors)
    saving.save(row, {"transfers_one_open": ("student", _("A transfer of this student is under way already."))})
    audit.record("transfer.asked", on=student, by=by, at=at, changes={"to": [None, row.school_name]})
    return row


@transaction.atomic
def approve(*, transfer: Transfer, by: User, at: datetime) -> Transfer:
    """The head lets a student go. Outside the platform the student has left; a school of the platform is offered them.

    The other school's row and files are written in the same transaction: nobody is offered twice, or half.
    """
    row = Transfer.objects.lock(transfer.pk)
    if row.way != Way.OUT or row.state != State.ASKED or row.student is None:
        raise Conflict(_("This transfer does not wait for an approval."))
    sealed = package.write(row, row.student)
    row.package = storage.save(f"transfers/{row.pk}.zip", sealed)
    row.decided_by, row.decided_at = by, at
    if row.school is None:
        row.state = State.DONE
        row.save()
        end(row=row, by=by, at=at)
    else:
        other = queries.other_school(row.school)
        if other is None:
            raise Conflict(_("That school is not open now. Withdraw the transfer, or try again later."))
        here = scope.current_school()
        with context.in_school(other):
            theirs = Transfer(
                way=Way.IN, state=State.OFFERED, name=row.name, school_name=here.name, school=UUID(here.id),
                other=row.pk, reason=row.reason, last_day=row.last_day, with_documents=row.with_documents,
                with_care=row.with_care, id=ids.uuid7(),
            )  # fmt: skip
            theirs.package = storage.save(f"transfers/{theirs.pk}.zip", sealed)
            theirs.save(force_insert=True)
            audit.record("transfer.offered", on=theirs, by=None, at=at, changes={"from": [None, here.name]})
        row.other, row.state = theirs.pk, State.OFFERED
        row.save()
    audit.record("transfer.approved", on=row.student, by=by, at=at, changes={"to": row.school_name})
    return row


@transaction.atomic
def withdraw(*, transfer: Transfer, by: User, at: datetime) -> Transfer:
    """Take a transfer back before the student is taken in; the other school reads so."""
    row = Transfer.objects.lock(transfer.pk)
    if row.way != Way.OUT or row.state not in OPEN:
        raise Conflict(_("It is too late: the other school has decided."))
    other = queries.other_school(row.school)
    if row.other is not None and other is not None:
        with context.in_school(other):
            theirs = Transfer.objects.lock(row.other)
            if theirs.state not in OPEN:
                raise Conflict(_("It is too late: the other school has decided."))
            theirs.state = State.WITHDRAWN
            theirs.save()
            storage_path = theirs.package
            audit.record("transfer.withdrawn", on=theirs, by=None, at=at)
            _drop_later(other, storage_path)
    row.state, row.decided_by, row.decided_at = State.WITHDRAWN, by, at
    row.save()
    if row.student is not None:
        audit.record("transfer.withdrawn", on=row.student, by=by, at=at, changes={"to": row.school_name})
    return row


def _drop_later(school: object, path: str) -> None:
    """The package is no longer theirs to open."""

    def drop() -> None:
        with context.in_school(school):  # type: ignore[arg-type]
            storage.delete(path)

    transaction.on_commit(drop)


def end(*, row: Transfer, by: User | None, at: datetime) -> None:
    """The student's time at this school ends on the last day that was agreed."""
    assert row.student is not None
    present = Enrolment.objects.filter(student=row.student, ends_on=None).first()
    if present is None:
        people.end_student(student=row.student, status=StudentStatus.LEFT, on=row.last_day, by=by, at=at)
        return
    on = max(row.last_day, present.starts_on)
    academics.leave(student=row.student, on=on, exit_code=ExitCode.TRANSFER_OUT, by=by, at=at)


def list_school(*, takes: bool, by: User, at: datetime) -> None:
    """Put this school on the list of those that take students over, or off it."""
    here = scope.current_school()
    if takes != queries.takes_transfers():
        lifecycle.present(school_id=here.id, name=here.name, facts={queries.FACT: takes or None}, by=by, at=at)
