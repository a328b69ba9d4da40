"""What a roll brings to assessment: a column of marks for any open assessment of the chosen class."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from schools.academics import queries as classes
from schools.academics.importing import roll as academics
from schools.assessment import grading, services
from schools.assessment.choices import AssessmentStatus
from schools.assessment.models import Assessment, Mark
from schools.imports import registry
from schools.imports.batch import Batch, Row, Wrong
from schools.people.importing import ROLL

KEY = "mark:"
ABSENT = "absent"
_ABSENT = {"AB", "ABS"}


def fields(options: registry.Options) -> Sequence[registry.Field]:
    """A field for each open assessment of the chosen class; the newest first."""
    school_class = academics.chosen_class(options)
    if school_class is None:
        return []
    papers = Assessment.objects.filter(school_class=school_class, status=AssessmentStatus.OPEN)
    return [
        registry.Field(
            f"{KEY}{paper.pk}",
            _("%(name)s in %(subject)s, out of %(max)s")
            % {"name": paper.name, "subject": paper.subject.name, "max": grading.plain(paper.maximum)},
            _score(paper.maximum),
            (paper.name, f"{paper.name} {paper.subject.name}", f"{paper.subject.name} {paper.name}"),
        )
        for paper in papers.select_related("subject").order_by("date", "name", "subject__order")
    ]


def survey(rows: Sequence[Row], batch: Batch) -> None:
    """The assessments that columns are matched with, once."""
    ids = [key.removeprefix(KEY) for key in batch.mapped if key.startswith(KEY)]
    papers = Assessment.objects.filter(pk__in=ids).select_related("school_class", "subject", "scale", "term")
    batch.memory["assessment.papers"] = {f"{KEY}{paper.pk}": paper for paper in papers}


def prepare(batch: Batch) -> None:
    """Each mark needs an assessment that takes marks, and a student who is in the class on its day."""
    papers: dict[str, Assessment] = batch.memory["assessment.papers"]
    if not papers:
        return
    rolls = {key: set(classes.roll(one.school_class, one.date).values_list("pk", flat=True))
             for key, one in papers.items()}  # fmt: skip
    for row in batch.working():
        for key, paper in papers.items():
            if key not in row.values:
                continue
            if not paper.takes_marks(batch.at):
                row.refuse(key, _("%(name)s does not take marks any more.") % {"name": paper.name})
                continue
            comes = row.found.get("class") is not None and row.found["class"].pk == paper.school_class_id
            arriving = comes and (row.found["joins"] or row.found["moves"]) and row.found["since"] <= paper.date
            if row.found["student"].pk not in rolls[key] and not arriving:
                row.refuse(
                    key, _("The student is not in %(name)s on the day of it.") % {"name": paper.school_class.name}
                )


def write(batch: Batch) -> None:
    """Enter the marks of each assessment together."""
    papers: dict[str, Assessment] = batch.memory["assessment.papers"]
    for key, paper in papers.items():
        entries: list[services.Entry] = []
        for row in batch.working():
            if key in row.values:
                score = row.values[key]
                given: services.Entry = {"student": row.found["student"].pk}
                if score == ABSENT:
                    given["absent"] = True
                else:
                    given["score"] = score
                entries.append(given)
        if not entries:
            continue
        held = Mark.objects.filter(assessment=paper, student__in=[one["student"] for one in entries])
        before = set(held.values_list("pk", flat=True))
        batch.ledger.changing(Mark, before)
        try:
            services.enter_marks(assessment=paper, entries=entries, by=batch.by, at=batch.at)
        except services.MarksRefused as refused:
            said = sorted({message for messages in refused.errors.values() for message in messages})
            raise DomainError(f"{paper.name}: {' '.join(said)}") from None
        batch.ledger.created(Mark, set(held.values_list("pk", flat=True)) - before)


def objections(ids: Mapping[str, Sequence[UUID]]) -> list[str]:
    """Marks that were handed in stay until the office reopens them."""
    marks = ids.get(Mark._meta.label, [])
    closed = Assessment.objects.filter(status=AssessmentStatus.CLOSED, marks__in=marks).distinct()
    return [
        _("%(name)s was handed in after the import. Reopen it first.") % {"name": paper}
        for paper in closed.select_related("subject")
    ]


def _score(maximum: Decimal) -> Callable[[str], Any]:
    def parse(typed: str) -> Decimal | str:
        if typed.upper() in _ABSENT:
            return ABSENT
        score, problem = grading.parse_score(typed, maximum)
        if problem or score is None:
            raise Wrong(problem)
        return score

    return parse


def register() -> None:
    """Add marks to the roll."""
    registry.part(
        ROLL,
        registry.Part(
            "assessment", gettext_lazy("Marks"), fields, prepare, write, order=40, survey=survey, objections=objections
        ),
    )
