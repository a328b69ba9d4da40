"""What the marks pages hand in: cells of the grid, the papers of a new sitting, the bands of a scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.academics.models import SchoolClass, Subject
from schools.assessment.choices import Basis, Kind
from schools.assessment.models import GradingScale
from schools.assessment.services import BandIn, Entry, Paper

MOST_CELLS = 4000
USUAL_MAXIMUM = 50
SPARE_BANDS = 3
LEAST_BANDS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of the grid as somebody typed it, beside what they saw there."""

    key: str
    assessment_id: UUID
    student_id: UUID
    typed: str
    seen_version: str
    seen_value: str

    @property
    def changed(self) -> bool:
        """True when it says something else than what was seen."""
        return plain(self.typed) != plain(self.seen_value)

    def entry(self) -> Entry:
        """The cell as the service takes it."""
        value = plain(self.typed)
        if value in ABSENT:
            return {"student": self.student_id, "absent": True, "seen_version": self.seen_version}
        return {"student": self.student_id, "score": self.typed.strip()[:40], "seen_version": self.seen_version}


ABSENT = ("AB", "A")


def plain(typed: str) -> str:
    """A value as it is compared: `ab ` is AB, `41,5` is 41.5."""
    value = typed.strip().upper().replace(",", ".")
    return "AB" if value in ABSENT else value


def key_of(assessment_id: UUID, student_id: UUID) -> str:
    """The name of a cell's field."""
    return f"c.{assessment_id.hex}.{student_id.hex}"


def cell(key: str, typed: str, seen_version: str, seen_value: str) -> Cell | None:
    """A cell by its field's name; None when the name is none of ours."""
    parts = key.split(".")
    if len(parts) != 3 or parts[0] != "c":
        return None
    try:
        return Cell(key, UUID(parts[1]), UUID(parts[2]), typed, seen_version, seen_value)
    except ValueError:
        return None


def cells(posted: QueryDict) -> list[Cell]:
    """The changed cells of a posted grid."""
    found: list[Cell] = []
    for name, typed in posted.items():
        if not name.startswith("c.") or not isinstance(typed, str) or len(found) >= MOST_CELLS:
            continue
        version, _space, value = posted.get("seen" + name[1:], "").partition(" ")
        one = cell(name, typed, version, value)
        if one is not None and one.changed:
            found.append(one)
    return found


class SittingForm(forms.Form):
    """What the papers of a sitting have in common."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("As learners know it: Mid-term, Opening exam")
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.MID_TERM)
    date = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    closes_at = forms.SplitDateTimeField(
        label=gettext_lazy("Marks due"),
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
        ),
    )
    scale = forms.ModelChoiceField(label=gettext_lazy("Grading scale"), queryset=GradingScale.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scales = GradingScale.objects.all()
        self.fields["scale"].queryset = scales  # type: ignore[attr-defined]
        self.initial.setdefault("scale", scales.filter(is_default=True).first())


@dataclass(slots=True)
class PaperRow:
    """One subject on offer for a sitting: chosen or not, and out of what."""

    subject: Subject
    chosen: bool
    maximum: str
    problem: str = ""


def paper_rows(subjects: Sequence[Subject], posted: QueryDict | None) -> list[PaperRow]:
    """Every subject on offer as the page shows it."""
    if posted is None:
        return [PaperRow(subject, True, str(USUAL_MAXIMUM)) for subject in subjects]
    chosen = set(posted.getlist("subject"))
    return [
        PaperRow(subject, str(subject.pk) in chosen, posted.get(f"max-{subject.pk}", "")[:12]) for subject in subjects
    ]


def papers(rows: Sequence[PaperRow]) -> list[Paper]:
    """The chosen subjects with their maximum; what cannot be read is noted on its row."""
    found: list[Paper] = []
    field = forms.DecimalField(max_digits=6, decimal_places=2, min_value=Decimal("0.01"))
    for row in rows:
        if not row.chosen:
            continue
        try:
            found.append({"subject": row.subject, "maximum": field.clean(row.maximum)})
        except forms.ValidationError:
            row.problem = _("Type what it is out of: 1 to 9999.")
    return found


class ScaleForm(forms.Form):
    """A grading scale without its bands."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    basis = forms.ChoiceField(label=gettext_lazy("Measured in"), choices=Basis.choices)
    maximum = forms.DecimalField(
        label=gettext_lazy("Highest score"), max_digits=6, decimal_places=2, min_value=Decimal(1), initial=100
    )
    decimals = forms.TypedChoiceField(
        label=gettext_lazy("Rounded to"),
        coerce=int,
        choices=[
            (0, gettext_lazy("whole numbers")),
            (1, gettext_lazy("one decimal")),
            (2, gettext_lazy("two decimals")),
        ],
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Used for new assessments"),
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
    )


@dataclass(slots=True)
class BandRow:
    """One line of a scale's table as it is typed."""

    code: str = ""
    name: str = ""
    lower: str = ""
    points: str = ""

    @property
    def is_empty(self) -> bool:
        """True when nothing was typed in it."""
        return not (self.code or self.name or self.lower or self.points)


def band_rows(posted: QueryDict | None, held: Sequence[Mapping[str, str]]) -> list[BandRow]:
    """The lines of the table: as posted, or as stored with a few to spare."""
    if posted is None:
        rows = [BandRow(**band) for band in held]
        return rows + [BandRow() for _n in range(max(SPARE_BANDS, LEAST_BANDS - len(rows)))]
    columns = [posted.getlist(name)[:40] for name in ("band-code", "band-name", "band-lower", "band-points")]
    return [BandRow(*(value.strip()[:80] for value in line)) for line in zip(*columns, strict=False)]


def bands(rows: Sequence[BandRow]) -> list[BandIn]:
    """The lines that say something, as the service takes them."""
    return [
        {"code": row.code, "name": row.name, "lower": row.lower, "points": row.points or None}
        for row in rows
        if not row.is_empty
    ]


def subjects_on_offer(
    school_class: SchoolClass, taught: Sequence[Subject], allowed: Sequence[str] | None, every: Sequence[Subject]
) -> list[Subject]:
    """What a sitting of a class may cover: what is taught there, else the curriculum's; a teacher only their own."""
    usual = taught or [
        subject for subject in every if subject.curriculum == school_class.grade_level.curriculum and subject.is_active
    ]
    if allowed is None:
        return list(usual)
    return [subject for subject in usual if str(subject.pk) in set(allowed)]
