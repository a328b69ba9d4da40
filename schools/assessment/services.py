"""What changes scales, assessments and marks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict, DomainError
from identity.models import User
from schools.academics.models import SchoolClass, Subject, Term
from schools.assessment import grading, queries
from schools.assessment.choices import AssessmentStatus, Basis, Kind
from schools.assessment.models import Assessment, GradeBand, GradingScale, Mark
from schools.people.models import Student

LONGEST_REMARK = 300


class Entry(TypedDict):
    """What somebody enters for one student: a score, absent, or neither to clear; `seen_version` is what they saw.

    Without `remark` the one that is there stays.
    """

    student: UUID | str
    score: NotRequired[Decimal | int | str | None]
    absent: NotRequired[bool]
    remark: NotRequired[str | None]
    seen_version: NotRequired[str | None]


class BandIn(TypedDict):
    """One band of a scale, as every door hands it in."""

    code: str
    name: str
    lower: Decimal | int | str
    points: NotRequired[Decimal | int | str | None]


class Paper(TypedDict):
    """One subject of a sitting, and what it is out of."""

    subject: Subject
    maximum: Decimal


class ScaleRefused(DomainError):
    """The bands do not make a scale."""

    code = "scale_refused"


class AssessmentRefused(DomainError):
    """The assessment cannot be as described."""

    code = "assessment_refused"


class MarksRefused(DomainError):
    """At least one entry cannot be taken; none was. `errors` is keyed by student id."""

    code = "marks_refused"


class AssessmentClosed(Conflict):
    """Marks were handed in, or their time is over."""

    code = "assessment_closed"


class NotHandedIn(Conflict):
    """Marks that are still being entered cannot be published."""

    code = "not_handed_in"


class ChangedByAnother(Conflict):
    """Somebody else entered a mark since it was seen; no entry was taken. `errors` is keyed by student id."""

    code = "changed_by_another"


@dataclass(slots=True)
class Outcome:
    """What became of an entry of marks: the marks as they now are, by student, and how many rows changed."""

    assessment: Assessment
    marks: dict[UUID, Mark | None]
    changed: int = 0


# Scales


@transaction.atomic
def create_scale(
    *,
    name: str,
    basis: str,
    maximum: Decimal | int | str,
    bands: Sequence[BandIn],
    decimals: int = 0,
    is_default: bool = False,
    by: User | None,
    at: datetime,
) -> GradingScale:
    """Add a grading scale of the school's own."""
    scale = GradingScale(name=text.squash(name), basis=basis, maximum=_number(maximum, "maximum"), decimals=decimals)
    steps = _checked_bands(scale, bands)
    _clean(scale, ScaleRefused)
    saving.save(scale, {"assessment_scale_name": ("name", _("Another scale has this name."))})
    _write_bands(scale, steps)
    if is_default:
        _make_default(scale)
    audit.record("scale.created", on=scale, by=by, at=at, changes={"bands": [None, _band_words(steps)]})
    return scale


@transaction.atomic
def change_scale(
    *,
    scale: GradingScale,
    bands: Sequence[BandIn] | None = None,
    name: str | None = None,
    decimals: int | None = None,
    is_default: bool | None = None,
    by: User | None,
    at: datetime,
) -> GradingScale:
    """Change a scale. Marks of open assessments are graded anew; what was handed in keeps the grade it was given."""
    scale = GradingScale.objects.lock(scale.pk)
    before = {"name": scale.name, "decimals": scale.decimals, "bands": _band_words(queries.scale_of(scale).bands)}
    if name is not None:
        scale.name = text.squash(name)
    if decimals is not None:
        scale.decimals = decimals
    steps = _checked_bands(scale, bands) if bands is not None else queries.scale_of(scale).bands
    _clean(scale, ScaleRefused)
    saving.save(scale, {"assessment_scale_name": ("name", _("Another scale has this name."))})
    if bands is not None:
        scale.bands.all().delete()
        _write_bands(scale, steps)
    if is_default:
        _make_default(scale)
    after = {"name": scale.name, "decimals": scale.decimals, "bands": _band_words(steps)}
    regraded = _regrade(Assessment.objects.filter(scale=scale, status=AssessmentStatus.OPEN), by=by, at=at)
    changes: dict[str, Any] = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    audit.record("scale.changed", on=scale, by=by, at=at, changes={**changes, "regraded": regraded})
    return scale


