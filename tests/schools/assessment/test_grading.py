"""Every score has exactly one grade, and a better score never a worse one."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.assessment import grading
from schools.assessment.choices import Basis

SCALES = {
    "cbe8": grading.Scale(Basis.PERCENT, 0, grading.ordered(grading.CBE_8)),
    "cbe4": grading.Scale(Basis.PERCENT, 0, grading.ordered(grading.CBE_4)),
    "kcse": grading.Scale(Basis.PERCENT, 0, grading.ordered(grading.KCSE_12)),
}
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
MAXIMUMS = st.decimals(min_value="0.01", max_value="9999.99", places=2)


@st.composite
def scales(draw: st.DrawFn) -> grading.Scale:
    """Any scale that the service would accept."""
    lowers = sorted({Decimal(0), *draw(st.lists(st.decimals(min_value=0, max_value=100, places=2), max_size=12))})
    bands = tuple(grading.Step(f"G{n}", "", lower) for n, lower in enumerate(lowers))
    return grading.Scale(draw(st.sampled_from(Basis.values)), draw(st.integers(0, 2)), bands)


@st.composite
def scores(draw: st.DrawFn) -> tuple[Decimal, Decimal]:
    """A score and the maximum it is out of."""
    maximum = draw(MAXIMUMS)
    return draw(st.decimals(min_value=0, max_value=maximum, places=2)), maximum


@PATIENT
@given(scales(), scores())
def test_every_score_has_exactly_one_band(scale: grading.Scale, sat: tuple[Decimal, Decimal]) -> None:
    value = scale.measured(*sat)
    inside = [
        band
        for n, band in enumerate(scale.bands)
        if band.lower <= value and (n + 1 == len(scale.bands) or value < scale.bands[n + 1].lower)
    ]
    assert inside == [scale.band(*sat)]


@PATIENT
@given(scales(), MAXIMUMS, st.data())
def test_a_better_score_never_has_a_worse_grade(scale: grading.Scale, maximum: Decimal, data: st.DataObject) -> None:
    a, b = sorted(data.draw(st.decimals(min_value=0, max_value=maximum, places=2)) for _n in range(2))
    assert scale.rank(scale.band(a, maximum).code) <= scale.rank(scale.band(b, maximum).code)


@PATIENT
@given(st.sampled_from(sorted(SCALES)), MAXIMUMS)
def test_full_marks_are_the_best_grade_and_nothing_the_worst(name: str, maximum: Decimal) -> None:
    scale = SCALES[name]
    assert scale.band(maximum, maximum) == scale.bands[-1]
    assert scale.band(Decimal(0), maximum) == scale.bands[0]


@pytest.mark.parametrize(
    ("name", "score", "maximum", "grade"),
    [
        ("cbe8", "89.5", "100", "EE1"),
        ("cbe8", "89.49", "100", "EE2"),
        ("cbe8", "41", "50", "EE2"),
        ("cbe8", "57.5", "100", "ME1"),
        ("cbe8", "10.5", "100", "BE1"),
        ("cbe8", "10.4", "100", "BE2"),
        ("cbe4", "74.5", "100", "EE"),
        ("cbe4", "20.49", "100", "BE"),
        ("kcse", "79.5", "100", "A"),
        ("kcse", "29", "100", "E"),
        ("kcse", "3", "8", "D"),
    ],
)
def test_known_scores(name: str, score: str, maximum: str, grade: str) -> None:
    assert SCALES[name].band(Decimal(score), Decimal(maximum)).code == grade


def test_points_are_graded_as_marked() -> None:
    steps = [grading.Step("fail", "", Decimal(0)), grading.Step("pass", "", Decimal(10))]
    scale = grading.Scale(Basis.POINTS, 0, grading.ordered(steps))
    assert [scale.band(Decimal(score), Decimal(20)).code for score in ("9.49", "9.5", "20")] == ["fail", "pass", "pass"]


@pytest.mark.parametrize(
    ("name", "code", "tone", "pips"),
    [
        ("cbe8", "EE1", "EE", 4),
        ("cbe8", "ME2", "ME", 3),
        ("cbe8", "BE2", "BE", 1),
        ("kcse", "A", "EE", 4),
        ("kcse", "B", "ME", 3),
        ("kcse", "C", "AE", 2),
        ("kcse", "E", "BE", 1),
        ("kcse", "?", "", 0),
    ],
)
def test_a_grade_has_the_colour_of_its_level_or_its_quarter(name: str, code: str, tone: str, pips: int) -> None:
    assert (SCALES[name].tone(code), SCALES[name].pips(code)) == (tone, pips)


def test_a_scale_says_where_each_grade_lies() -> None:
    spans = [(band.code, low, high) for band, low, high in SCALES["cbe4"].spans()]
    assert spans == [("EE", 75, None), ("ME", 41, 74), ("AE", 21, 40), ("BE", 0, 20)]
