"""Writes of people's records: what they accept, what they refuse, and what the trail says of them."""

from datetime import date

import pytest

from audit.models import Entry
from core import clock
from core.errors import Conflict, DomainError, Stale
from schools.people import services
from schools.people.models import Guardian, Guardianship, Household, Staff, Student, StudentIdentifier
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("in_mwangaza")


def trail_of(thing: object) -> list[tuple[str, str, dict]]:
    entries = Entry.objects.filter(object_id=str(thing.pk)).order_by("at", "pk")
    return [(entry.action, entry.actor_name, entry.changes) for entry in entries]


def admit(cast: Cast, **facts: object) -> Student:
    known = {"admission_number": "A9001", "first_name": "Njeri", "admitted_on": date(2026, 2, 2), **facts}
    return services.admit(**known, by=cast.mwangaza.registrar, at=clock.now())


def test_admitting_puts_a_student_on_the_roll_and_says_so_once(cast: Cast) -> None:
    student = admit(cast, last_name="  Wa   Kamau ")
    assert (student.full_name, student.status) == ("Njeri Wa Kamau", "enrolled")
    assert trail_of(student) == [
        (
            "student.admitted",
            "Otieno Okello",
            {
                "admission_number": [None, "A9001"],
                "first_name": [None, "Njeri"],
                "last_name": [None, "Wa Kamau"],
                "admitted_on": [None, "2026-02-02"],
            },
        )
    ]


@pytest.mark.parametrize("number", ["A2302", "a-2302", " A 23 02 ", "a/2302"])
def test_an_admission_number_is_taken_however_it_is_written(cast: Cast, number: str) -> None:
    before = Student.objects.count(), Entry.objects.count()
    with pytest.raises(Conflict) as refusal:
        admit(cast, admission_number=number)
    assert list(refusal.value.errors) == ["admission_number"]
    assert (Student.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"first_name": "N" * 81}, "first_name"),
        ({"admission_number": "--"}, "admission_number"),
        ({"sex": "X"}, "sex"),
        ({"boarding": "sometimes"}, "boarding"),
        ({"date_of_birth": date(2999, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(1800, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(2026, 3, 1)}, "admitted_on"),
        ({"date_of_birth": "yesterday"}, "date_of_birth"),
    ],
)
def test_a_wrong_fact_is_refused_by_its_name_and_nothing_is_written(cast: Cast, facts: dict, field: str) -> None:
    before = Student.objects.count(), Entry.objects.count()
    with pytest.raises(DomainError) as refusal:
        admit(cast, **facts)
    assert field in refusal.value.errors
    assert (Student.objects.count(), Entry.objects.count()) == before


def test_characters_that_no_name_holds_are_taken_out(cast: Cast) -> None:
    assert admit(cast, first_name="Nje\0ri\n").first_name == "Nje ri"


def test_a_change_tells_before_and_after_of_what_changed_alone(cast: Cast) -> None:
    amani = cast.mwangaza.amani
    services.change_student(
        student=amani, first_name="Amani", county="Nakuru", boarding="boarder", by=cast.mwangaza.head, at=clock.now()
    )
    assert trail_of(amani) == [
        ("student.changed", "Jane Njeri", {"county": ["", "Nakuru"], "boarding": ["day", "boarder"]})
    ]


def test_a_change_of_nothing_leaves_no_trace(cast: Cast) -> None:
    services.change_student(student=cast.mwangaza.amani, first_name="Amani", by=cast.mwangaza.head, at=clock.now())
    assert trail_of(cast.mwangaza.amani) == []


def test_a_change_drawn_from_an_older_row_is_refused(cast: Cast) -> None:
    amani = cast.mwangaza.amani
    version = amani.version
    services.change_student(student=amani, county="Nakuru", by=cast.mwangaza.head, at=clock.now())
    with pytest.raises(Stale):
        services.change_student(
            student=amani, county="Kericho", expected=version, by=cast.mwangaza.registrar, at=clock.now()
        )
    amani.refresh_from_db()
    assert amani.county == "Nakuru"


def test_a_phone_is_kept_in_one_form(cast: Cast) -> None:
    guardian = services.add_guardian(first_name="Agnes", phone="0745 113-902", by=cast.mwangaza.head, at=clock.now())
    assert guardian.phone == "+254745113902"