# Assessments


@transaction.atomic
def create_assessment(
    *,
    school_class: SchoolClass,
    subject: Subject,
    term: Term,
    name: str,
    kind: str,
    maximum: Decimal | int | str,
    date: date,
    scale: GradingScale | None = None,
    closes_at: datetime | None = None,
    by: User | None,
    at: datetime,
) -> Assessment:
    """Set one paper: a subject assessed in a class, on a day of the term."""
    assessment = Assessment(
        school_class=school_class,
        subject=subject,
        term=term,
        name=text.squash(name),
        kind=kind,
        maximum=_number(maximum, "maximum"),
        date=date,
        scale=scale or queries.default_scale(),
        closes_at=closes_at,
    )
    _check_assessment(assessment)
    saving.save(assessment, {"assessment_assessment_once": ("name", _set_already(assessment))})
    audit.record(
        "assessment.created",
        on=assessment,
        by=by,
        at=at,
        changes={
            "class": school_class.name,
            "maximum": [None, str(assessment.maximum)],
            "date": [None, date.isoformat()],
        },
    )
    return assessment


@transaction.atomic
def create_sitting(
    *,
    school_class: SchoolClass,
    term: Term,
    name: str,
    kind: str,
    date: date,
    papers: Sequence[Paper],
    scale: GradingScale | None = None,
    closes_at: datetime | None = None,
    by: User | None,
    at: datetime,
) -> list[Assessment]:
    """Set the papers of one name in a class over several subjects at once."""
    if not papers:
        raise AssessmentRefused(
            _("Choose at least one subject."), errors={"subjects": [_("Choose at least one subject.")]}
        )
    scale = scale or queries.default_scale()
    return [
        create_assessment(
            school_class=school_class, subject=paper["subject"], term=term, name=name, kind=kind,
            maximum=paper["maximum"], date=date, scale=scale, closes_at=closes_at, by=by, at=at,
        )
        for paper in papers
    ]  # fmt: skip


@transaction.atomic
def change_assessment(*, assessment: Assessment, by: User | None, at: datetime, **fields: Any) -> Assessment:
    """Change name, kind, maximum, date, due time or scale of an open assessment; its marks are graded anew."""
    assessment = Assessment.objects.lock(assessment.pk)
    if assessment.status == AssessmentStatus.CLOSED:
        raise _closed(assessment)
    unknown = set(fields) - {"name", "kind", "maximum", "date", "closes_at", "scale"}
    if unknown:
        raise TypeError(f"Not of an assessment: {', '.join(sorted(unknown))}")
    if "maximum" in fields:
        fields["maximum"] = _number(fields["maximum"], "maximum")
    if "name" in fields:
        fields["name"] = text.squash(fields["name"])
    before = {key: getattr(assessment, key) for key in fields}
    for key, value in fields.items():
        setattr(assessment, key, value)
    _check_assessment(assessment)
    highest = assessment.marks.order_by("-score").exclude(score=None).values_list("score", flat=True).first()
    if highest is not None and highest > assessment.maximum:
        words = _("A mark of %(score)s is already entered. The maximum cannot be less.") % {
            "score": grading.plain(highest)
        }
        raise AssessmentRefused(words, errors={"maximum": [words]})
    saving.save(assessment, {"assessment_assessment_once": ("name", _set_already(assessment))})
    changes = {key: [str(before[key]), str(value)] for key, value in fields.items() if before[key] != value}
    if changes:
        _regrade(Assessment.objects.filter(pk=assessment.pk), by=by, at=at)
        audit.record("assessment.changed", on=assessment, by=by, at=at, changes=changes)
    return assessment


