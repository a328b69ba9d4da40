"""Courses of a modular programme: what must be passed before, who takes which, how it went."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from identity.models import User
from schools.academics.models import Term
from schools.curriculum import queries
from schools.curriculum.choices import Taking
from schools.curriculum.models import Course, CourseTaken
from schools.people.models import Student

MOST_CREDITS = Decimal(24)


class CourseFacts(TypedDict, total=False):
    """What may be said of a course."""

    programme: str
    code: str
    name: str
    credits: Decimal
    before: Sequence[UUID]


@transaction.atomic
def save_course(*, course: Course | None, by: User | None, at: datetime, **facts: Unpack[CourseFacts]) -> Course:
    """Offer a course, or change it; refuses what would have to be passed before itself, and names the way."""
    row = Course.objects.lock(course.pk) if course else Course()
    said = dict(facts)
    before = said.pop("before", None)
    if before is not None:
        said["before"] = sorted(str(pk) for pk in before)  # type: ignore[attr-defined]
    changes = saving.put(row, said)
    errors: dict[str, list[str]] = {}
    for name in ("programme", "code", "name"):
        if not text.tidy(getattr(row, name) or ""):
            errors[name] = [_("This is needed.")]
    wanted = [UUID(pk) for pk in row.before]
    if Course.objects.filter(pk__in=wanted).count() != len(wanted):
        errors["before"] = [_("Choose from the courses.")]
    way = queries.circle(row, wanted)
    if way:
        errors["before"] = [
            _("%(way)s: a course cannot come before itself.") % {"way": " → ".join(c.code for c in way)}
        ]
    saving.check(row, errors)
    if changes:
        taken = _("Another course has this code.")
        if Course.objects.filter(code__iexact=row.code).exclude(pk=row.pk).exists():
            raise saving.conflict("code", taken)
        saving.save(row, {"curriculum_course_code": ("code", taken)})
        action = "course.changed" if course else "course.offered"
        audit.record(
            action, on=row, by=by, at=at, changes={name: [str(v) for v in pair] for name, pair in changes.items()}
        )
    return row


@transaction.atomic
def take(
    *, student: Student, course: Course, term: Term, by: User | None, at: datetime, beyond: bool = False
) -> CourseTaken:
    """Enrol a student in a course for a term. Refused when something must be passed before (it is named), when the
    course is passed or running, and when the term would have too many credits, unless `beyond` is said.
    """
    student = Student.objects.lock(student.pk)
    held = CourseTaken.objects.filter(student=student, course=course)
    if held.filter(state=Taking.PASSED).exists():
        raise saving.wrong("course", _("%(course)s is passed already.") % {"course": course.code})
    if held.filter(state=Taking.ENROLLED).exists() or held.filter(term=term).exists():
        raise saving.wrong("course", _("%(course)s is taken already.") % {"course": course.code})
    lacking = queries.lacking(student, course)
    if lacking and not beyond:
        names = ", ".join(one.code for one in lacking)
        raise saving.wrong("course", _("Must be passed before: %(names)s.") % {"names": names})
    now = CourseTaken.objects.filter(student=student, term=term, state=Taking.ENROLLED).select_related("course")
    total = sum((one.course.credits for one in now), Decimal(0)) + course.credits
    if total > MOST_CREDITS and not beyond:
        said = {"n": f"{total.normalize():f}", "most": MOST_CREDITS}
        raise saving.wrong("course", _("That would be %(n)s credits in the term; at most %(most)s.") % said)
    row = CourseTaken.objects.create(student=student, course=course, term=term)
    audit.record("course.taken", on=student, by=by, at=at, changes={"course": [None, course.code], "term": term.name})
    return row


@transaction.atomic
def record(*, taken: CourseTaken, state: str, grade: str, by: User | None, at: datetime) -> CourseTaken:
    """Note how a course went."""
    row = CourseTaken.objects.lock(taken.pk)
    if state == Taking.ENROLLED:
        raise Conflict(_("Say how it went."))
    changes = saving.put(row, {"state": state, "grade": grade})
    saving.check(row, {})
    if changes:
        row.save()
        audit.record("course.recorded", on=row.student, by=by, at=at, changes={"course": row.course.code, **changes})
    return row
