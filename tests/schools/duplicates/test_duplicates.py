"""One person written down twice is found, becomes one record with everything on it, and can be taken apart again."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors, text
from identity import accounts
from identity.models import User
from schools.academics import services as academics
from schools.academics.models import Enrolment
from schools.assessment.models import Assessment, Mark
from schools.attendance.models import AttendanceMark, Register
from schools.bulk import services as bulk
from schools.bulk.models import Action
from schools.duplicates import finding, related, services
from schools.duplicates.choices import Kind
from schools.people import services as people
from schools.people.models import Guardian, Guardianship, Student, StudentIdentifier
from schools.records import services as records
from schools.records.models import Care
from tenants import context
from tests.cast import Cast, Company

Browse = Callable[..., Client]


@pytest.mark.parametrize(
    "one, other, same",
    [("A007", "a 7", True), ("A-07", "A7", True), ("26/001", "26-1", True), ("100", "1", False), ("A10", "A1", False),
     ("000", "0", True), ("20/1", "2/01", False)],
)  # fmt: skip
def test_numbers_are_alike_without_case_spaces_and_leading_zeros(one: str, other: str, same: bool) -> None:
    assert (text.bare_number(one) == text.bare_number(other)) is same


def again(ours: Company, **facts: Any) -> Student:
    """Amani, written down a second time."""
    born = Student.objects.get(pk=ours.amani.pk).date_of_birth
    said = {"first_name": "Amani", "last_name": "Barasa", "admission_number": "T-77", "date_of_birth": born, **facts}
    return people.admit(by=ours.registrar, at=clock.now(), **said)  # type: ignore[arg-type]


def merge(ours: Company, other: Any, **how: Any) -> Any:
    kept = Student.objects.get(pk=ours.amani.pk) if isinstance(other, Student) else ours.rose
    kind = Kind.STUDENT if isinstance(other, Student) else Kind.GUARDIAN
    said: dict[str, Any] = {"take": [], "prefer": {}, **how}
    return services.merge(kind=kind, kept=kept, other=other, by=ours.head, at=clock.now(), **said)


def everything() -> dict[str, list[Any]]:
    """Every row of every model that hangs on a student or a guardian."""
    models = {tie.model for model in (Student, Guardian) for tie in related.ties_of(model)} | {Student, Guardian}
    return {
        model._meta.label: sorted(
            (
                {
                    f.attname: getattr(row, f.attname)
                    for f in model._meta.concrete_fields
                    if f.name not in ("created_at", "updated_at")
                }
                for row in model._default_manager.all()
            ),
            key=lambda row: str(row["id"]),
        )
        for model in sorted(models, key=lambda model: model._meta.label)
    }


@pytest.mark.parametrize(
    "second, found",
    [
        ({"first_name": "AMANI", "last_name": "barasa"}, True),
        ({"first_name": "Amanni", "last_name": "Barasa"}, True),  # one letter off, born on the same day
        ({"first_name": "Brenda", "last_name": "Barasa"}, False),  # a twin
        ({"first_name": "Amani", "last_name": "Barasa", "date_of_birth": date(2012, 5, 5)}, False),  # a namesake
        ({"first_name": "Amani", "last_name": "Otieno", "date_of_birth": date(2012, 5, 5)}, False),
    ],
)
def test_a_second_record_is_found_and_a_twin_or_a_namesake_is_not(
    cast: Cast, second: dict[str, Any], found: bool
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        people.change_student(student=ours.amani, date_of_birth=date(2015, 3, 2), by=None, at=clock.now())
        other = again(ours, **second)
        pairs = [{pair.first, pair.second} for pair in finding.pairs(Kind.STUDENT)]
        assert ({ours.amani.pk, other.pk} in pairs) is found


def test_the_same_assessment_number_written_with_zeros_gives_two_records_away(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        other = again(ours, first_name="Baraka", last_name="Wanyama", date_of_birth=None)
        for student, number in ((ours.amani, "A001234567"), (other, "A1234567")):
            people.add_identifier(student=student, type="knec_assessment", value=number, by=None, at=at)
        [pair] = finding.pairs(Kind.STUDENT)
        assert {pair.first, pair.second} == {ours.amani.pk, other.pk}
        assert "the same official number" in pair.reasons


def full_second(ours: Company) -> Student:
    """A second Amani with a class, marks, a guardian, a care record and an account of its own."""
    at = clock.now()
    other = again(ours, county="Nakuru", middle_name="Wekesa Junior")
    academics.enrol(student=other, school_class=ours.west, on=date(2026, 6, 1), by=ours.head, at=at)
    fatma = people.add_guardian(first_name="Fatma", last_name="Barasa", phone="0711000001", by=None, at=at)
    people.link(student=other, guardian=fatma, relationship="aunt_uncle", by=None, at=at)
    records.change_care(student=other, allergies="Milk", by=None, at=at)
    people.add_identifier(student=other, type="upi", value="UPI77", by=None, at=at)
    register = Register.objects.create(school_class=ours.west, date=date(2026, 6, 15))
    AttendanceMark.objects.create(register=register, student=other, code="P", marked_at=at)
    paper = Assessment.objects.create(
        name="Mid-term", subject=ours.maths, school_class=ours.east, term=ours.term, scale=ours.scale,
        maximum=Decimal(50), date=date(2026, 6, 10),
    )  # fmt: skip
    Mark.objects.create(assessment=paper, student=other, score=Decimal(41), grade="EE", entered_at=at)
    Mark.objects.create(assessment=paper, student=ours.amani, score=Decimal(30), grade="ME", entered_at=at)
    ours.maths_group.members.add(other)
    user = accounts.create(
        username="amani.two", full_name="Amani Barasa", roles=["student"], password="maji-ya-kunywa-7", by=None, at=at
    )
    return people.change_student(student=other, user=user, by=None, at=at)


def test_everything_of_the_second_record_hangs_on_the_first_and_one_undo_puts_every_row_back(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        other = full_second(ours)
        before = everything()
        groups = sorted(ours.maths_group.members.values_list("first_name", "admission_number"))
        with pytest.raises(errors.DomainError) as undecided:
            merge(ours, other)
        assert list(undecided.value.errors) in (["academics.Enrolment"], ["assessment.Mark"])
        assert everything() == before and not Action.objects.exists()
        merge(
            ours, other, take=["middle_name", "county", "admission_number"],
            prefer={"academics.Enrolment": "kept", "assessment.Mark": "other"},
        )  # fmt: skip
        amani = Student.objects.get(first_name="Amani")
        assert (amani.pk, amani.admission_number, amani.county) == (ours.amani.pk, "T-77", "Nakuru")
        assert Enrolment.objects.get(student=amani, ends_on=None).school_class == ours.east
        assert [mark.score for mark in Mark.objects.filter(student=amani)] == [Decimal(41)]
        assert AttendanceMark.objects.filter(student=amani).count() == 1
        assert Care.objects.get(student=amani).allergies == "Milk"
        assert {tie.guardian.first_name for tie in Guardianship.objects.filter(student=amani)} >= {"Rose", "Fatma"}
        assert StudentIdentifier.objects.get(value="UPI77").student == amani
        assert ours.maths_group.members.filter(pk=amani.pk).count() == 1
        assert not User.objects.get(username="amani.two").is_active
        assert Entry.objects.get(action="student.merged").changes["record"][0].endswith("T-77")
        [action] = Action.objects.all()
        assert bulk.ask_undo(action=action, by=ours.head, at=clock.now()).state == "undone"
        assert everything() == before
        assert sorted(ours.maths_group.members.values_list("first_name", "admission_number")) == groups
        assert User.objects.get(username="amani.two").is_active


def test_a_merge_on_which_a_later_change_rests_is_not_undone_and_says_why(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        other = again(ours)
        records.change_care(student=other, allergies="Milk", by=None, at=at)
        merge(ours, other)
        records.change_care(student=ours.amani, allergies="Milk, nuts", by=None, at=at + timedelta(hours=1))
        action = bulk.ask_undo(action=Action.objects.get(), by=ours.head, at=clock.now())
        assert action.state == "done" and "was changed later" in action.reason
        assert Student.objects.filter(first_name="Amani").count() == 1


def test_a_guardian_written_down_twice_keeps_every_child_and_the_account_goes_over(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        people.change_guardian(guardian=ours.rose, user=None, by=None, at=at)
        second = people.add_guardian(first_name="Rose", last_name="Barasa", phone="0722 418 093", by=None, at=at)
        second = people.change_guardian(guardian=second, user=ours.guardian, by=None, at=at)
        people.link(student=ours.brian, guardian=second, relationship="guardian", by=None, at=at)
        [pair] = finding.pairs(Kind.GUARDIAN)
        assert (pair.score, pair.reasons) == (95, ("the same names", "the same phone"))
        before = everything()
        rose = merge(ours, second)
        assert rose.user == ours.guardian and rose.guardianships.filter(student=ours.brian).exists()
        assert Guardian.objects.filter(first_name="Rose").count() == 1
        bulk.ask_undo(action=Action.objects.get(), by=ours.head, at=clock.now())
        assert everything() == before


def test_the_office_compares_the_pair_chooses_and_merges_or_tells_them_apart(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        people.change_student(student=ours.amani, date_of_birth=date(2015, 3, 2), by=None, at=clock.now())
        other = again(ours, county="Nakuru", date_of_birth=date(2015, 3, 2))
    registrar = browse(ours.registrar)
    assert "Amani Wekesa Barasa · Amani Barasa" in registrar.get("/duplicates/").content.decode()
    address = f"/duplicates/students/{ours.amani.pk}/{other.pk}/"
    page = registrar.get(address).content.decode()
    assert all(words in page for words in ("T-77", "Nakuru", "What goes over"))
    registrar.post(f"{address}different/")
    assert "Amani Barasa" not in registrar.get("/duplicates/").content.decode()
    answer = registrar.post(address, {"field-county": "other", "field-admission_number": "kept"})
    assert (answer.status_code, answer["Location"]) == (302, f"/students/{ours.amani.pk}/")
    with context.in_school(ours.school):
        amani = Student.objects.get(first_name="Amani")
        assert (amani.pk, amani.county, amani.admission_number) == (ours.amani.pk, "Nakuru", "A2302")
    assert registrar.get(address).status_code == 404
    assert registrar.get(f"/duplicates/students/{ours.amani.pk}/{ours.amani.pk}/").status_code == 404
    assert registrar.get("/duplicates/parrots/").status_code == 404
