"""The real roll of two schools: every row, every total, and each school its own only."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Avg, Sum

from schools.academics.models import Enrolment, SchoolClass
from schools.assessment.models import GradingScale, Mark
from schools.attendance.models import BroughtForward
from schools.imports.models import Run
from schools.people.models import Guardian, Student
from tenants import context
from tenants.models import School

DATA = Path(__file__).parents[2] / "data" / "student-performance"
EXPECTED = {
    ("gabriel-pereira", "Portuguese"): (423, 1783, "12.5768"),
    ("gabriel-pereira", "Mathematics"): (349, 2082, "10.4900"),
    ("mousinho-da-silveira", "Portuguese"): (226, 592, "10.6504"),
    ("mousinho-da-silveira", "Mathematics"): (46, 173, "9.8478"),
}


def bring_in() -> dict[str, School]:
    call_command("import_case", str(DATA), verbosity=0)
    with context.in_public():
        return {school.slug: school for school in School.objects.all()}


def test_every_row_is_a_student_the_totals_are_those_of_the_data_and_each_school_has_its_own(own_database: str) -> None:
    schools = bring_in()
    for (slug, name), (students, absences, mean) in EXPECTED.items():
        with context.in_school(schools[slug]):
            school_class = SchoolClass.objects.get(name=name)
            inside = Enrolment.objects.filter(school_class=school_class, ends_on=None).values("student")
            assert Student.objects.filter(pk__in=inside).count() == students
            totals = BroughtForward.objects.filter(student__in=inside)
            assert (totals.count(), totals.aggregate(n=Sum("absences"))["n"]) == (students, absences)
            g3 = Mark.objects.filter(assessment__name="G3", assessment__school_class=school_class)
            assert g3.count() == students
            assert g3.aggregate(n=Avg("score"))["n"].quantize(Decimal("0.0001")) == Decimal(mean)
            assert Mark.objects.filter(assessment__school_class=school_class).count() == 3 * students
    numbers = {slug: people_of(schools[slug]) for slug in schools}
    assert {slug: len(found) for slug, found in numbers.items()} == {
        "gabriel-pereira": 772,
        "mousinho-da-silveira": 272,
        "mwangaza": 3,
        "baraka": 3,
    }
    assert len(set().union(*numbers.values())) == 772 + 272 + 3 + 3
    with context.in_school(schools["gabriel-pereira"]):
        one_row_comes_in_as_it_stands()
    bring_in()
    with context.in_school(schools["gabriel-pereira"]):
        assert (Student.objects.count(), Mark.objects.count()) == (772, 3 * 772)
        assert Run.objects.filter(state="done").count() == 2, "the second time found everybody there"


def people_of(school: School) -> set[str]:
    with context.in_school(school):
        return set(Student.objects.values_list("admission_number", flat=True))


def one_row_comes_in_as_it_stands() -> None:
    first = Student.objects.get(admission_number="POR-0001")
    assert (first.first_name, first.last_name, first.sex, first.date_of_birth) == ("POR-0001", "", "F", None)
    assert BroughtForward.objects.get(student=first).absences == 4
    assert list(first.marks.order_by("assessment__name").values_list("score", "grade")) == [
        (Decimal(0), "F"),
        (Decimal(11), "D"),
        (Decimal(11), "D"),
    ]
    assert GradingScale.objects.get(is_default=True).maximum == 20
    assert Guardian.objects.count() == 0


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"has no student-por\.csv and no student-mat\.csv\."):
        call_command("import_case", str(tmp_path))