@transaction.atomic
def close(*, assessment: Assessment, by: User | None, at: datetime) -> Assessment:
    """Hand the marks in: nobody changes them until the office reopens them. Twice is as good as once."""
    assessment = Assessment.objects.lock(assessment.pk)
    if assessment.status == AssessmentStatus.CLOSED:
        return assessment
    assessment.status, assessment.closed_by, assessment.closed_at = AssessmentStatus.CLOSED, by, at
    assessment.save(update_fields=["status", "closed_by", "closed_at", "updated_at"])
    audit.record("assessment.closed", on=assessment, by=by, at=at, changes={"marks": assessment.marks.count()})
    return assessment


@transaction.atomic
def reopen(*, assessment: Assessment, by: User | None, at: datetime, closes_at: datetime | None = None) -> Assessment:
    """Let marks be entered again, until `closes_at` if given; what families saw of it is withdrawn."""
    assessment = Assessment.objects.lock(assessment.pk)
    if assessment.takes_marks(at):
        return assessment
    withdrawn = assessment.published_at is not None
    assessment.status, assessment.closed_by, assessment.closed_at = AssessmentStatus.OPEN, None, None
    assessment.published_by, assessment.published_at, assessment.closes_at = None, None, closes_at
    assessment.save()
    audit.record("assessment.reopened", on=assessment, by=by, at=at, changes={"withdrawn": withdrawn})
    return assessment


@transaction.atomic
def publish(*, assessments: Iterable[Assessment], by: User | None, at: datetime) -> int:
    """Show marks that were handed in to students and guardians; gives the number newly shown."""
    locked = [Assessment.objects.lock(one.pk) for one in sorted(assessments, key=lambda one: one.pk)]
    entering = [one for one in locked if one.status != AssessmentStatus.CLOSED]
    if entering:
        names = ", ".join(one.subject.name for one in entering)
        raise NotHandedIn(_("Hand in first: %(subjects)s.") % {"subjects": names})
    fresh = [one for one in locked if one.published_at is None]
    for one in fresh:
        one.published_by, one.published_at = by, at
        one.save(update_fields=["published_by", "published_at", "updated_at"])
    audit.record_many([("assessment.published", one, {}) for one in fresh], by=by, at=at)
    return len(fresh)


@transaction.atomic
def withdraw(*, assessments: Iterable[Assessment], by: User | None, at: datetime) -> int:
    """Hide published marks from students and guardians again; gives the number hidden."""
    locked = [Assessment.objects.lock(one.pk) for one in sorted(assessments, key=lambda one: one.pk)]
    shown = [one for one in locked if one.published_at is not None]
    for one in shown:
        one.published_by, one.published_at = None, None
        one.save(update_fields=["published_by", "published_at", "updated_at"])
    audit.record_many([("assessment.withdrawn", one, {}) for one in shown], by=by, at=at)
    return len(shown)


# Marks


