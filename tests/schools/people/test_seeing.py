"""Who sees whom, and what a search finds."""

import pytest

from core import clock
from identity import accounts
from schools.people import queries, services
from schools.people.models import Guardianship, Student
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("in_mwangaza")


def names(rows: object) -> set[str]:
    return {row.short_name for row in rows}


EVERYBODY = {"Amani Barasa", "Zawadi Barasa", "Brian Otieno"}


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("head", EVERYBODY),
        ("registrar", EVERYBODY),
        ("bursar", EVERYBODY),
        ("teacher", {"Amani Barasa", "Brian Otieno"}),
        ("other_teacher", {"Zawadi Barasa"}),
        ("guardian", {"Amani Barasa", "Zawadi Barasa"}),
        ("student", {"Amani Barasa"}),
    ],
)
def test_each_role_sees_its_students(cast: Cast, role: str, seen: set[str]) -> None:
    assert names(queries.visible_to(getattr(cast.mwangaza, role))) == seen


def test_a_program_of_the_school_sees_all(cast: Cast) -> None:
    program = accounts.service_account(name="Sync", roles=[], by=cast.mwangaza.head, at=clock.now())
    assert names(queries.visible_to(program)) == EVERYBODY


def test_a_guardian_without_the_portal_s_right_does_not_see_the_child(cast: Cast) -> None:
    Guardianship.objects.filter(student=cast.mwangaza.zawadi).update(sees_portal=False)
    assert names(queries.visible_to(cast.mwangaza.guardian)) == {"Amani Barasa"}


def test_guardians_are_seen_by_staff_through_students_and_by_themselves(cast: Cast) -> None:
    other = services.add_guardian(first_name="George", last_name="Otieno", by=cast.mwangaza.head, at=clock.now())
    services.link(student=cast.mwangaza.brian, guardian=other, by=cast.mwangaza.head, at=clock.now())
    assert names(queries.guardians_visible_to(cast.mwangaza.head)) == {"Rose Barasa", "George Otieno"}
    assert names(queries.guardians_visible_to(cast.mwangaza.other_teacher)) == {"Rose Barasa"}
    assert names(queries.guardians_visible_to(cast.mwangaza.guardian)) == {"Rose Barasa"}
    assert names(queries.guardians_visible_to(cast.mwangaza.student)) == set()


def test_families_see_no_staff(cast: Cast) -> None:
    assert queries.staff_visible_to(cast.mwangaza.teacher).count() == 5
    assert queries.staff_visible_to(cast.mwangaza.guardian).count() == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wanjiku", {"Wanjikũ Kamau"}),
        ("KAMAU wanj", {"Wanjikũ Kamau"}),
        ("a-2302", {"Amani Barasa"}),
        ("A 2302", {"Amani Barasa"}),
        ("0722418093", {"Amani Barasa", "Zawadi Barasa"}),
        ("+254 722 418 093", {"Amani Barasa", "Zawadi Barasa"}),
        ("418093", {"Amani Barasa", "Zawadi Barasa"}),
        ("c7k4mx", {"Amani Barasa"}),
        ("wekesa", {"Amani Barasa"}),
        ("nobody here", set()),
        ("'; drop table --", set()),
        ("\0", set()),
        ("%", set()),
        ("", {*EVERYBODY, "Wanjikũ Kamau"}),
    ],
)
def test_a_search_is_tolerant(cast: Cast, typed: str, found: set[str]) -> None:
    services.admit(
        admission_number="A3000", first_name="Wanjikũ", last_name="Kamau", by=cast.mwangaza.head, at=clock.now()
    )
    assert names(queries.search_students(Student.objects.all(), typed)) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("a-77", True),
        ("A0077", True),
        ("A 00077", True),
        ("a77", True),
        ("A707", False),
        ("A770", False),
        ("B77", False),
    ],
)
def test_a_number_is_found_however_its_zeros_are_written(cast: Cast, typed: str, found: bool) -> None:
    services.change_student(student=cast.mwangaza.brian, admission_number="A-0077", by=None, at=clock.now())
    everybody = queries.visible_to(cast.mwangaza.head)
    assert ("Brian Otieno" in names(queries.search_students(everybody, typed))) is found


def test_an_official_number_is_found_without_its_zeros(cast: Cast) -> None:
    at = clock.now()
    services.add_identifier(student=cast.mwangaza.brian, type="knec_assessment", value="B001234", by=None, at=at)
    everybody = queries.visible_to(cast.mwangaza.head)
    assert names(queries.search_students(everybody, "b 1234")) == {"Brian Otieno"}
