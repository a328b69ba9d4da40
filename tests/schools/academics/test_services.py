"""Years, classes, groups and enrolments: what is accepted, what is refused, and what the trail says."""

from datetime import date

import pytest

from audit.models import Entry
from core import clock
from core.errors import Conflict, DomainError
from schools.academics import queries, services
from schools.academics.models import AcademicYear, Enrolment, GradeLevel, SchoolClass, TeachingGroup, Term
from schools.people import services as people
from tests.cast import Cast, Company

pytestmark = pytest.mark.usefixtures("in_mwangaza")


@pytest.fixture
def company(cast: Cast) -> Company:
    return cast.mwangaza


def by(company: Company) -> dict:
    return {"by": company.head, "at": clock.now()}


def test_a_term_may_not_overlap_another_nor_leave_its_year(company: Company) -> None:
    for facts, field in [
        ({"ends_on": date(2026, 8, 30)}, "starts_on"),
        ({"starts_on": date(2026, 3, 1)}, "starts_on"),
        ({"ends_on": date(2026, 4, 1)}, "ends_on"),
        ({"starts_on": date(2025, 12, 1)}, "starts_on"),
        ({"half_term_starts_on": date(2026, 6, 24)}, "half_term_ends_on"),
        ({"half_term_starts_on": date(2026, 1, 1), "half_term_ends_on": date(2026, 1, 5)}, "half_term_starts_on"),
    ]:
        with pytest.raises(DomainError) as refusal:
            services.change_term(term=company.term, **facts, **by(company))
        assert field in refusal.value.errors, facts
    company.term.refresh_from_db()
    assert (company.term.starts_on, company.term.ends_on) == (date(2026, 4, 27), date(2026, 7, 31))
    assert not Entry.objects.filter(action="term.changed").exists()


def test_a_term_s_change_tells_before_and_after(company: Company) -> None:
    services.change_term(term=company.term, ends_on=date(2026, 7, 24), **by(company))
    entry = Entry.objects.get(action="term.changed")
    assert entry.changes == {"ends_on": ["2026-07-31", "2026-07-24"]}


def test_a_year_opens_with_its_terms_and_overlaps_no_other(company: Company) -> None:
    plan = [services.TermPlan("Term 1", date(2028, 1, 4), date(2028, 4, 2))]
    year = services.open_year(
        name="2028", starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31), terms=plan, **by(company)
    )
    assert [term.number for term in year.terms.all()] == [1]
    with pytest.raises(DomainError):
        services.open_year(name="2028b", starts_on=date(2028, 6, 1), ends_on=date(2029, 1, 1), terms=[], **by(company))
    services.drop_year(year=year, **by(company))
    assert not AcademicYear.objects.filter(name="2028").exists()
    with pytest.raises(Conflict):
        services.drop_year(year=company.year, **by(company))
    assert Term.objects.filter(year=company.year).count() == 3


def test_a_class_is_named_by_grade_and_stream_and_opened_once(company: Company) -> None:
    grade = GradeLevel.objects.get(code="G5")
    row = services.open_class(year=company.year, grade_level=grade, stream=company.east.stream, **by(company))
    assert row.name == "Grade 5 East"
    with pytest.raises(Conflict) as refusal:
        services.open_class(
            year=company.year, grade_level=grade, stream=company.east.stream, name="Other", **by(company)
        )
    assert list(refusal.value.errors) == ["stream"]


def test_a_full_class_takes_nobody_and_nothing_is_written(company: Company) -> None:
    services.change_class(school_class=company.west, capacity=1, **by(company))
    newcomer = people.admit(admission_number="A9", first_name="Nia", **by(company))
    before = Enrolment.objects.count(), Entry.objects.count()
    with pytest.raises(services.ClassFull):
        services.enrol(student=newcomer, school_class=company.west, on=date(2026, 6, 1), **by(company))
    with pytest.raises(services.ClassFull):
        services.move(student=company.amani, school_class=company.west, on=date(2026, 6, 1), **by(company))
    assert (Enrolment.objects.count(), Entry.objects.count()) == before
    assert queries.class_of(company.amani, date(2026, 6, 1)) == company.east


def test_a_class_may_not_have_fewer_places_than_learners(company: Company) -> None:
    with pytest.raises(DomainError) as refusal:
        services.change_class(school_class=company.east, capacity=1, **by(company))
    assert list(refusal.value.errors) == ["capacity"]


