"""What guardians consent to: each answer is a row, the newest counts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from identity.models import User
from schools.people.models import Guardian, Student
from schools.records.choices import Purpose
from schools.records.models import Consent


@transaction.atomic
def answer(
    *, student: Student, purpose: str, given: bool, guardian: Guardian | None, on_paper: bool, by: User | None,
    at: datetime,
) -> Consent:  # fmt: skip
    """Note yes or no to one purpose, by a guardian of the student and a date; the same answer again is not noted."""
    student = Student.objects.lock(student.pk)
    if purpose not in Purpose.values:
        raise saving.wrong("purpose", _("Choose what it is about."))
    if guardian is None or not student.guardianships.filter(guardian=guardian).exists():
        raise saving.wrong("guardian", _("Choose the guardian who answered."))
    last = student.consents.filter(purpose=purpose).first()
    if last is not None and (last.given, last.guardian_id) == (given, guardian.pk):
        return last
    row = Consent.objects.create(
        student=student, guardian=guardian, purpose=purpose, given=given, on_paper=on_paper, at=at, noted_by=by
    )
    said = {"purpose": purpose, "given": [last.given if last else None, given], "guardian": guardian.full_name}
    audit.record("consent.given" if given else "consent.refused", on=student, by=by, at=at, changes=said)
    return row