def test_a_phone_that_is_none_is_refused(cast: Cast) -> None:
    before = Guardian.objects.count()
    with pytest.raises(DomainError) as refusal:
        services.add_guardian(first_name="Agnes", phone="call me", by=cast.mwangaza.head, at=clock.now())
    assert list(refusal.value.errors) == ["phone"]
    assert Guardian.objects.count() == before


def test_a_second_child_finds_the_family_s_guardian_by_phone_and_name(cast: Cast) -> None:
    known = {"last_name": "Barasa", "by": cast.mwangaza.head, "at": clock.now()}
    assert services.find_or_add_guardian(first_name="ROSE", phone="0722418093", **known) == cast.mwangaza.rose
    assert services.find_or_add_guardian(first_name="Peter", phone="0722418093", **known) != cast.mwangaza.rose


def test_a_guardian_is_tied_once_and_called_last(cast: Cast) -> None:
    amani = cast.mwangaza.amani
    aunt = services.add_guardian(first_name="Agnes", by=cast.mwangaza.head, at=clock.now())
    tie = services.link(
        student=amani,
        guardian=aunt,
        relationship="aunt_uncle",
        sees_portal=False,
        by=cast.mwangaza.head,
        at=clock.now(),
    )
    assert (tie.call_order, tie.sees_portal, tie.may_collect) == (2, False, True)
    with pytest.raises(Conflict):
        services.link(student=amani, guardian=aunt, by=cast.mwangaza.head, at=clock.now())
    assert [action for action, _by, _changes in trail_of(amani)] == ["guardianship.added"]


def test_rights_are_changed_and_taken_back_with_a_trace_on_the_student(cast: Cast) -> None:
    amani = cast.mwangaza.amani
    tie = Guardianship.objects.get(student=amani)
    services.change_rights(guardianship=tie, may_collect=False, by=cast.mwangaza.head, at=clock.now())
    services.unlink(guardianship=tie, by=cast.mwangaza.head, at=clock.now())
    assert trail_of(amani) == [
        ("guardianship.changed", "Jane Njeri", {"guardian": "Rose Barasa", "may_collect": [True, False]}),
        ("guardianship.removed", "Jane Njeri", {"guardian": ["Rose Barasa · Mother", None]}),
    ]
    assert not Guardianship.objects.filter(student=amani).exists()


def test_an_official_number_belongs_to_one_student(cast: Cast) -> None:
    before = StudentIdentifier.objects.count()
    with pytest.raises(Conflict) as refusal:
        services.add_identifier(
            student=cast.mwangaza.brian, type="upi", value="c7k-4mx", by=cast.mwangaza.head, at=clock.now()
        )
    assert list(refusal.value.errors) == ["value"]
    assert StudentIdentifier.objects.count() == before
    row = services.add_identifier(
        student=cast.mwangaza.brian, type="knec_assessment", value="B002417063", by=cast.mwangaza.head, at=clock.now()
    )
    services.remove_identifier(identifier=row, by=cast.mwangaza.head, at=clock.now())
    assert [act for act, _by, _changes in trail_of(cast.mwangaza.brian)] == ["identifier.added", "identifier.removed"]


def test_a_household_begins_with_a_student_and_their_guardians(cast: Cast) -> None:
    brian = cast.mwangaza.brian
    father = services.add_guardian(first_name="George", by=cast.mwangaza.head, at=clock.now())
    services.link(student=brian, guardian=father, by=cast.mwangaza.head, at=clock.now())
    home = services.settle(
        student=brian, facts={"name": "Otieno family", "phone": "0720915772"}, by=cast.mwangaza.head, at=clock.now()
    )
    brian.refresh_from_db()
    father.refresh_from_db()
    assert (brian.household, father.household, home.phone) == (home, home, "+254720915772")
    assert Household.objects.count() == 2


def test_staff_numbers_are_taken_whatever_their_case(cast: Cast) -> None:
    before = Staff.objects.count()
    with pytest.raises(Conflict) as refusal:
        services.employ(staff_number="mwa-1", first_name="Ann", by=cast.mwangaza.head, at=clock.now())
    assert list(refusal.value.errors) == ["staff_number"]
    assert Staff.objects.count() == before