def test_nobody_is_in_two_classes(company: Company) -> None:
    with pytest.raises(services.AlreadyEnrolled):
        services.enrol(student=company.amani, school_class=company.west, on=date(2026, 6, 1), **by(company))
    assert Enrolment.objects.filter(student=company.amani).count() == 1


def test_a_move_ends_the_old_class_the_day_before(company: Company) -> None:
    services.move(student=company.amani, school_class=company.west, on=date(2026, 6, 1), **by(company))
    rows = company.amani.enrolments.order_by("starts_on").values_list(
        "school_class__name", "starts_on", "ends_on", "entry_code", "exit_code"
    )
    assert list(rows) == [
        ("Grade 6 East", date(2026, 1, 5), date(2026, 5, 31), "new", "moved"),
        ("Grade 6 West", date(2026, 6, 1), None, "moved", ""),
    ]
    assert company.amani in queries.roll(company.east, date(2026, 5, 31))
    assert company.amani not in queries.roll(company.east, date(2026, 6, 1))
    assert company.amani in queries.roll(company.west, date(2026, 6, 1))
    entry = Entry.objects.get(action="enrolment.moved")
    assert (entry.object_id, entry.changes) == (
        str(company.amani.pk),
        {"class": ["Grade 6 East", "Grade 6 West"], "on": "2026-06-01"},
    )


def test_a_move_on_the_day_of_joining_corrects_the_class(company: Company) -> None:
    services.move(student=company.amani, school_class=company.west, on=date(2026, 1, 5), **by(company))
    assert company.amani.enrolments.get().school_class == company.west


@pytest.mark.parametrize("day", [date(2025, 12, 1), date(2027, 1, 1)])
def test_a_move_outside_the_time_in_class_is_refused(company: Company, day: date) -> None:
    with pytest.raises(DomainError) as refusal:
        services.move(student=company.amani, school_class=company.west, on=day, **by(company))
    assert list(refusal.value.errors) == ["on"]
    assert company.amani.enrolments.get().school_class == company.east


def test_several_move_together_or_not_at_all(company: Company) -> None:
    services.change_class(school_class=company.west, capacity=2, **by(company))
    both = [company.amani, company.brian]
    with pytest.raises(services.ClassFull):
        services.move_all(students=both, school_class=company.west, on=date(2026, 6, 1), **by(company))
    assert queries.roll(company.west, date(2026, 6, 1)).count() == 1
    services.change_class(school_class=company.west, capacity=3, **by(company))
    assert services.move_all(students=both, school_class=company.west, on=date(2026, 6, 1), **by(company)) == 2


def test_leaving_the_school_ends_the_class_and_marks_the_student(company: Company) -> None:
    services.leave(student=company.brian, on=date(2026, 6, 5), exit_code="transfer_out", **by(company))
    company.brian.refresh_from_db()
    assert (company.brian.status, company.brian.left_on) == ("left", date(2026, 6, 5))
    actions = Entry.objects.filter(object_id=str(company.brian.pk)).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["enrolment.ended", "student.changed"]
    with pytest.raises(services.NotEnrolled):
        services.leave(student=company.brian, on=date(2026, 6, 6), exit_code="left", **by(company))
    services.enrol(student=company.brian, school_class=company.east, on=date(2026, 9, 1), **by(company))
    company.brian.refresh_from_db()
    assert (company.brian.status, company.brian.left_on) == ("enrolled", None)


def test_a_teaching_group_of_a_class_has_no_members_of_its_own(company: Company) -> None:
    with pytest.raises(DomainError) as refusal:
        services.change_teaching_group(group=company.maths_group, members=[company.amani], **by(company))
    assert list(refusal.value.errors) == ["members"]
    group = services.open_teaching_group(
        year=company.year, subject=company.maths, name="Chess", members=[company.amani, company.zawadi],
        teachers=[company.other_staff], **by(company),
    )  # fmt: skip
    assert set(queries.members(group, date(2026, 6, 1))) == {company.amani, company.zawadi}
    assert set(queries.members(company.maths_group, date(2026, 6, 1))) == {company.amani, company.brian}
    services.close_teaching_group(group=group, **by(company))
    assert TeachingGroup.objects.count() == 1
    assert SchoolClass.objects.count() == 2
