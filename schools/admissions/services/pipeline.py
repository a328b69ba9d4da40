"""What the office does with applications, up to the offer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from core.errors import Conflict
from identity.models import User
from schools.academics.models import GradeLevel, SchoolClass
from schools.admissions import policies, queries, staging
from schools.admissions.choices import MOVES, Source, Stage
from schools.admissions.models import Application, Event, Form
from schools.admissions.services import applying

MOST_SUBJECTS = 12


@transaction.atomic
def enquire(
    *, form: Form, first_name: str, last_name: str, phone: str, email: str, grade_level: GradeLevel | None,
    by: User | None, at: datetime,
) -> Application:  # fmt: skip
    """Note somebody who asked at the office; the mailed link lets them fill in the form."""
    application = applying.begin(form=form, email=email, by=by, at=at, source=Source.OFFICE)
    application.answers = {"first_name": first_name, "last_name": last_name, "guardian_phone": phone}
    if grade_level is not None:
        application.answers["grade_level"] = str(grade_level.pk)
    saving.put(application, {"first_name": first_name, "last_name": last_name, "grade_level": grade_level})
    if not application.first_name:
        raise saving.wrong("first_name", _("Give the child’s first name."))
    application.is_draft, application.stage = False, Stage.ENQUIRY
    application.submitted_at = application.stage_since = at
    applying._refer(application)
    Event.objects.create(application=application, kind="enquiry", text=_("Asked at the office"), by=by, at=at)
    audit.record("application.noted", on=application, by=by, at=at, changes={"reference": application.reference})
    return application


@transaction.atomic
def move(*, applications: Sequence[Application], stage: str, by: User | None, at: datetime) -> int:
    """Move applications to a stage, all or none; raises Conflict naming the first that may not go there."""
    if stage not in Stage.values or stage == Stage.OFFERED:
        raise saving.wrong("stage", _("Choose a stage. An offer is made on the application’s own page."))
    said = _("Moved to: %(stage)s") % {"stage": Stage(stage).label}
    moved = 0
    for pk in sorted(application.pk for application in applications):
        row = Application.objects.lock(pk)
        if row.stage == stage:
            continue
        if stage not in MOVES[row.stage] or row.student_id:
            words = {"name": row.name, "from": row.get_stage_display(), "to": Stage(stage).label}
            raise Conflict(_("%(name)s cannot go from %(from)s to %(to)s.") % words)
        staging.to_stage(row, stage, said, by, at)
        moved += 1
    return moved


@transaction.atomic
def interview(*, application: Application, when: datetime, place: str, by: User | None, at: datetime) -> Application:
    """Invite to an interview, or change its time."""
    row = Application.objects.lock(application.pk)
    if row.stage != Stage.INTERVIEW and Stage.INTERVIEW not in MOVES[row.stage]:
        raise Conflict(_("There is no interview in this stage."))
    row.interview_at = when
    saving.put(row, {"interview_place": place})
    said = _("Interview on %(when)s, %(place)s") % {"when": f"{when:%Y-%m-%d %H:%M}", "place": row.interview_place}
    return staging.to_stage(row, Stage.INTERVIEW, said, by, at)


@transaction.atomic
def mark(*, application: Application, marks: Mapping[str, float], by: User | None, at: datetime) -> Application:
    """Note the entrance marks, each in per cent by subject."""
    row = Application.objects.lock(application.pk)
    if len(marks) > MOST_SUBJECTS or any(not 0 <= mark <= 100 for mark in marks.values()):
        raise saving.wrong("marks", _("Marks lie between 0 and 100."))
    if row.marks != dict(marks):
        audit.record("application.marked", on=row, by=by, at=at, changes={"marks": [row.marks, dict(marks)]})
        row.marks = dict(marks)
        row.save()
        Event.objects.create(application=row, kind="marked", text=_("Entrance marks noted"), by=by, at=at)
    return row


@transaction.atomic
def offer(
    *, application: Application, school_class: SchoolClass | None, until: date | None, reason: str, by: User,
    at: datetime,
) -> Application:  # fmt: skip
    """Offer a place; beyond the last one only the head, with a reason. Two who offer at once cannot give it twice."""
    form = Form.objects.lock(application.form_id)
    row = Application.objects.lock(application.pk)
    if row.stage != Stage.OFFERED and Stage.OFFERED not in MOVES[row.stage]:
        raise Conflict(_("No offer can be made in this stage."))
    if row.grade_level_id is None:
        raise saving.wrong("school_class", _("The application names no grade level."))
    if school_class is not None and (school_class.year_id, school_class.grade_level_id) != (
        form.year_id, row.grade_level_id,
    ):  # fmt: skip
        raise saving.wrong("school_class", _("Choose a class of the grade level and year applied for."))
    if until is not None and until < at.date():
        raise saving.wrong("until", _("This day is over."))
    places = queries.places_for(row)
    full = places is not None and places.left is not None and places.left <= 0 and row.stage != Stage.OFFERED
    if places is not None and full and not (reason.strip() and policies.may_override(by)):
        words = {"level": places.level.name, "n": places.places}
        said = _("All %(n)s places of %(level)s are taken or promised. The head may offer one more, with a reason.")
        raise Conflict(said % words, code="no_place", errors={"reason": [said % words]})
    row.offered_class, row.offer_until = school_class, until
    said = _("Place offered")
    if reason.strip():
        said = f"{said}: {reason.strip()[:300]}"
    staging.to_stage(row, Stage.OFFERED, said, by, at)
    return row


@transaction.atomic
def put_in_line(*, application: Application, place: int | None, reason: str, by: User | None, at: datetime) -> None:
    """Give a place in the waiting list by hand, with a reason; None gives it back to the rule."""
    row = Application.objects.lock(application.pk)
    if row.stage != Stage.WAITING:
        raise Conflict(_("Only the waiting list has places."))
    if place is not None and not reason.strip():
        raise saving.wrong("reason", _("Say why."))
    row.place_in_line = place
    row.save()
    words = _("Place %(n)s in the waiting list: %(why)s") % {"n": place, "why": reason.strip()[:200]}
    Event.objects.create(
        application=row, kind="line", text=words if place else _("Place in the waiting list by the rule"), by=by, at=at
    )
    audit.record("application.placed", on=row, by=by, at=at, changes={"place": [None, place], "reason": reason[:200]})


@transaction.atomic
def note(*, application: Application, text: str, by: User | None, at: datetime) -> Event:
    """Write something down about an application."""
    text = " ".join(text.replace("\0", "").split())[:500]
    if not text:
        raise saving.wrong("text", _("Write something."))
    return Event.objects.create(application=application, kind="note", text=text, by=by, at=at)
