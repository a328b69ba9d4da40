"""The life that the demo schools are given."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Avg, Case, Count, F, Q, Value, When

from audit.models import Entry
from core import clock
from identity.models import User
from schools.academics import demo as academics_demo
from schools.academics import queries as academics
from schools.academics.models import Enrolment, SchoolClass, TeachingGroup, Term
from schools.assessment.models import Assessment, Mark
from schools.attendance.choices import Code, RegisterStatus
from schools.attendance.models import AttendanceMark, Register
from schools.people import demo as people_demo
from schools.people.models import Guardian, Household, Staff, Student
from tenants import context, provisioning
from tenants.demo import Stage
from tenants.models import School

from .conftest import TODAY, Demo, empty_platform


def rate() -> float:
    here = Case(When(code__in=(Code.PRESENT, Code.LATE), then=Value(1.0)), default=Value(0.0))
    return 100 * float(AttendanceMark.objects.aggregate(found=Avg(here))["found"])


def test_at_full_size_mwangaza_has_861_learners_22_classes_and_41_in_grade_6_east(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    with django_db_blocker.unblock(), empty_platform():
        school = provisioning.request(
            slug="whole", name="Whole School", head_name="", head_email="", by=None, at=clock.now(), in_background=False
        )
        school = provisioning.provision(str(school.pk), at=clock.now())
        stage = Stage(school=school, kind="mwangaza", today=TODAY, at=clock.now())
        with context.in_school(school), transaction.atomic():
            people_demo.load(stage)
            academics_demo.load(stage)
            assert Student.objects.filter(status="enrolled").count() == 861
            sizes = dict(academics.with_learners(SchoolClass.objects.order_by()).values_list("name", "learners"))
            assert len(sizes) == 22
            assert sum(sizes.values()) == 861
            assert sizes["Grade 6 East"] == 41


def test_today_is_a_school_day_in_week_seven_with_registers_to_take(in_demo: School) -> None:
    term = academics.current_term(TODAY)
    assert term is not None
    assert term.week_of(TODAY) == 7
    assert academics.is_school_day(TODAY)
    taken = set(Register.objects.filter(date=TODAY).values_list("school_class__name", flat=True))
    waiting = set(SchoolClass.objects.values_list("name", flat=True)) - taken
    assert waiting == {"Grade 3 West", "Grade 6 East", "Grade 8 West"}


def test_the_year_has_three_terms_and_two_of_them_are_over(in_demo: School) -> None:
    terms = list(Term.objects.all())
    assert [term.number for term in terms] == [1, 2, 3]
    assert [term.ends_on < TODAY for term in terms] == [True, True, False]
    assert {term.year for term in terms} == {academics.current_year(TODAY)}


def test_every_roll_was_called_on_every_school_day_before_today(shown: Demo) -> None:
    for school in (shown.mwangaza, shown.baraka):
        with context.in_school(school):
            first = Term.objects.order_by("starts_on")[0].starts_on
            days = list(academics.school_days(first, TODAY - timedelta(days=1)))
            called = Register.objects.filter(date__lt=TODAY, status=RegisterStatus.TAKEN)
            assert set(called.values_list("date", flat=True)) == set(days)
            assert called.count() == len(days) * SchoolClass.objects.count()


def test_a_register_speaks_of_everybody_who_was_in_the_class_and_of_nobody_else(in_demo: School) -> None:
    for register in Register.objects.filter(date__in=[date(2026, 3, 3), date(2026, 7, 1), date(2026, 11, 20)]):
        marked = set(register.marks.values_list("student_id", flat=True))
        assert marked == set(academics.roll(register.school_class, register.date).values_list("pk", flat=True))


def test_attendance_is_as_in_a_good_school(shown: Demo) -> None:
    for school in (shown.mwangaza, shown.baraka):
        with context.in_school(school):
            assert 93 < rate() < 97.5
            assert AttendanceMark.objects.filter(code=Code.LATE, minutes_late__isnull=True).count() == 0
            assert AttendanceMark.objects.filter(code=Code.EXCUSED, reason__isnull=False).exists()


def test_some_are_away_often_and_the_head_can_see_who(in_demo: School) -> None:
    away = Count("attendance_marks", filter=Q(attendance_marks__code=Code.ABSENT))
    assert Student.objects.annotate(away=away).get(admission_number="A2304").away > 10
    last_days = AttendanceMark.objects.filter(
        student__admission_number="A2304", register__date__gte=TODAY - timedelta(days=5)
    )
    assert list(last_days.values_list("code", "reason")) == [("A", None)] * 3


def test_no_mark_of_a_register_is_later_than_now(in_demo: School) -> None:
    loaded = Entry.objects.filter(action="demo.loaded").latest("at").at
    assert not Register.objects.filter(taken_at__gt=loaded).exists()
    assert not AttendanceMark.objects.exclude(marked_at=F("register__taken_at")).exists()


def test_every_guardian_has_a_child_and_every_child_a_guardian_to_call_first(shown: Demo) -> None:
    for school in (shown.mwangaza, shown.baraka):
        with context.in_school(school):
            assert not Guardian.objects.filter(students=None).exists()
            assert not Student.objects.exclude(guardianships__call_order=1).exists()
            assert not Household.objects.filter(students=None).exists()


def test_siblings_share_a_household_and_their_guardians(in_demo: School) -> None:
    rose = Guardian.objects.get(user__username="rose.barasa")
    assert [child.first_name for child in rose.students.order_by("first_name")] == ["Amani", "Zawadi"]
    assert Household.objects.annotate(children=Count("students")).filter(children__gt=1).count() > 5


def test_everybody_is_in_one_class_and_found_by_name(in_demo: School) -> None:
    assert Enrolment.objects.filter(ends_on=None).count() == Student.objects.count()
    assert Student.objects.filter(search__contains="amani wekesa barasa a2302").count() == 1
    assert not Student.objects.filter(admission_key="").exists()


def test_every_class_has_a_teacher_who_can_sign_in_and_every_subject_is_taught(shown: Demo) -> None:
    for school in (shown.mwangaza, shown.baraka):
        with context.in_school(school):
            assert not SchoolClass.objects.filter(class_teacher__user=None).exists()
            assert not TeachingGroup.objects.filter(teachers=None).exists()
            assert not Staff.objects.filter(job_title="Teacher", user=None).exists()


def test_wanjiru_kamau_has_grade_6_east_and_its_mathematics(in_demo: School) -> None:
    wanjiru = User.objects.get(username="wanjiru.kamau")
    assert [found.name for found in academics.classes_in_care(wanjiru, TODAY)] == ["Grade 6 East"]
    taught = set(academics.teaching_groups_of(wanjiru, TODAY).values_list("name", flat=True))
    assert {"Grade 6 East Mathematics", "Grade 7 West Mathematics"} <= taught


def test_marks_lie_within_their_papers_and_have_their_grades(shown: Demo) -> None:
    for school in (shown.mwangaza, shown.baraka):
        with context.in_school(school):
            assert not Mark.objects.filter(score__gt=F("assessment__maximum")).exists()
            assert not Mark.objects.filter(score__lt=0).exists()
            assert not Mark.objects.filter(is_absent=False, grade="").exists()
            assert Mark.objects.filter(is_absent=True).exists()


def test_each_term_that_is_over_has_its_three_sittings_published(in_demo: School) -> None:
    east = Assessment.objects.filter(school_class__name="Grade 6 East", subject__code="MAT").order_by("date")
    assert [(found.term.number, found.name) for found in east.select_related("term")] == [
        *((term, name) for term in (1, 2) for name in ("Opener", "Mid-term", "End of term")),
        (3, "Opener"),
        (3, "Mid-term"),
    ]
    assert [found.published_at is not None for found in east] == [True] * 7 + [False]


def test_the_mid_term_of_grade_6_east_is_partly_entered(in_demo: School) -> None:
    papers = Assessment.objects.filter(school_class__name="Grade 6 East", term__number=3, name="Mid-term")
    entered = dict(papers.annotate(n=Count("marks")).values_list("subject__code", "n"))
    assert entered == {"MAT": 28, "ENG": 41, "KIS": 41, "SCT": 17, "SST": 41, "AGN": 9, "CRE": 41, "CAR": 0}
    assert all(paper.takes_marks(Entry.objects.latest("at").at) for paper in papers)


def test_amanis_marks_are_those_of_the_report_card(in_demo: School) -> None:
    marks = Mark.objects.filter(student__admission_number="A2302", assessment__name="End of term")
    found = dict(marks.filter(assessment__term__number=2).values_list("assessment__subject__code", "score"))
    assert (found["MAT"], found["ENG"], found["KIS"]) == (Decimal(82), Decimal(68), Decimal(56))
    assert marks.get(assessment__term__number=2, assessment__subject__code="MAT").grade == "EE2"


def test_barakas_forms_are_graded_for_kcse_and_her_grade_10_by_levels(shown: Demo) -> None:
    with context.in_school(shown.baraka):
        by_scale = Assessment.objects.values_list("school_class__grade_level__code", "scale__name").distinct()
        assert set(by_scale.order_by()) == {("F3", "KCSE grades"), ("F4", "KCSE grades"), ("G10", "CBE 8 levels")}
        assert set(Student.objects.values_list("boarding", flat=True)) == {"boarder"}
        options = TeachingGroup.objects.filter(school_class=None)
        assert options.filter(name__startswith="Form 3 Physics").exists()
        assert not options.filter(members=None).exists()
        chosen = Student.objects.annotate(n=Count("teaching_groups"))
        assert set(chosen.values_list("n", flat=True)) == {3}


def test_the_trail_says_who_brought_it_all(in_demo: School) -> None:
    loaded = Entry.objects.filter(action="demo.loaded").order_by("at", "pk")
    assert [entry.changes["part"] for entry in loaded] == [
        "people", "academics", "attendance", "records", "details", "leaves", "transfers", "assessment",
        "messaging", "absences", "papers", "admissions",
    ]  # fmt: skip
    assert Entry.objects.filter(action="people.taken_over").get().changes["students"] == Student.objects.count()