@transaction.atomic
def enter_marks(*, assessment: Assessment, entries: Sequence[Entry], by: User | None, at: datetime) -> Outcome:
    """Write the marks of one assessment, all or nothing.

    Scores have at most two decimals. An entry with `seen_version` ("" for a mark that was not there) is refused when
    the mark was changed since, unless it says the same. Raises MarksRefused, ChangedByAnother or AssessmentClosed.
    """
    assessment = Assessment.objects.lock(assessment.pk)
    if not assessment.takes_marks(at):
        raise _closed(assessment)
    roll = {student.pk: student for student in queries.sitters(assessment)}
    wanted, errors = _checked_entries(assessment, entries, roll)
    held = {m.student_id: m for m in assessment.marks.filter(student__in=wanted).select_related("entered_by")}
    remarked = {_uuid(entry["student"]) for entry in entries if entry.get("remark") is not None}
    scale = queries.scale_of(assessment.scale)
    outcome = Outcome(assessment, {})
    writes: list[tuple[Mark, Mark | None]] = []
    clears: list[Mark] = []
    conflicts: dict[str, list[str]] = {}
    for student_id, (new, seen) in wanted.items():
        old = held.get(student_id)
        outcome.marks[student_id] = old
        if new is not None and old is not None and student_id not in remarked:
            new.remark = old.remark
        if _same(old, new):
            continue
        if seen is not None and seen != (old.version if old else ""):
            conflicts[str(student_id)] = [_changed_words(old)]
        elif new is None:
            assert old is not None
            clears.append(old)
        else:
            new.grade = scale.band(new.score, assessment.maximum).code if new.score is not None else ""
            new.entered_by, new.entered_at = by, at
            writes.append((new, old))
    if errors:
        raise MarksRefused(
            _("Nothing was saved: %(n)d to correct.") % {"n": len(errors)}, errors={**errors, **conflicts}
        )
    if conflicts:
        raise ChangedByAnother(next(iter(conflicts.values()))[0], errors=conflicts)
    _write_marks(assessment, writes, clears, roll, by=by, at=at)
    outcome.changed = len(writes) + len(clears)
    outcome.marks.update({new.student_id: new for new, _old in writes})
    outcome.marks.update({old.student_id: None for old in clears})
    return outcome


def _checked_entries(
    assessment: Assessment, entries: Sequence[Entry], roll: Mapping[UUID, Student]
) -> tuple[dict[UUID, tuple[Mark | None, str | None]], dict[str, list[str]]]:
    """Each entry as the mark it asks for (None clears) with the version seen, and why others cannot be."""
    wanted: dict[UUID, tuple[Mark | None, str | None]] = {}
    errors: dict[str, list[str]] = {}
    for entry in entries:
        key = str(entry["student"])[:64]
        student_id = _uuid(entry["student"])
        remark = (entry.get("remark") or "").strip()
        score: Decimal | None = None
        problem = ""
        if student_id is None or student_id not in roll:
            problem = _("Does not sit this assessment.")
        elif student_id in wanted:
            problem = _("Entered twice in one save.")
        elif len(remark) > LONGEST_REMARK or "\0" in remark:
            problem = _("A remark has at most %(n)d characters.") % {"n": LONGEST_REMARK}
        elif entry.get("absent") and entry.get("score") not in (None, ""):
            problem = _("Absent, or a score: not both.")
        elif not entry.get("absent"):
            score, problem = grading.parse_score(entry.get("score"), assessment.maximum)
        if problem or student_id is None:
            errors.setdefault(key, []).append(problem)
            continue
        absent = bool(entry.get("absent"))
        mark = (
            Mark(assessment=assessment, student_id=student_id, score=score, is_absent=absent, remark=remark)
            if absent or score is not None
            else None
        )
        wanted[student_id] = mark, entry.get("seen_version")
    return wanted, errors


