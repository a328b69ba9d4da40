"""From a score to a grade, by a scale that is data. Pure: no database, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from schools.assessment.choices import Basis

_SCORE = re.compile(r"^-?[0-9]{1,12}(\.[0-9]{0,12})?$")
CBE = ("EE", "ME", "AE", "BE")


class Band(Protocol):
    """One grade of a scale, from its lower limit upwards."""

    @property
    def code(self) -> str:
        """What is written beside the mark."""

    @property
    def name(self) -> str:
        """What it means."""

    @property
    def lower(self) -> Decimal:
        """Where it begins."""

    @property
    def points(self) -> Decimal | None:
        """What it counts, where the scale counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """A band that is not stored, for seeds, forms and tests."""

    code: str
    name: str
    lower: Decimal
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale ready to grade with: its basis, decimals kept, and bands from the lowest."""

    basis: str
    decimals: int
    bands: tuple[Band, ...]

    def measured(self, score: Decimal, maximum: Decimal) -> Decimal:
        """The number that is compared with the bands: per cent of the maximum, or the points, rounded half up."""
        value = score * 100 / maximum if self.basis == Basis.PERCENT else score
        return rounded(value, self.decimals)

    def band(self, score: Decimal, maximum: Decimal) -> Band:
        """The one band that a score lies in: the highest whose lower limit it reaches."""
        value = self.measured(score, maximum)
        return next((band for band in reversed(self.bands) if band.lower <= value), self.bands[0])

    def rank(self, code: str) -> int:
        """How high a grade stands, from 1; 0 when it is not of this scale."""
        return next((n for n, band in enumerate(self.bands, start=1) if band.code == code), 0)

    def tone(self, code: str) -> str:
        """Which of the four CBE levels a grade is coloured as: by its letters, or by its quarter of the scale."""
        if code[:2] in CBE:
            return code[:2]
        rank = self.rank(code)
        if not rank:
            return ""
        return CBE[min(3, (len(self.bands) - rank) * 4 // len(self.bands))]

    def pips(self, code: str) -> int:
        """How many of four pips a grade lights."""
        tone = self.tone(code)
        return 4 - CBE.index(tone) if tone else 0

    def spans(self) -> list[tuple[Band, Decimal, Decimal | None]]:
        """Each band from the highest with its first value and the last before the next one (None: up to the top)."""
        step = Decimal(1).scaleb(-self.decimals)
        tops = [*(band.lower - step for band in self.bands[1:]), None]
        return [(band, band.lower, top) for band, top in zip(reversed(self.bands), reversed(tops), strict=True)]


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A number rounded half up, as schools do: 89.5 is 90."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def ordered(bands: Sequence[Band]) -> tuple[Band, ...]:
    """Bands from the lowest."""
    return tuple(sorted(bands, key=lambda band: band.lower))


CBE_8 = (
    Step("EE1", "Exceeding expectation 1", Decimal(90), Decimal(8)),
    Step("EE2", "Exceeding expectation 2", Decimal(75), Decimal(7)),
    Step("ME1", "Meeting expectation 1", Decimal(58), Decimal(6)),
    Step("ME2", "Meeting expectation 2", Decimal(41), Decimal(5)),
    Step("AE1", "Approaching expectation 1", Decimal(31), Decimal(4)),
    Step("AE2", "Approaching expectation 2", Decimal(21), Decimal(3)),
    Step("BE1", "Below expectation 1", Decimal(11), Decimal(2)),
    Step("BE2", "Below expectation 2", Decimal(0), Decimal(1)),
)
CBE_4 = (
    Step("EE", "Exceeding expectation", Decimal(75), Decimal(4)),
    Step("ME", "Meeting expectation", Decimal(41), Decimal(3)),
    Step("AE", "Approaching expectation", Decimal(21), Decimal(2)),
    Step("BE", "Below expectation", Decimal(0), Decimal(1)),
)
KCSE_12 = tuple(
    Step(code, f"{points} points", Decimal(lower), Decimal(points))
    for code, lower, points in (
        ("A", 80, 12), ("A-", 75, 11), ("B+", 70, 10), ("B", 65, 9), ("B-", 60, 8), ("C+", 55, 7),
        ("C", 50, 6), ("C-", 45, 5), ("D+", 40, 4), ("D", 35, 3), ("D-", 30, 2), ("E", 0, 1),
    )
)  # fmt: skip


def plain(number: Decimal) -> str:
    """A score without needless zeros: 41, 41.5."""
    return f"{number.normalize():f}"


def parse_score(value: Decimal | int | str | None, maximum: Decimal) -> tuple[Decimal | None, str]:
    """A score as a number, and why it is none in a sentence; nothing typed is neither."""
    if value is None or value == "":
        return None, ""
    limits = {"value": str(value)[:12], "max": plain(maximum)}
    written = str(value).strip().replace(",", ".")
    if isinstance(value, bool) or not _SCORE.match(written):
        return None, _("%(value)s is not a mark. Type 0 to %(max)s, or AB for absent.") % limits
    score = Decimal(written)
    if score < 0:
        return None, _("%(value)s is less than 0. Type 0 to %(max)s, or AB for absent.") % limits
    if score > maximum:
        return None, _("%(value)s is more than %(max)s. Type 0 to %(max)s, or AB for absent.") % limits
    if score != score.quantize(Decimal("0.01")):
        return None, _("%(value)s has more than two decimals.") % limits
    return score.quantize(Decimal("0.01")), ""
