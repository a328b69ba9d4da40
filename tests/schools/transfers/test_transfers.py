"""A student goes from one school to another: both heads agree, a sealed package goes along, and it happens once."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors, storage
from schools.academics.models import Enrolment
from schools.details.models import Details
from schools.people import services as people
from schools.people.models import Guardian, Guardianship, Student, StudentIdentifier
from schools.records import services as records
from schools.records.models import Care, Document
from schools.transfers import package, queries, services
from schools.transfers.models import Transfer
from tenants import context
from tenants.models import School
from tests.cast import Cast

Browse = Callable[..., Client]
LAST = date(2026, 6, 30)


@pytest.fixture
def both(cast: Cast) -> Cast:
    """Both schools take students over; Amani has a number, a document and a care record."""
    with context.in_public():
        for school in School.objects.all():
            school.facts = {**school.facts, queries.FACT: True}
            school.save()
    with context.in_school(cast.mwangaza.school), transaction.atomic():
        at, amani = clock.now(), cast.mwangaza.amani
        people.add_identifier(student=amani, type="knec_assessment", value="B001", by=None, at=at)
        records.add_document(
            person=amani, kind="birth_certificate", name="Certificate", content=b"%PDF-1.7 amani", by=None, at=at
        )
        records.change_care(student=amani, allergies="Groundnuts", by=None, at=at)
    return cast


def asked(cast: Cast, *, outside: bool = False, **how: Any) -> Transfer:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        said: dict[str, Any] = {
            "student": ours.amani, "school": None if outside else cast.baraka.school.pk,
            "school_name": "Hill School" if outside else "", "reason": "The family moves", "last_day": LAST,
            "consented_by": ours.rose, "with_documents": True, "with_care": False, "by": ours.registrar,
            "at": clock.now(), **how,
        }  # fmt: skip
        return services.ask(**said)


def offered(cast: Cast, **how: Any) -> Transfer:
    """Approved by Mwangaza's head; gives back Baraka's row."""
    row = asked(cast, **how)
    with context.in_school(cast.mwangaza.school):
        services.approve(transfer=row, by=cast.mwangaza.head, at=clock.now())
    with context.in_school(cast.baraka.school):
        return Transfer.objects.get()


def states(cast: Cast) -> list[list[str]]:
    found = []
    for company in (cast.mwangaza, cast.baraka):
        with context.in_school(company.school):
            found.append(list(Transfer.objects.values_list("state", flat=True)))
    return found


def agreed(cast: Cast, **how: Any) -> Transfer:
    row = offered(cast, **how)
    with context.in_school(cast.baraka.school):
        return services.agree(transfer=row, yes=True, answer="", by=cast.baraka.head, at=clock.now())


def taken_in(cast: Cast, row: Transfer) -> Student:
    theirs = cast.baraka
    with context.in_school(theirs.school):
        return services.take_in(
            transfer=row, school_class=theirs.west, on=date(2026, 7, 1), admission_number="B900", by=theirs.registrar,
            at=clock.now(),
        )  # fmt: skip


def test_the_other_school_knows_nothing_before_the_head_approves(both: Cast) -> None:
    asked(both)
    assert states(both) == [["asked"], []]
    offered_row = None
    with context.in_school(both.mwangaza.school):
        row = Transfer.objects.get()
        services.approve(transfer=row, by=both.mwangaza.head, at=clock.now())
        with pytest.raises(errors.Conflict):
            services.approve(transfer=row, by=both.mwangaza.head, at=clock.now())
    with context.in_school(both.baraka.school):
        offered_row = Transfer.objects.get()
        assert (offered_row.name, offered_row.school_name, offered_row.student) == (
            "Amani Wekesa Barasa", "Mwangaza School", None,
        )  # fmt: skip
        assert not Student.objects.filter(first_name="Amani").exists()
    assert states(both) == [["offered"], ["offered"]]


def test_a_student_is_taken_in_with_what_may_travel_and_leaves_the_old_school_in_the_same_moment(both: Cast) -> None:
    row = agreed(both)
    with context.in_school(both.baraka.school), pytest.raises(errors.Conflict):
        services.agree(transfer=row, yes=False, answer="No", by=both.baraka.head, at=clock.now())
    new = taken_in(both, row)
    with context.in_school(both.baraka.school):
        here = Enrolment.objects.get(student=new, ends_on=None)
        assert (new.full_name, new.admission_number, here.school_class, here.entry_code) == (
            "Amani Wekesa Barasa", "B900", both.baraka.west, "transfer_in",
        )  # fmt: skip
        numbers = dict(StudentIdentifier.objects.filter(student=new).values_list("type", "value"))
        assert numbers == {"knec_assessment": "B001", "upi": "C7K4MX", "previous": "A2302 (Mwangaza School)"}
        rose = Guardianship.objects.get(student=new).guardian
        assert (rose.first_name, rose.phone) == ("Rose", "+254722418093")
        assert storage.read(Document.objects.get(student=new).file) == b"%PDF-1.7 amani"
        assert Details.objects.get(student=new).previous_school == "Mwangaza School"
        assert not Care.objects.filter(student=new).exists()  # the guardian did not agree to that
        assert Entry.objects.filter(action="transfer.taken_in").count() == 1
        with pytest.raises(errors.Conflict):
            taken_in(both, row)
        assert Student.objects.filter(first_name="Amani").count() == 1
    with context.in_school(both.mwangaza.school):
        gone = Student.objects.get(pk=both.mwangaza.amani.pk)
        left = Enrolment.objects.get(student=gone)
        assert (gone.status, gone.left_on, left.ends_on, left.exit_code) == ("left", LAST, LAST, "transfer_out")
        assert Entry.objects.filter(action="transfer.done").count() == 1
    assert states(both) == [["done"], ["done"]]


def test_the_care_record_goes_along_only_when_the_guardian_agreed(both: Cast) -> None:
    new = taken_in(both, agreed(both, with_care=True, with_documents=False))
    with context.in_school(both.baraka.school):
        assert Care.objects.get(student=new).allergies == "Groundnuts"
        assert not Document.objects.filter(student=new).exists()


def test_a_guardian_who_is_known_at_the_new_school_is_not_written_down_twice(both: Cast) -> None:
    with context.in_school(both.baraka.school), transaction.atomic():
        known = people.add_guardian(
            first_name="Rose", last_name="Wanyama", phone="0722 418 093", household=both.baraka.household, by=None,
            at=clock.now(),
        )  # fmt: skip
    new = taken_in(both, agreed(both))
    with context.in_school(both.baraka.school):
        assert Guardianship.objects.get(student=new).guardian == known
        assert Guardian.objects.filter(first_name="Rose").count() == 1
        assert Student.objects.get(pk=new.pk).household == both.baraka.household


def test_somebody_with_the_same_official_number_stops_it_and_nothing_is_half_done(both: Cast) -> None:
    row = agreed(both)
    with context.in_school(both.baraka.school):
        people.add_identifier(student=both.baraka.brian, type="knec_assessment", value="b001", by=None, at=clock.now())
        with pytest.raises(errors.Conflict) as known:
            taken_in(both, row)
        assert "Faith Wairimu, who is here already" in known.value.message
        assert not Student.objects.filter(first_name="Amani").exists()
    with context.in_school(both.mwangaza.school):
        assert Student.objects.get(pk=both.mwangaza.amani.pk).status == "enrolled"
    assert states(both) == [["agreed"], ["agreed"]]


def test_a_failure_at_the_end_leaves_both_schools_as_they_were(both: Cast) -> None:
    row = agreed(both)
    with context.in_school(both.mwangaza.school):
        Enrolment.objects.filter(student=both.mwangaza.amani).update(starts_on=date(2027, 1, 1))
    with context.in_school(both.baraka.school), pytest.raises(errors.DomainError):
        services.take_in(
            transfer=row, school_class=both.baraka.west, on=date(2031, 1, 1), admission_number="B900",
            by=both.baraka.registrar, at=clock.now(),
        )  # fmt: skip
    assert states(both) == [["agreed"], ["agreed"]]
    with context.in_school(both.baraka.school):
        assert not Student.objects.filter(admission_number="B900").exists()


def test_it_is_declined_with_a_reason_or_withdrawn_before_it_is_done(both: Cast) -> None:
    row = offered(both)
    with context.in_school(both.baraka.school):
        with pytest.raises(errors.DomainError) as silent:
            services.agree(transfer=row, yes=False, answer=" ", by=both.baraka.head, at=clock.now())
        assert list(silent.value.errors) == ["answer"]
        services.agree(transfer=row, yes=False, answer="No place", by=both.baraka.head, at=clock.now())
    with context.in_school(both.mwangaza.school):
        ours = Transfer.objects.get()
        assert (ours.state, ours.answer) == ("declined", "No place")
        with pytest.raises(errors.Conflict):
            services.withdraw(transfer=ours, by=both.mwangaza.head, at=clock.now())
        Transfer.objects.all().delete()
    with context.in_school(both.baraka.school):
        Transfer.objects.all().delete()
    agreed_row = agreed(both)
    with context.in_school(both.mwangaza.school):
        services.withdraw(transfer=Transfer.objects.get(), by=both.mwangaza.head, at=clock.now())
    assert states(both) == [["withdrawn"], ["withdrawn"]]
    with pytest.raises(errors.Conflict):
        taken_in(both, agreed_row)


@pytest.mark.parametrize(
    ("how", "field"),
    [({"consented_by": None}, "consented_by"), ({"school": None, "school_name": " "}, "school_name")],
)
def test_without_a_guardian_s_consent_or_a_school_nothing_begins(both: Cast, how: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.DomainError) as wrong:
        asked(both, **how)
    assert field in wrong.value.errors and states(both) == [[], []]


def test_a_closed_school_and_one_that_is_not_on_the_list_get_nobody(both: Cast) -> None:
    with context.in_public():
        School.objects.filter(pk=both.baraka.school.pk).update(state="suspended")
    with pytest.raises(errors.DomainError) as closed:
        asked(both)
    assert "school" in closed.value.errors
    with context.in_public():
        school = School.objects.get(pk=both.baraka.school.pk)
        school.state, school.facts = "live", {}
        school.save()
    with pytest.raises(errors.DomainError):
        asked(both)


def test_one_student_has_one_open_transfer(both: Cast) -> None:
    asked(both)
    with pytest.raises(errors.Conflict), transaction.atomic():
        asked(both, outside=True)


def test_a_school_outside_gets_a_file_that_opens_here_only_as_it_was_sealed(both: Cast, browse: Browse) -> None:
    row = asked(both, outside=True)
    head = browse(both.mwangaza.head)
    assert head.post(f"/transfers/{row.pk}/approve/").status_code == 302
    content = head.get(f"/transfers/{row.pk}/file/").content
    assert browse(both.baraka.head).get(f"/transfers/{row.pk}/file/").status_code == 404
    with context.in_school(both.mwangaza.school):
        assert Student.objects.get(pk=both.mwangaza.amani.pk).status == "left"
    theirs = browse(both.baraka.head)
    for broken in (content[:-40], b"PK", b"", changed(content, "record.json"), changed(content, "seal.txt"),
                   changed(content, "document-1.pdf")):  # fmt: skip
        theirs.post("/transfers/bring/", {"file": SimpleUploadedFile("package.zip", broken)})
    assert states(both) == [["done"], []]
    theirs.post("/transfers/bring/", {"file": SimpleUploadedFile("package.zip", content)})
    assert states(both) == [["done"], ["offered"]]
    with context.in_school(both.baraka.school):
        brought = Transfer.objects.get()
    page = theirs.get(f"/transfers/{brought.pk}/").content.decode()
    assert "Amani Wekesa Barasa" in page and "B001" in page and "Groundnuts" not in page
    theirs.post(f"/transfers/{brought.pk}/answer/", {"do": "agree"})
    form = {"school_class": both.baraka.west.pk, "on": "2026-07-01", "admission_number": "B901"}
    assert browse(both.baraka.registrar).post(f"/transfers/{brought.pk}/take-in/", form).status_code == 302
    with context.in_school(both.baraka.school):
        assert Student.objects.get(admission_number="B901").first_name == "Amani"


def changed(content: bytes, name: str) -> bytes:
    """The same package with one byte of one file changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            held = old.read(one)
            if one == name:
                held = held.replace(b"Amani", b"Imani", 1) if b"Amani" in held else bytes([held[0] ^ 1]) + held[1:]
            new.writestr(one, held)
    return out.getvalue()


def test_the_package_tells_what_may_travel_and_nothing_else(both: Cast) -> None:
    row = offered(both)
    with context.in_school(both.baraka.school):
        opened = package.read(storage.read(row.package))
    assert set(opened.record) == {
        "format", "school", "student", "identifiers", "guardians", "classes", "last_day", "reason", "photo",
        "documents", "care", "files",
    }  # fmt: skip
    assert opened.record["care"] == {} and list(opened.files) == ["document-1.pdf"]
    assert connection.in_atomic_block


def test_the_head_reads_on_the_home_page_who_waits(both: Cast, browse: Browse) -> None:
    asked(both)
    assert "Transfers for you" in browse(both.mwangaza.head).get("/").content.decode()
    assert "Transfers for you" not in browse(both.baraka.head).get("/").content.decode()
    registrar = browse(both.mwangaza.registrar)
    page = registrar.get(f"/transfers/students/{both.mwangaza.zawadi.pk}/").content.decode()
    assert "Baraka Girls" in page and "Mwangaza School</option>" not in page