def _write_marks(
    assessment: Assessment,
    writes: Sequence[tuple[Mark, Mark | None]],
    clears: Sequence[Mark],
    roll: Mapping[UUID, Student],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Put marks down in one statement, take cleared ones away in another, and add a line of the trail for each."""
    if not writes and not clears:
        return
    for new, old in writes:
        if old is not None:
            new.pk = old.pk
    Mark.objects.bulk_create(
        [new for new, _old in writes],
        update_conflicts=True,
        unique_fields=["assessment", "student"],
        update_fields=["score", "is_absent", "grade", "remark", "entered_by", "entered_at", "updated_at"],
    )
    Mark.objects.filter(pk__in=[old.pk for old in clears]).delete()
    told = {"assessment": str(assessment.pk), "name": str(assessment)}
    acts: list[tuple[str, Any, dict[str, Any]]] = [
        ("mark.changed" if old else "mark.entered", roll[new.student_id], {**told, **_difference(old, new)})
        for new, old in writes
    ]
    acts += [("mark.cleared", roll[old.student_id], {**told, **_difference(old, None)}) for old in clears]
    audit.record_many(acts, by=by, at=at)
    assessment.save(update_fields=["updated_at"])


def _regrade(assessments: Iterable[Assessment], *, by: User | None, at: datetime) -> int:
    """Give the marks of these assessments the grades their scales give now; gives the number that changed."""
    changed: list[Mark] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for assessment in assessments:
        scale = queries.scale_of(assessment.scale)
        for mark in assessment.marks.select_related("student").exclude(score=None).select_for_update(of=("self",)):
            assert mark.score is not None
            grade = scale.band(mark.score, assessment.maximum).code
            if grade != mark.grade:
                acts.append(
                    ("mark.regraded", mark.student, {"assessment": str(assessment.pk), "grade": [mark.grade, grade]})
                )
                mark.grade, mark.updated_at = grade, timezone.now()
                changed.append(mark)
    Mark.objects.bulk_update(changed, ["grade", "updated_at"], batch_size=500)
    audit.record_many(acts, by=by, at=at)
    return len(changed)


def _check_assessment(assessment: Assessment) -> None:
    term = assessment.term
    if not isinstance(assessment.date, date) or not term.starts_on <= assessment.date <= term.ends_on:
        words = _("The date must lie in %(term)s: %(first)s to %(last)s.") % {
            "term": term.name,
            "first": formats.date_format(term.starts_on, "j F"),
            "last": formats.date_format(term.ends_on, "j F Y"),
        }
        raise AssessmentRefused(words, errors={"date": [words]})
    if assessment.scale.basis == Basis.POINTS and assessment.maximum > assessment.scale.maximum:
        words = _("%(scale)s goes up to %(max)s.") % {
            "scale": assessment.scale.name,
            "max": grading.plain(assessment.scale.maximum),
        }
        raise AssessmentRefused(words, errors={"maximum": [words]})
    if assessment.school_class.year_id != term.year_id:
        words = _("%(class)s is not a class of that year.") % {"class": assessment.school_class.name}
        raise AssessmentRefused(words, errors={"term": [words]})
    same = Assessment.objects.filter(
        school_class=assessment.school_class, term=term, subject=assessment.subject, name=assessment.name
    ).exclude(pk=assessment.pk)
    if same.exists():
        words = _set_already(assessment)
        raise AssessmentRefused(words, errors={"name": [words]})
    if assessment.kind not in Kind.values:
        words = _("%(kind)s is not a kind of assessment.") % {"kind": str(assessment.kind)[:20]}
        raise AssessmentRefused(words, errors={"kind": [words]})
    _clean(assessment, AssessmentRefused)


def _set_already(assessment: Assessment) -> str:
    return _("%(class)s already has %(name)s in %(subject)s this term.") % {
        "class": assessment.school_class.name,
        "name": assessment.name,
        "subject": assessment.subject.name,
    }


def _clean(row: GradingScale | Assessment, refusal: type[DomainError]) -> None:
    try:
        row.full_clean(validate_constraints=isinstance(row, GradingScale))
    except ValidationError as error:
        found = DomainError.from_validation(error)
        raise refusal(found.message, errors=found.errors) from error


def _checked_bands(scale: GradingScale, bands: Sequence[BandIn]) -> tuple[grading.Band, ...]:
    """The bands from the lowest; raises ScaleRefused unless they begin at 0, rise strictly and have their own codes."""
    if not bands:
        raise ScaleRefused(_("A scale needs at least one grade."), errors={"bands": [_("Add a grade.")]})
    errors: list[str] = []
    steps: list[grading.Band] = []
    for band in bands:
        points = band.get("points")
        code = text.squash(band["code"])
        if not code or len(code) > 8:
            errors.append(_("A grade's code has 1 to 8 characters."))
        steps.append(
            grading.Step(
                code,
                text.squash(band["name"])[:60],
                _number(band["lower"], "bands"),
                None if points in (None, "") else _number(points, "bands"),
            )
        )
    rising = sorted(steps, key=lambda step: step.lower)
    top = Decimal(100) if scale.basis == Basis.PERCENT else scale.maximum
    if rising[0].lower != 0:
        errors.append(_("The lowest grade must begin at 0."))
    if len({step.lower for step in steps}) < len(steps):
        errors.append(_("Two grades begin at the same mark."))
    if len({step.code.upper() for step in steps}) < len(steps):
        errors.append(_("Two grades have the same code."))
    if rising[-1].lower > top:
        errors.append(_("A grade cannot begin above %(top)s.") % {"top": grading.plain(top)})
    with_points = [step.points for step in rising if step.points is not None]
    if with_points != sorted(with_points):
        errors.append(_("Points must not fall while marks rise."))
    if errors:
        raise ScaleRefused(errors[0], errors={"bands": errors})
    return tuple(rising)


def _write_bands(scale: GradingScale, steps: Sequence[grading.Band]) -> None:
    GradeBand.objects.bulk_create(
        GradeBand(scale=scale, code=step.code, name=step.name, lower=step.lower, points=step.points) for step in steps
    )


def _make_default(scale: GradingScale) -> None:
    GradingScale.objects.exclude(pk=scale.pk).filter(is_default=True).update(is_default=False)
    scale.is_default = True
    words = _("Somebody else chose the usual scale at the same moment. Save again.")
    saving.save(scale, {"assessment_scale_one_default": ("is_default", words)})


def _band_words(steps: Sequence[grading.Band]) -> list[str]:
    return [f"{step.code} {grading.plain(Decimal(step.lower))}" for step in steps]


def _number(value: Decimal | int | str | None, name: str) -> Decimal:
    """A plain decimal with at most two places; raises AssessmentRefused or ScaleRefused-like words under `name`."""
    try:
        number = Decimal(str(value).strip())
        if not number.is_finite() or abs(number) >= 10_000 or number != number.quantize(Decimal("0.01")):
            raise InvalidOperation
    except InvalidOperation as error:
        words = _("%(value)s is not a number with at most two decimals.") % {"value": str(value)[:20]}
        raise DomainError(words, errors={name: [words]}) from error
    return number


def _same(old: Mark | None, new: Mark | None) -> bool:
    if old is None or new is None:
        return old is new
    return (old.score, old.is_absent, old.remark) == (new.score, new.is_absent, new.remark)


def _difference(old: Mark | None, new: Mark | None) -> dict[str, list[Any]]:
    """Before and after of what changed."""
    pairs: dict[str, list[Any]] = {
        "mark": [_shown(old), _shown(new)],
        "grade": [old.grade if old else None, new.grade if new else None],
        "remark": [old.remark if old else "", new.remark if new else ""],
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _shown(mark: Mark | None) -> str | None:
    if mark is None:
        return None
    return "AB" if mark.is_absent or mark.score is None else grading.plain(mark.score)


def _changed_words(old: Mark | None) -> str:
    if old is None:
        return _("Somebody cleared this mark meanwhile. Read the page again.")
    return _("%(who)s entered %(mark)s at %(when)s. Read the page again, then change it.") % {
        "who": str(old.entered_by) if old.entered_by else _("Somebody"),
        "mark": _shown(old),
        "when": formats.date_format(timezone.localtime(old.entered_at), "j F, H:i"),
    }


def _closed(assessment: Assessment) -> AssessmentClosed:
    if assessment.status == AssessmentStatus.CLOSED and assessment.closed_at is not None:
        return AssessmentClosed(
            _("%(subject)s was handed in by %(who)s on %(when)s. The office can reopen it.")
            % {
                "subject": assessment.subject.name,
                "who": str(assessment.closed_by or _("the school")),
                "when": formats.date_format(timezone.localtime(assessment.closed_at), "j F, H:i"),
            }
        )
    when = assessment.closes_at or assessment.updated_at
    return AssessmentClosed(
        _("Marks for %(subject)s were due on %(when)s. The office can reopen it.")
        % {"subject": assessment.subject.name, "when": formats.date_format(timezone.localtime(when), "j F, H:i")}
    )


def _uuid(value: Any) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        return None
