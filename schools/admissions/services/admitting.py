"""An accepted application becomes a student, step by step; what was done is not done again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict, DomainError
from identity.models import User
from schools.academics.models import SchoolClass
from schools.admissions import steps
from schools.admissions.choices import Stage
from schools.admissions.models import Application, StepDone
from schools.admissions.plan import Plan


def admit(
    *, application: Application, admission_number: str, school_class: SchoolClass, on: date, by: User | None,
    at: datetime,
) -> Application:  # fmt: skip
    """Take every step that was not taken yet, each in a transaction of its own: a crash between two goes on behind.

    Raises DomainError of the step that is refused; what was done before it stays and stands on the application.
    """
    if not admission_number.strip():
        raise saving.wrong("admission_number", _("Give the admission number."))
    plan = Plan(admission_number, school_class, on)
    for step in steps.in_order():
        _take(step, application, plan, by, at)
    with transaction.atomic():
        row = Application.objects.lock(application.pk)
        if not StepDone.objects.filter(application=row, key="done").exists():
            StepDone.objects.create(application=row, key="done", said=_("Admitted"), at=at)
            audit.record("application.admitted", on=row, by=by, at=at, changes={"number": admission_number})
        return row


@transaction.atomic
def _take(step: steps.Step, application: Application, plan: Plan, by: User | None, at: datetime) -> None:
    row = Application.objects.lock(application.pk)
    if row.stage != Stage.ACCEPTED:
        raise Conflict(_("Only an accepted application is admitted."))
    if StepDone.objects.filter(application=row, key=step.key).exists():
        return
    try:
        said = step.run(row, plan, by, at)
    except DomainError as error:
        error.message = f"{step.label}: {error.message}"
        raise
    StepDone.objects.create(application=row, key=step.key, said=said[:200], at=at)
