"""The pages of classes, subjects and teaching groups."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from schools.academics import services
from schools.academics.models import SchoolClass, Subject, TeachingGroup
from schools.people import services as people
from tenants import context
from tests.cast import Cast
from tests.conftest import Browse


def test_every_page_opens_for_the_office(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    for address in [
        "/classes/", "/classes/add/", f"/classes/{company.east.pk}/", f"/classes/{company.east.pk}/edit/",
        f"/classes/move/{company.amani.pk}/", f"/classes/leave/{company.amani.pk}/", "/subjects/", "/subjects/?all=1",
        "/subjects/add/", f"/subjects/{company.maths.pk}/", "/teaching-groups/", "/teaching-groups/add/",
        f"/teaching-groups/add/?class={company.east.pk}", "/teaching-groups/add/?class=x",
        f"/teaching-groups/{company.maths_group.pk}/", f"/teaching-groups/{company.maths_group.pk}/edit/",
    ]:  # fmt: skip
        assert browser.get(address).status_code == 200, address


def test_a_teacher_opens_the_own_class_and_no_other(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.teacher)
    page = browser.get(f"/classes/{company.east.pk}/").content.decode()
    assert "Amani Barasa" in page
    assert "0722 418 093" in page
    assert browser.get(f"/classes/{company.west.pk}/").status_code == 404
    assert browser.get(f"/classes/{uuid.uuid4()}/").status_code == 404
    assert browser.get("/classes/add/").status_code == 403


@pytest.mark.parametrize("role", ["guardian", "student"])
def test_families_open_no_class_page(cast: Cast, browse: Browse, role: str) -> None:
    assert browse(getattr(cast.mwangaza, role)).get(f"/classes/{cast.mwangaza.east.pk}/").status_code == 403


def test_a_class_page_asks_as_often_for_two_learners_as_for_twenty(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    address = f"/classes/{company.east.pk}/"

    def asked() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(address).status_code == 200
        return len(seen)

    asked()
    few = asked()
    with context.in_school(company.school):
        for n in range(20):
            student = people.admit(admission_number=f"Q{n}", first_name=f"Q{n}", by=None, at=clock.now())
            services.enrol(
                student=student, school_class=company.east, on=company.term.starts_on, by=None, at=clock.now()
            )
    assert asked() == few


def test_the_forms_of_the_office_save_and_go_back(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    with context.in_school(company.school):
        grade = company.east.grade_level_id
        staff = company.other_staff.pk
    answers = [
        browser.post("/classes/add/", {"grade_level": grade, "new_stream": "North", "capacity": 40}),
        browser.post(f"/classes/{company.east.pk}/edit/", {"name": "Six East", "class_teacher": staff}),
        browser.post(f"/classes/move/{company.amani.pk}/", {"school_class": company.west.pk, "on": "2026-06-01"}),
        browser.post(f"/classes/leave/{company.brian.pk}/", {"exit_code": "left", "on": "2026-06-01"}),
        browser.post("/subjects/add/", {"name": "Chess", "code": "CHS", "short_name": "CHESS", "curriculum": "other",
                                        "order": 5, "is_active": "on"}),
        browser.post("/teaching-groups/add/", {"subject": company.maths.pk, "school_class": company.west.pk}),
        browser.post(f"/teaching-groups/{company.maths_group.pk}/edit/", {"name": "Maths", "teachers": [staff]}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [302] * 7
    with context.in_school(company.school):
        assert SchoolClass.objects.get(stream__name="North").name == "Grade 6 North"
        company.east.refresh_from_db()
        assert (company.east.name, company.east.class_teacher) == ("Six East", company.other_staff)
        assert Subject.objects.get(code="CHS").name == "Chess"
        assert TeachingGroup.objects.filter(name="Grade 6 West Mathematics").exists()
        assert TeachingGroup.objects.get(pk=company.maths_group.pk).name == "Maths"


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/classes/add/", {"grade_level": "nonsense"}),
        ("/classes/add/", {}),
        ("/subjects/add/", {"name": "x" * 999, "code": "\0", "curriculum": "zz", "order": "-1"}),
        ("/subjects/add/", {"name": "M", "code": "cast-mat", "short_name": "M", "curriculum": "cbe", "order": "1"}),
        ("/teaching-groups/add/", {"subject": "x", "teachers": ["y"]}),
        ("/classes/move/{amani}/", {"school_class": "x", "on": "32.13.2026"}),
        ("/classes/move/{amani}/", {"school_class": "{west}", "on": "1999-01-01"}),
        ("/classes/leave/{amani}/", {"exit_code": "sold", "on": ""}),
        ("/classes/move/", {"chosen": "{amani}", "school_class": "{west}", "on": "9999-12-31"}),
    ],
)
def test_a_wrong_form_is_shown_again(cast: Cast, browse: Browse, address: str, data: dict[str, str]) -> None:
    company = cast.mwangaza

    def fill(text: object) -> object:
        return text.format(amani=company.amani.pk, west=company.west.pk) if isinstance(text, str) else text

    answer = browse(company.head).post(str(fill(address)), {key: fill(value) for key, value in data.items()})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_the_chosen_of_the_list_move_together(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    browser = browse(company.head)
    chosen = {"chosen": [str(company.amani.pk), str(company.brian.pk), "nonsense"]}
    asked = browser.post("/classes/move/", chosen)
    assert asked.status_code == 200
    assert "Move 2 students" in asked.content.decode()
    done = browser.post("/classes/move/", {**chosen, "school_class": company.west.pk, "on": "2026-06-01"})
    assert (done.status_code, done["Location"]) == (302, f"/classes/{company.west.pk}/")
    assert browser.post("/classes/move/", {}).status_code == 302
    assert browse(company.teacher).post("/classes/move/", chosen).status_code == 403


def test_classes_stand_from_the_lowest_grade_to_the_highest(cast: Cast, browse: Browse) -> None:
    company = cast.mwangaza
    page = browse(company.head).get("/classes/").content.decode()
    with context.in_school(company.school):
        names = list(SchoolClass.objects.order_by("grade_level__order", "stream__order").values_list("name", flat=True))
    assert [name for name in re.findall(r"<b>([^<]+)</b>", page) if name in names] == names
