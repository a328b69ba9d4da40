"""Scales, assessments and marks: all or nothing, told in the trail, and never lost between two people."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from core.errors import DomainError
from schools.academics.models import Subject, TeachingGroup
from schools.assessment import queries, services
from schools.assessment.models import Assessment, GradeBand, GradingScale, Mark
from tests.cast import TODAY, Cast, Company

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 16, 10, 0, tzinfo=timezone.get_default_timezone())
LATER = AT + timedelta(minutes=5)


def setting(company: Company, **more: Any) -> Assessment:
    facts: dict[str, Any] = {
        "school_class": company.east, "subject": company.maths, "term": company.term, "name": "Mid-term",
        "kind": "mid_term", "maximum": 50, "date": TODAY, "scale": company.scale, "by": company.teacher, "at": AT,
    }  # fmt: skip
    return services.create_assessment(**{**facts, **more})


def enter(paper: Assessment, *entries: dict[str, Any], by: Any = None, at: datetime = AT) -> services.Outcome:
    return services.enter_marks(assessment=paper, entries=list(entries), by=by, at=at)  # type: ignore[arg-type]


def held(paper: Assessment) -> dict[str, tuple[Decimal | None, bool, str]]:
    return {m.student.first_name: (m.score, m.is_absent, m.grade) for m in paper.marks.select_related("student")}


def trail(action: str) -> list[tuple[str, dict[str, Any]]]:
    return [(row.object_name, row.changes) for row in Entry.objects.filter(action=action).order_by("at", "object_name")]


@pytest.fixture
def school(cast: Cast, in_mwangaza: Any) -> Company:
    return cast.mwangaza


@pytest.fixture
def paper(school: Company) -> Assessment:
    return setting(school)


def test_a_new_school_grades_by_three_scales_and_one_is_usual(school: Company) -> None:
    scales = {scale.name: scale for scale in GradingScale.objects.all()}
    assert {"CBE 8 levels", "CBE 4 levels", "KCSE grades"} <= set(scales)
    assert queries.default_scale() == scales["CBE 8 levels"]
    assert [band.code for band in queries.scale_of(scales["CBE 8 levels"]).bands] == [
        "BE2", "BE1", "AE2", "AE1", "ME2", "ME1", "EE2", "EE1",
    ]  # fmt: skip


def test_marks_are_graded_and_told(paper: Assessment, school: Company) -> None:
    outcome = enter(
        paper,
        {"student": school.amani.pk, "score": "41", "remark": "Well done"},
        {"student": str(school.brian.pk), "absent": True},
        by=school.teacher,
    )
    assert outcome.changed == 2
    assert held(paper) == {"Amani": (Decimal("41.00"), False, "EE"), "Brian": (None, True, "")}
    told = {"assessment": str(paper.pk), "name": "Mid-term Mathematics"}
    assert trail("mark.entered") == [
        ("Amani Barasa", {**told, "mark": [None, "41"], "grade": [None, "EE"], "remark": ["", "Well done"]}),
        ("Brian Otieno", {**told, "mark": [None, "AB"], "grade": [None, ""]}),
    ]
    mark = paper.marks.get(student=school.amani)
    assert (mark.entered_by, mark.entered_at) == (school.teacher, AT)


def test_a_change_and_a_clearing_are_told_with_before_and_after(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 41})
    enter(paper, {"student": school.amani.pk, "score": Decimal("20.5")}, by=school.head, at=LATER)
    told = {"assessment": str(paper.pk), "name": "Mid-term Mathematics"}
    assert trail("mark.changed") == [("Amani Barasa", {**told, "mark": ["41", "20.5"], "grade": ["EE", "ME"]})]
    enter(paper, {"student": school.amani.pk, "score": None}, by=school.head, at=LATER)
    assert trail("mark.cleared") == [("Amani Barasa", {**told, "mark": ["20.5", None], "grade": ["ME", None]})]
    assert held(paper) == {}


def test_the_same_marks_twice_change_nothing(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": "41"})
    entries, version = Entry.objects.count(), paper.marks.get().version
    assert enter(paper, {"student": school.amani.pk, "score": "41.0"}, by=school.head, at=LATER).changed == 0
    assert (Entry.objects.count(), paper.marks.get().version) == (entries, version)


def test_a_score_without_a_remark_keeps_the_remark(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 30, "remark": "Better"})
    enter(paper, {"student": school.amani.pk, "score": 31})
    assert paper.marks.get().remark == "Better"
    enter(paper, {"student": school.amani.pk, "score": 31, "remark": ""})
    assert paper.marks.get().remark == ""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("62", "62 is more than 50. Type 0 to 50, or AB for absent."),
        ("50.01", "50.01 is more than 50. Type 0 to 50, or AB for absent."),
        ("-1", "-1 is less than 0. Type 0 to 50, or AB for absent."),
        ("NaN", "NaN is not a mark. Type 0 to 50, or AB for absent."),
        ("Infinity", "Infinity is not a mark. Type 0 to 50, or AB for absent."),
        ("1e9", "1e9 is not a mark. Type 0 to 50, or AB for absent."),
        (10**9, "1000000000 is more than 50. Type 0 to 50, or AB for absent."),
        ("1_0", "1_0 is not a mark. Type 0 to 50, or AB for absent."),
        ("4 1", "4 1 is not a mark. Type 0 to 50, or AB for absent."),
        ("٤١", "٤١ is not a mark. Type 0 to 50, or AB for absent."),
        ("9" * 400, "999999999999 is not a mark. Type 0 to 50, or AB for absent."),
        (True, "True is not a mark. Type 0 to 50, or AB for absent."),
        ("41.125", "41.125 has more than two decimals."),
    ],
)
def test_what_is_no_mark_is_refused_in_words_and_leaves_nothing(
    paper: Assessment, school: Company, value: Any, words: str
) -> None:
    entries = Entry.objects.count()
    with pytest.raises(services.MarksRefused) as refusal:
        enter(paper, {"student": school.brian.pk, "score": 30}, {"student": school.amani.pk, "score": value})
    assert refusal.value.errors == {str(school.amani.pk): [words]}
    assert (Mark.objects.count(), Entry.objects.count()) == (0, entries)


@pytest.mark.parametrize("value", ["0", "50", "41,5", " 41.50 ", 0, Decimal("0.01")])
def test_what_is_a_mark_is_taken(paper: Assessment, school: Company, value: Any) -> None:
    assert enter(paper, {"student": school.amani.pk, "score": value}).changed == 1


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"absent": True, "score": 3}, "Absent, or a score: not both."),
        ({"score": 3, "remark": "x" * 301}, "A remark has at most 300 characters."),
        ({"score": 3, "remark": "a\0b"}, "A remark has at most 300 characters."),
    ],
)
def test_other_wrong_entries(paper: Assessment, school: Company, entry: dict[str, Any], words: str) -> None:
    with pytest.raises(services.MarksRefused) as refusal:
        enter(paper, {"student": school.amani.pk, **entry})
    assert refusal.value.errors == {str(school.amani.pk): [words]}
    assert Mark.objects.count() == 0


@pytest.mark.parametrize("who", ["zawadi", "nobody", "nonsense"])
def test_only_those_who_sit_it_are_marked(paper: Assessment, school: Company, who: str) -> None:
    student = {"zawadi": str(school.zawadi.pk), "nobody": str(uuid.uuid4()), "nonsense": "'; drop"}[who]
    with pytest.raises(services.MarksRefused) as refusal:
        enter(paper, {"student": student, "score": 3})
    assert refusal.value.errors == {student: ["Does not sit this assessment."]}


def test_a_student_entered_twice_is_refused(paper: Assessment, school: Company) -> None:
    with pytest.raises(services.MarksRefused) as refusal:
        enter(paper, {"student": school.amani.pk, "score": 3}, {"student": school.amani.pk, "score": 4})
    assert refusal.value.errors == {str(school.amani.pk): ["Entered twice in one save."]}


def test_only_those_who_chose_a_subject_sit_it(school: Company) -> None:
    music = Subject.objects.create(name="Music of the cast", code="CAST-MUS", short_name="MUS")
    group = TeachingGroup.objects.create(year=school.year, subject=music, name="Music choir")
    group.members.add(school.amani, school.zawadi)
    paper = setting(school, subject=music)
    assert list(queries.sitters(paper)) == [school.amani]
    assert queries.expected_of([paper]) == {paper.pk: 1}


def test_a_mark_changed_since_it_was_seen_is_a_conflict_that_names_who_and_when(
    paper: Assessment, school: Company
) -> None:
    enter(paper, {"student": school.amani.pk, "score": 20}, by=school.teacher)
    seen = paper.marks.get().version
    enter(paper, {"student": school.amani.pk, "score": 31, "seen_version": seen}, by=school.head, at=LATER)
    with pytest.raises(services.ChangedByAnother) as refusal:
        enter(
            paper,
            {"student": school.amani.pk, "score": 22, "seen_version": seen},
            {"student": school.brian.pk, "score": 40, "seen_version": ""},
            by=school.teacher,
            at=LATER,
        )
    words = "Jane Njeri entered 31 at 16 June, 10:05. Read the page again, then change it."
    assert (refusal.value.status, refusal.value.errors) == (409, {str(school.amani.pk): [words]})
    assert held(paper) == {"Amani": (Decimal("31.00"), False, "ME")}


def test_a_mark_where_none_was_seen_is_a_conflict_unless_it_is_the_same(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 20}, by=school.head)
    with pytest.raises(services.ChangedByAnother):
        enter(paper, {"student": school.amani.pk, "score": 22, "seen_version": ""}, by=school.teacher)
    assert enter(paper, {"student": school.amani.pk, "score": 20, "seen_version": ""}, by=school.teacher).changed == 0


def test_handed_in_marks_stay_until_the_office_reopens_them(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 20})
    services.close(assessment=paper, by=school.teacher, at=AT)
    with pytest.raises(services.AssessmentClosed) as refusal:
        enter(paper, {"student": school.amani.pk, "score": 22})
    assert "handed in by Wanjiru Kamau on 16 June, 10:00" in refusal.value.message
    services.close(assessment=paper, by=school.head, at=LATER)
    paper.refresh_from_db()
    assert (paper.closed_by, paper.closed_at) == (school.teacher, AT)
    services.reopen(assessment=paper, by=school.head, at=LATER)
    assert enter(paper, {"student": school.amani.pk, "score": 22}, at=LATER).changed == 1
    assert [len(trail(act)) for act in ("assessment.closed", "assessment.reopened")] == [1, 1]


def test_after_its_time_an_assessment_takes_no_marks(school: Company) -> None:
    paper = setting(school, closes_at=LATER)
    assert enter(paper, {"student": school.amani.pk, "score": 20}, at=AT).changed == 1
    with pytest.raises(services.AssessmentClosed):
        enter(paper, {"student": school.amani.pk, "score": 22}, at=LATER)
    services.reopen(assessment=paper, by=school.head, at=LATER)
    assert enter(paper, {"student": school.amani.pk, "score": 22}, at=LATER).changed == 1


def test_families_see_marks_only_after_they_are_published(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 20}, {"student": school.brian.pk, "score": 30})

    def seen(user: Any) -> tuple[int, int]:
        return queries.visible_to(user).count(), queries.marks_visible_to(user).count()

    assert (seen(school.guardian), seen(school.student)) == ((0, 0), (0, 0))
    with pytest.raises(services.NotHandedIn):
        services.publish(assessments=[paper], by=school.head, at=AT)
    services.close(assessment=paper, by=school.teacher, at=AT)
    assert (seen(school.guardian), seen(school.student)) == ((0, 0), (0, 0))
    assert services.publish(assessments=[paper], by=school.head, at=AT) == 1
    assert services.publish(assessments=[paper], by=school.head, at=AT) == 0
    assert (seen(school.guardian), seen(school.student)) == ((1, 1), (1, 1))
    assert services.withdraw(assessments=[paper], by=school.head, at=AT) == 1
    assert seen(school.guardian) == (0, 0)
    services.publish(assessments=[paper], by=school.head, at=AT)
    services.reopen(assessment=paper, by=school.head, at=AT)
    assert seen(school.guardian) == (0, 0)


def test_who_reads_which_marks(paper: Assessment, school: Company) -> None:
    other = setting(school, subject=Subject.objects.create(name="Art of the cast", code="CAST-ART", short_name="ART"))
    west = setting(school, school_class=school.west)
    for user, mine in (
        (school.head, {paper, other, west}),
        (school.registrar, {paper, other, west}),
        (school.teacher, {paper, other}),
        (school.other_teacher, {west}),
        (school.bursar, set()),
    ):
        assert set(queries.visible_to(user)) == mine


def test_a_sitting_is_set_for_several_subjects_or_for_none(school: Company) -> None:
    art = Subject.objects.create(name="Art of the cast", code="CAST-ART", short_name="ART")
    facts: dict[str, Any] = {
        "school_class": school.east, "term": school.term, "name": " Opening   exam", "kind": "opener", "date": TODAY,
        "scale": school.scale, "by": school.head, "at": AT,
    }  # fmt: skip
    papers: list[services.Paper] = [
        {"subject": school.maths, "maximum": Decimal(50)},
        {"subject": art, "maximum": Decimal(30)},
    ]
    made = services.create_sitting(papers=papers, **facts)
    assert [(one.subject, one.maximum, one.name) for one in made] == [
        (school.maths, 50, "Opening exam"),
        (art, 30, "Opening exam"),
    ]
    with pytest.raises(services.AssessmentRefused) as refusal:
        services.create_sitting(papers=papers, **facts)
    assert refusal.value.errors == {"name": ["Grade 6 East already has Opening exam in Mathematics this term."]}
    with pytest.raises(services.AssessmentRefused):
        services.create_sitting(papers=[], **{**facts, "name": "Other"})
    assert Assessment.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"date": date(2026, 4, 26)}, "date"),
        ({"date": date(2026, 8, 1)}, "date"),
        ({"maximum": 0}, "maximum"),
        ({"maximum": "NaN"}, "maximum"),
        ({"maximum": "1e9"}, "maximum"),
        ({"maximum": "1.005"}, "maximum"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_an_assessment_that_cannot_be_is_refused(school: Company, wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        setting(school, **wrong)
    assert list(refusal.value.errors) == [name]
    assert Assessment.objects.count() == 0


def test_changing_the_maximum_grades_anew_and_never_below_a_mark(paper: Assessment, school: Company) -> None:
    enter(paper, {"student": school.amani.pk, "score": 30})
    services.change_assessment(assessment=paper, by=school.head, at=AT, maximum=40)
    assert held(paper) == {"Amani": (Decimal("30.00"), False, "EE")}
    assert trail("mark.regraded") == [("Amani Barasa", {"assessment": str(paper.pk), "grade": ["ME", "EE"]})]
    with pytest.raises(services.AssessmentRefused) as refusal:
        services.change_assessment(assessment=paper, by=school.head, at=AT, maximum=29)
    assert refusal.value.errors == {"maximum": ["A mark of 30 is already entered. The maximum cannot be less."]}


BANDS: list[services.BandIn] = [
    {"code": "Pass", "name": "Passed", "lower": "9.5", "points": 1},
    {"code": "Fail", "name": "Not passed", "lower": 0, "points": 0},
]


def new_scale(**more: Any) -> GradingScale:
    facts = {"name": "Portuguese", "basis": "points", "maximum": 20, "bands": BANDS, "by": None, "at": AT}
    return services.create_scale(**{**facts, **more})


def test_a_scale_of_points_grades_0_to_20(school: Company) -> None:
    paper = setting(school, scale=new_scale(decimals=1), maximum=20)
    enter(paper, {"student": school.amani.pk, "score": "9.45"}, {"student": school.brian.pk, "score": "9.44"})
    assert {name: grade for name, (_score, _absent, grade) in held(paper).items()} == {"Amani": "Pass", "Brian": "Fail"}
    with pytest.raises(services.AssessmentRefused) as refusal:
        setting(school, name="Other", scale=paper.scale, maximum=21)
    assert refusal.value.errors == {"maximum": ["Portuguese goes up to 20."]}


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([], "Add a grade."),
        ([{"code": "A", "name": "", "lower": 1}], "The lowest grade must begin at 0."),
        ([BANDS[1], {"code": "B", "name": "", "lower": 0}], "Two grades begin at the same mark."),
        ([BANDS[1], {"code": "fail", "name": "", "lower": 5}], "Two grades have the same code."),
        ([BANDS[1], {"code": "B", "name": "", "lower": 21}], "A grade cannot begin above 20."),
        ([BANDS[1], {"code": " ", "name": "", "lower": 2}], "A grade's code has 1 to 8 characters."),
        (
            [{"code": "B", "name": "", "lower": 0, "points": 3}, {"code": "C", "name": "", "lower": 5, "points": 2}],
            "Points must not fall while marks rise.",
        ),
        ([{"code": "A", "name": "", "lower": "NaN"}], "NaN is not a number with at most two decimals."),
        ([{"code": "A", "name": "", "lower": "1e99"}], "1e99 is not a number with at most two decimals."),
    ],
)
def test_bands_that_make_no_scale_are_refused(school: Company, bands: list[services.BandIn], words: str) -> None:
    scales = GradingScale.objects.count()
    with pytest.raises(DomainError) as refusal:
        new_scale(bands=bands)
    assert refusal.value.errors == {"bands": [words]}
    assert GradingScale.objects.count() == scales


def test_changing_a_scale_regrades_what_is_open_and_leaves_what_was_handed_in(school: Company) -> None:
    entered = setting(school)
    closed = setting(school, name="Opening exam")
    for one in (entered, closed):
        enter(one, {"student": school.amani.pk, "score": 30})
    services.close(assessment=closed, by=school.teacher, at=AT)
    bands: list[services.BandIn] = [
        {"code": "TOP", "name": "Top", "lower": 60},
        {"code": "LOW", "name": "Low", "lower": 0},
    ]
    services.change_scale(scale=school.scale, bands=bands, by=school.head, at=LATER)
    assert (held(entered)["Amani"][2], held(closed)["Amani"][2]) == ("TOP", "ME")
    assert GradeBand.objects.filter(scale=school.scale).count() == 2
    assert trail("scale.changed")[0][1]["regraded"] == 1


def test_one_scale_is_the_usual_one(school: Company) -> None:
    scale = new_scale(is_default=True)
    assert list(GradingScale.objects.filter(is_default=True)) == [scale]


def test_the_database_refuses_a_mark_that_is_neither_score_nor_absence(paper: Assessment, school: Company) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(assessment=paper, student=school.amani, entered_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(assessment=paper, student=school.amani, entered_at=AT, is_absent=True, score=3)
