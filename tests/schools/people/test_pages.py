"""The pages about people: what they show to whom, and what they do with what they are given."""

import csv
import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from schools.people import services
from schools.people.models import Guardian, Guardianship, Student
from tenants import context
from tests.cast import Cast
from tests.conftest import Browse


def admit_many(cast: Cast, number: int) -> None:
    with context.in_school(cast.mwangaza.school):
        at = clock.now()
        for n in range(number):
            student = services.admit(
                admission_number=f"Q{n:03}", first_name="Quinter", last_name=f"N{n:03}", by=None, at=at
            )
            guardian = services.add_guardian(first_name=f"G{n}", phone=f"07000001{n:02}", by=None, at=at)
            services.link(student=student, guardian=guardian, by=None, at=at)


def queries_of(browser: Any, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_the_list_asks_as_often_for_one_row_as_for_twenty(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.mwangaza.head)
    admit_many(cast, 20)
    browser.get("/students/")
    assert queries_of(browser, "/students/?q=Q001") == queries_of(browser, "/students/?q=Quinter")


def test_the_list_shows_class_and_guardian_of_each_student(cast: Cast, browse: Browse) -> None:
    page = browse(cast.mwangaza.head).get("/students/").content.decode()
    for words in ("Amani Barasa", "Grade 6 East", "Rose Barasa", "0722 418 093", "3 enrolled", "2 classes"):
        assert words in page


def test_a_partial_request_gets_the_list_alone(cast: Cast, browse: Browse) -> None:
    page = browse(cast.mwangaza.head).get("/students/?q=brian", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div id="found">')
    assert "Brian Otieno" in page
    assert "Amani Barasa" not in page


def test_filters_live_in_the_address(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.mwangaza.head)

    def names(query: str) -> set[str]:
        return {row.student.first_name for row in browser.get(f"/students/{query}").context["rows"]}

    assert names(f"?class={cast.mwangaza.west.pk}") == {"Zawadi"}
    assert names(f"?class={cast.mwangaza.west.pk}&class={cast.mwangaza.east.pk}") == {"Amani", "Brian", "Zawadi"}
    assert names("?sex=M") == {"Brian"}
    assert names("?grade=G6&sex=F") == {"Amani", "Zawadi"}
    assert names("?status=left") == set()
    assert names("?status=nonsense&sex=&class=nonsense&grade=%00&sort=-password&page=9999") == set()
    assert names("?sort=-name&page=x") == {"Amani", "Brian", "Zawadi"}


def test_those_who_left_are_listed_when_asked_for(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.mwangaza.school):
        services.end_student(student=cast.mwangaza.brian, status="left", on=date(2026, 6, 1), by=None, at=clock.now())
    browser = browse(cast.mwangaza.head)
    assert "Brian Otieno" not in browser.get("/students/").content.decode()
    assert "Brian Otieno" in browser.get("/students/?status=left").content.decode()
    assert "Brian Otieno" in browser.get("/students/?q=brian").content.decode()


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_begins_a_formula(cast: Cast, browse: Browse, begin: str) -> None:
    with context.in_school(cast.mwangaza.school):
        Student.objects.filter(pk=cast.mwangaza.brian.pk).update(last_name=f'{begin}HYPERLINK("//evil")')
    response = browse(cast.mwangaza.head).get("/students/export.csv?q=brian")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (row,) = list(csv.DictReader(io.StringIO(text, newline="")))
    assert row["Last name"] == f'\'{begin}HYPERLINK("//evil")'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_csv_is_the_list_of_the_address_and_its_leaving_is_noted(cast: Cast, browse: Browse) -> None:
    response = browse(cast.mwangaza.teacher).get("/students/export.csv?sort=-name")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [(row["First name"], row["Class"], row["Guardian’s phone"]) for row in rows] == [
        ("Brian", "Grade 6 East", ""),
        ("Amani", "Grade 6 East", "0722 418 093"),
    ]
    from audit.models import Entry

    with context.in_school(cast.mwangaza.school):
        noted = Entry.objects.get(action="students.exported")
    assert (noted.actor_name, noted.changes) == ("Wanjiru Kamau", {"rows": 2, "asked": "sort=-name"})


def test_the_csv_of_chosen_rows_leaves_out_what_is_not_seen(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    chosen = [str(company.amani.pk), str(company.zawadi.pk), "nonsense"]
    response = browse(company.teacher).post("/students/export.csv", {"chosen": chosen})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [row["First name"] for row in rows] == ["Amani"]


@pytest.mark.parametrize(
    ("role", "status"),
    [("head", 200), ("registrar", 200), ("bursar", 200), ("teacher", 200), ("guardian", 403), ("student", 403)],
)
def test_the_list_is_for_staff(cast: Cast, browse: Browse, role: str, status: int) -> None:
    assert browse(getattr(cast.mwangaza, role)).get("/students/").status_code == status


def test_a_profile_of_somebody_not_seen_is_not_there(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    assert browse(company.teacher).get(f"/students/{company.zawadi.pk}/").status_code == 404
    assert browse(company.guardian).get(f"/students/{company.brian.pk}/").status_code == 404
    assert browse(company.head).get(f"/students/{cast.baraka.amani.pk}/").status_code == 404
    assert browse(company.head).get(f"/students/{uuid.uuid4()}/").status_code == 404


def test_a_guardian_sees_the_child_but_no_other_guardian_s_phone(cast: Cast, browse: Browse) -> None:
    with context.in_school(cast.mwangaza.school):
        peter = services.add_guardian(
            first_name="Peter", last_name="Barasa", phone="0710227846", by=None, at=clock.now()
        )
        services.link(student=cast.mwangaza.amani, guardian=peter, by=None, at=clock.now())
    page = browse(cast.mwangaza.guardian).get(f"/students/{cast.mwangaza.amani.pk}/").content.decode()
    assert "Peter Barasa" in page
    assert "0710 227 846" not in page
    assert "+254710227846" not in page
    assert "0722 418 093" in page
    assert "Who changed what" not in page
    assert "Change the record" not in page


def test_the_office_reads_who_changed_what(cast: Cast, browse: Browse) -> None:
    amani = cast.mwangaza.amani
    with context.in_school(cast.mwangaza.school):
        services.change_student(student=amani, county="Kericho", by=cast.mwangaza.registrar, at=clock.now())
    page = browse(cast.mwangaza.head).get(f"/students/{amani.pk}/history/").content.decode()
    assert "Otieno Okello" in page
    assert "Home county" in page
    assert "Kericho" in page
    assert browse(cast.mwangaza.teacher).get(f"/students/{amani.pk}/history/").status_code == 403


ADMISSION = {
    "first_name": "Njeri", "last_name": "Kamau", "admission_number": "A9001", "admitted_on": "2026-06-01",
    "sex": "F", "boarding": "day", "guardian-first_name": "Ann", "guardian-phone": "0716 902 377",
    "guardian-relationship": "mother",
}  # fmt: skip


def test_admitting_writes_student_guardian_and_class_together(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    answer = browse(company.registrar).post(
        "/students/admit/", {**ADMISSION, "class-school_class": str(company.east.pk)}
    )
    with context.in_school(company.school):
        njeri = Student.objects.get(admission_number="A9001")
        assert answer.status_code == 302
        assert answer["Location"] == f"/students/{njeri.pk}/"
        assert njeri.guardians.get().phone == "+254716902377"
        assert njeri.enrolments.get().school_class == company.east


@pytest.mark.parametrize(
    "wrong",
    [
        {"admission_number": "a-2302"},
        {"first_name": ""},
        {"date_of_birth": "31/02/2015"},
        {"sex": "?"},
        {"guardian-phone": "none"},
        {"guardian-first_name": ""},
        {"class-school_class": "nonsense"},
        {"first_name": "\0"},
        {"last_name": "x" * 5000},
    ],
)
def test_a_wrong_admission_is_shown_again_and_nothing_is_half_written(
    cast: Cast, browse: Browse, wrong: dict[str, str]
) -> None:
    with context.in_school(cast.mwangaza.school):
        before = Student.objects.count(), Guardian.objects.count()
    answer = browse(cast.mwangaza.registrar).post("/students/admit/", {**ADMISSION, **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    with context.in_school(cast.mwangaza.school):
        assert (Student.objects.count(), Guardian.objects.count()) == before


def test_the_forms_save_and_go_back(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    student, rose = f"/students/{company.amani.pk}/", f"/guardians/{company.rose.pk}/"
    shown = browser.get(f"{student}edit/").context["form"].initial
    with context.in_school(company.school):
        tie = Guardianship.objects.get(student=company.amani)
    sent = {key: value for key, value in shown.items() if value is not None}
    for address, data, back in [
        (f"{student}edit/", {**sent, "county": "Kericho", "version": company.amani.version}, student),
        (f"{student}numbers/", {"type": "passport", "value": "AK12345"}, f"{student}numbers/"),
        (f"{student}household/", {"name": "Barasa home", "version": company.household.version}, student),
        (f"{student}guardians/add/", {"new-first_name": "Ann", "new-language": "en", "relationship": "sibling",
                                      "call_order": "3"}, student),
        (f"{rose}edit/", {"first_name": "Rose", "last_name": "Barasa", "language": "sw"}, rose),
        (f"/guardianships/{tie.pk}/", {"relationship": "mother", "call_order": "1"}, student),
    ]:  # fmt: skip
        answer = browser.post(address, data)
        assert (answer.status_code, answer.get("Location")) == (302, back), address
    with context.in_school(company.school):
        company.amani.refresh_from_db()
        tie.refresh_from_db()
        assert company.amani.county == "Kericho"
        assert company.amani.guardians.count() == 2
        assert tie.sees_portal is False


def test_an_edit_drawn_before_another_s_is_not_saved_over_it(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    address = f"/students/{company.amani.pk}/edit/"
    shown = browser.get(address).context["form"].initial
    with context.in_school(company.school):
        services.change_student(student=company.amani, county="Nakuru", by=company.registrar, at=clock.now())
    sent = {key: value for key, value in shown.items() if value is not None}
    answer = browser.post(address, {**sent, "county": "Kericho"})
    assert answer.status_code == 400
    assert "Somebody changed this in the meantime" in answer.content.decode()
    with context.in_school(company.school):
        company.amani.refresh_from_db()
        assert company.amani.county == "Nakuru"


@pytest.mark.parametrize("page", ["guardians/", "staff/", "students/print/", "students/admit/", "staff/add/"])
@pytest.mark.parametrize("query", ["", "?q=%00&page=-1&sort=zz&status=%27", "?q=rose"])
def test_every_list_opens_whatever_is_asked(cast: Cast, browse: Browse, page: str, query: str) -> None:
    assert browse(cast.mwangaza.head).get(f"/{page}{query}").status_code == 200


def test_every_page_of_a_person_opens(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    student = f"/students/{company.amani.pk}/"
    with context.in_school(company.school):
        tie = Guardianship.objects.get(student=company.amani)
    for address in [
        student, f"{student}edit/", f"{student}photo/", f"{student}numbers/", f"{student}household/",
        f"{student}guardians/add/?q=rose", f"{student}history/", f"/guardians/{company.rose.pk}/",
        f"/guardians/{company.rose.pk}/edit/", f"/guardianships/{tie.pk}/", f"/staff/{company.teacher_staff.pk}/",
        f"/staff/{company.teacher_staff.pk}/edit/", f"/staff/{company.teacher_staff.pk}/photo/",
    ]:  # fmt: skip
        assert browser.get(address).status_code == 200, address
    assert browser.get(f"{student}no-such-tab/").status_code == 404
