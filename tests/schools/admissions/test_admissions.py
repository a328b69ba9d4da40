"""From the form on a phone to the student in a class: every answer checked, every place counted, every step once."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from core import clock, errors
from schools.academics import services as academics
from schools.academics.models import Enrolment
from schools.admissions import definition, queries, services, steps
from schools.admissions.choices import Stage
from schools.admissions.models import Application, Form, StepDone
from schools.people.models import Guardian, Student
from schools.records.models import Care
from tenants import context
from tests import cast as people_of_tests
from tests.cast import Cast, Company

Browse = Callable[..., Client]
CHILD = {
    "first_name": "Neema", "middle_name": "", "last_name": "Barasa", "date_of_birth": "2016-05-06", "sex": "Female",
}  # fmt: skip
GUARDIANS = {
    "guardian_first_name": "Rose", "guardian_last_name": "Barasa", "guardian_relationship": "Mother",
    "guardian_phone": "0722 418 093", "guardian_email": "rose@home.example", "town": "Nakuru",
}  # fmt: skip
REST = {"previous_school": "Lakeview", "conditions": "", "allergies": "Groundnuts"}


def published(ours: Company, name: str = "Grade 6, 2026") -> Form:
    form = services.open_form(name=name, year=ours.year, opens_on=date(2026, 1, 1), by=ours.head, at=clock.now())
    return services.set_form(
        form=form, name=name, welcome="Karibu", opens_on=date(2026, 1, 1), closes_on=None, is_published=True,
        grade_levels=[], by=ours.head, at=clock.now(),
    )  # fmt: skip


def applied(ours: Company, form: Form, **answers: str) -> Application:
    """An application as a family sends it."""
    at = clock.now()
    application = services.begin(form=form, email="", by=None, at=at)
    level = {"grade_level": str(ours.east.grade_level_id)}
    for number, typed in enumerate(({**CHILD, **level}, GUARDIANS, REST)):
        services.save_page(application=application, number=number, typed={**typed, **answers}, by=None, at=at)
    return services.submit(application=application, by=None, at=at)


def offered(ours: Company, form: Form, **answers: str) -> Application:
    application = applied(ours, form, **answers)
    return services.offer(
        application=application, school_class=None, until=None, reason="", by=ours.registrar, at=clock.now()
    )


def test_a_family_fills_in_page_by_page_goes_on_later_and_sends_once(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        form = published(ours)
    family = browse(None, school=ours.school)
    assert "Grade 6, 2026" in family.get("/apply/").content.decode()
    begun = family.post(f"/apply/{form.pk}/", {"email": "Rose@home.example"})
    first = begun["Location"]
    refused = family.post(first, {**CHILD, "last_name": " ", "date_of_birth": "2099-01-01", "sex": "Girl"})
    words = refused.content.decode()
    assert refused.status_code == 400
    assert ("Fill this in." in words, "This date cannot be." in words, "Choose one of the answers." in words) == (
        True, True, True,
    )  # fmt: skip
    assert 'value="Neema"' in words
    level = {"grade_level": str(ours.east.grade_level_id)}
    second = family.post(first, {**CHILD, **level})["Location"]
    later = browse(None, school=ours.school)
    assert 'value="Neema"' in later.get(first).content.decode()
    third = later.post(second, GUARDIANS)["Location"]
    fake = SimpleUploadedFile("birth.pdf", b"MZ not a pdf", "application/pdf")
    assert "Choose a PDF, JPEG or PNG file." in later.post(third, {**REST, "birth_file": fake}).content.decode()
    real = SimpleUploadedFile("birth.pdf", b"%PDF-1.7", "application/pdf")
    review = later.post(third, {**REST, "birth_file": real})["Location"]
    assert "Groundnuts" in later.get(review).content.decode()
    status = later.post(review)["Location"]
    later.post(review)
    with context.in_school(ours.school):
        application = Application.objects.get()
        assert (application.reference, application.stage, application.name) == ("2026-0001", "applied", "Neema Barasa")
        assert application.answers["guardian_phone"] == "+254722418093"
        assert list(application.files) == ["birth_file"]
    assert "2026-0001" in later.get(status).content.decode()
    assert family.post(first, CHILD)["Location"] == status
    office = browse(ours.registrar)
    assert "Neema Barasa" in office.get("/admissions/").content.decode()
    assert office.get(f"/admissions/{application.pk}/files/birth_file/").content == b"%PDF-1.7"
    assert "2026-0001 · Applied" in office.get("/search/?q=neema").content.decode()
    assert "Groundnuts" not in office.get("/lists/applications.csv").content.decode()
    assert "2026-0001" not in browse(ours.teacher).get("/search/?q=neema").content.decode()


def test_no_link_opens_another_familys_or_another_schools_application(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        application = applied(ours, published(ours))
    assert browse(None, school=ours.school).get(f"/apply/a/{application.key}/").status_code == 200
    assert browse(None, school=cast.baraka.school).get(f"/apply/a/{application.key}/").status_code == 404
    for other in (str(application.pk), application.key[:-1] + "x", "x" * 43, "%00"):
        assert browse(None, school=ours.school).get(f"/apply/a/{other}/").status_code == 404


def test_a_machine_that_fills_the_hidden_field_and_a_closed_form_begin_nothing(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        form = published(ours)
    family = browse(None, school=ours.school)
    assert family.post(f"/apply/{form.pk}/", {"email": "", "website": "http://x.example"}).status_code == 400
    with context.in_school(ours.school):
        Form.objects.filter(pk=form.pk).update(closes_on=date(2026, 1, 2))
    assert family.post(f"/apply/{form.pk}/", {"email": ""}).status_code == 404
    with context.in_school(ours.school):
        assert not Application.objects.exists()


def test_the_office_builds_a_form_and_a_condition_is_held_to_on_the_server(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    registrar.post("/admissions/forms/new/", {"name": "Boarders", "year": ours.year.pk, "opens_on": "2026-01-01"})
    with context.in_school(ours.school):
        form = Form.objects.get()
    build = f"/admissions/forms/{form.pk}/build/"
    registrar.post(build, {"act": "library", "page": "0", "field": "boarding", "required": "on"})
    registrar.post(
        build,
        {
            "act": "own", "page": "0", "label": "Which dormitory?", "kind": "text", "required": "on",
            "when_field": "boarding", "when_is": "Boarder",
        },
    )  # fmt: skip
    twice = registrar.post(build, {"act": "library", "page": "0", "field": "boarding"}, follow=True)
    assert "This field is in the form already." in twice.content.decode()
    late = {"act": "own", "page": "0", "label": "Why?", "kind": "text", "when_field": "nowhere", "when_is": "x"}
    assert (
        "depends on a field that does not come before it" in registrar.post(build, late, follow=True).content.decode()
    )
    with context.in_school(ours.school):
        page = Form.objects.get().pages[0]
        own = page["fields"][-1]["key"]
        level = {"x": "Grade 6"}
        typed = {**CHILD, "grade_level": "x"}
        assert definition.read(page, {**typed, "boarding": "Day", own: "forged"}, {}, level)[own] == ""
        with pytest.raises(errors.DomainError) as refused:
            definition.read(page, {**typed, "boarding": "Boarder"}, {}, level)
        assert refused.value.errors == {own: ["Fill this in."]}
    registrar.post(build, {"act": "remove", "page": "1", "key": "guardian_phone"})
    facts = {"name": "Boarders", "welcome": "", "opens_on": "2026-01-01", "is_published": "on"}
    answer = registrar.post(f"/admissions/forms/{form.pk}/", facts)
    assert answer.status_code == 400 and "The form does not ask for: Guardian’s phone." in answer.content.decode()


def test_whoever_has_begun_keeps_the_form_that_they_began_with(cast: Cast) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        form = published(ours)
        application = services.begin(form=form, email="", by=None, at=clock.now())
        pages = [*form.pages, {"title": "More", "fields": [definition.from_library("address", required=True)]}]
        services.change_pages(form=form, pages=pages, by=ours.head, at=clock.now())
        assert len(Application.objects.get(pk=application.pk).pages) == 3
        assert len(Form.objects.get().pages) == 4


def test_an_application_goes_only_where_it_may_and_several_go_together_or_not_at_all(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        form = published(ours)
        one, two = applied(ours, form), applied(ours, form, first_name="Pendo")
        services.move(applications=[two], stage="declined", by=ours.head, at=clock.now())
    registrar = browse(ours.registrar)
    both = {"chosen": [one.pk, two.pk], "stage": "interview"}
    said = registrar.post("/admissions/move/", both, follow=True).content.decode()
    assert "Pendo Barasa cannot go from Declined to Interview." in said
    with context.in_school(ours.school):
        assert Application.objects.get(pk=one.pk).stage == "applied"
    registrar.post("/admissions/move/", {"chosen": [one.pk], "stage": "waiting"})
    invite = {"when": "2026-06-20T09:30", "place": "Room 2"}
    registrar.post(f"/admissions/{one.pk}/interview/", invite)
    wrong = registrar.post(f"/admissions/{one.pk}/marks/", {"marks": "English seventy"})
    assert wrong.status_code == 400 and "is not a subject with a number" in wrong.content.decode()
    registrar.post(f"/admissions/{one.pk}/marks/", {"marks": "English 70\nMathematics 81.5"})
    with context.in_school(ours.school):
        one = Application.objects.get(pk=one.pk)
        assert (one.stage, one.interview_place, one.mean) == ("interview", "Room 2", 75.8)


def test_no_place_is_offered_twice_and_only_the_head_goes_beyond_the_last(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        form = published(ours)
        for row, places in ((ours.east, 3), (ours.west, 1)):
            academics.change_class(school_class=row, capacity=places, by=ours.head, at=at)
        first = offered(ours, form)
        second = applied(ours, form, first_name="Pendo")
        places = queries.places_for(second)
        assert places is not None and (places.places, places.inside, places.promised, places.left) == (4, 3, 1, 0)
        for by, reason in ((ours.registrar, "Sibling"), (ours.head, "")):
            with pytest.raises(errors.Conflict, match="All 4 places of Grade 6 are taken or promised"):
                services.offer(application=second, school_class=None, until=None, reason=reason, by=by, at=at)
        assert Application.objects.get(pk=second.pk).stage == Stage.APPLIED
        services.offer(application=second, school_class=None, until=None, reason="Sibling", by=ours.head, at=at)
        services.answer_offer(application=first, accepted=False, by=None, at=at)
        assert queries.places_for(second).left == 0  # type: ignore[union-attr]


def test_the_waiting_list_puts_siblings_first_then_marks_then_time_and_a_hand_above_all(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        form = published(ours)
        stranger = {"guardian_phone": "0711 000 111"}
        late = applied(ours, form, first_name="Pendo", **stranger)
        able = applied(ours, form, first_name="Baraka", **stranger)
        services.mark(application=able, marks={"English": 90.0}, by=ours.head, at=at)
        sibling = applied(ours, form, first_name="Neema")
        services.move(applications=[late, able, sibling], stage="waiting", by=ours.head, at=at)
        level = ours.east.grade_level_id
        assert [row.first_name for row in queries.in_line(form, level)] == ["Neema", "Baraka", "Pendo"]
        with pytest.raises(errors.DomainError, match="Say why"):
            services.put_in_line(application=late, place=1, reason=" ", by=ours.head, at=at)
        services.put_in_line(application=late, place=1, reason="Moved house", by=ours.head, at=at)
        assert [row.first_name for row in queries.in_line(form, level)] == ["Pendo", "Neema", "Baraka"]


def test_the_family_accepts_by_its_link_while_the_offer_stands(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        application = offered(ours, published(ours))
        Application.objects.update(offer_until=clock.today() - timedelta(days=1))
    family = browse(None, school=ours.school)
    late = family.post(f"/apply/a/{application.key}/answer/", {"answer": "accept"})
    assert late.status_code == 409
    with context.in_school(ours.school):
        assert Application.objects.get().stage == Stage.OFFERED
        Application.objects.update(offer_until=clock.today())
    family.post(f"/apply/a/{application.key}/answer/", {"answer": "accept"})
    with context.in_school(ours.school):
        assert Application.objects.get().stage == Stage.ACCEPTED


def test_the_offer_is_a_letter_on_the_school_s_paper_while_it_stands(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        application = offered(ours, published(ours))
    family = browse(None, school=ours.school)
    assert "The offer as a letter" in family.get(f"/apply/a/{application.key}/").content.decode()
    answer = family.get(f"/apply/a/{application.key}/offer/file/")
    words = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Offer of a place" in words and application.name in words and "Mwangaza School" in words
    assert "no-store" in answer["Cache-Control"]
    assert browse(None, school=cast.baraka.school).get(f"/apply/a/{application.key}/offer/file/").status_code == 404
    family.post(f"/apply/a/{application.key}/answer/", {"answer": "decline"})
    assert family.get(f"/apply/a/{application.key}/offer/file/").status_code == 404


def test_admitting_makes_student_guardians_household_care_and_class_once_and_knows_the_sibling(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        application = offered(ours, published(ours))
        services.answer_offer(application=application, accepted=True, by=None, at=clock.now())
        guardians = Guardian.objects.count()
    facts = {"admission_number": "A2900", "school_class": ours.west.pk, "on": "2026-06-15"}
    registrar = browse(ours.registrar)
    taken = registrar.post(f"/admissions/{application.pk}/admit/", {**facts, "admission_number": "A2302"})
    assert taken.status_code == 400 and "Another student has this admission number." in taken.content.decode()
    for _again in range(2):
        registrar.post(f"/admissions/{application.pk}/admit/", facts)
    with context.in_school(ours.school):
        neema = Student.objects.get(admission_number="A2900")
        assert (neema.full_name, neema.sex, neema.household) == ("Neema Barasa", "F", ours.household)
        assert Guardian.objects.count() == guardians
        assert [str(tie) for tie in neema.guardianships.all()] == ["Rose Barasa · Mother"]
        assert Care.objects.get(student=neema).allergies == "Groundnuts"
        assert Enrolment.objects.get(student=neema).school_class == ours.west
        assert [row.key for row in StepDone.objects.all()] == [
            "student", "guardians", "household", "care", "enrolment", "done",
        ]  # fmt: skip


def test_a_step_that_fails_stops_there_and_the_next_try_goes_on_behind_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        application = offered(ours, published(ours))
        services.answer_offer(application=application, accepted=True, by=None, at=at)
        academics.change_class(school_class=ours.west, capacity=1, by=ours.head, at=at)
        facts = {"application": application, "admission_number": "A2900", "on": date(2026, 6, 15), "by": ours.head}
        with pytest.raises(errors.Conflict, match="Grade 6 West is full") as refused:
            services.admit(school_class=ours.west, at=at, **facts)
        assert refused.value.message.startswith("Class: ")
        assert [row.key for row in StepDone.objects.all()] == ["student", "guardians", "household", "care"]
        services.admit(school_class=ours.east, at=at, **facts)
        assert Student.objects.filter(admission_number="A2900").count() == 1
        assert Enrolment.objects.get(student__admission_number="A2900").school_class == ours.east


def test_another_domain_adds_a_step_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_steps", dict(steps._steps))
    steps.register(steps.Step("fee", "Application fee", lambda application, plan, by, at: "Nothing owed", 5))
    assert [step.key for step in steps.in_order()][:2] == ["fee", "student"]


def test_letters_go_out_with_the_link_and_old_drafts_go_away(
    own_database: str, run_jobs: Callable[[], list[str]]
) -> None:
    ours, at = people_of_tests.read().mwangaza, clock.now()
    with context.in_school(ours.school):
        form = published(ours)
        draft = services.begin(form=form, email="rose@home.example", by=None, at=at)
        run_jobs()
        assert [letter.to for letter in mail.outbox] == [["rose@home.example"]]
        assert f"/apply/a/{draft.key}/" in mail.outbox[0].body
        applied(ours, form)
        Application.objects.filter(pk=draft.pk).update(updated_at=at - timedelta(days=43))
        assert services.sweep_drafts(by=None, at=at) == 1
        assert [row.reference for row in Application.objects.all()] == ["2026-0001"]


def test_the_figures_count_each_stage_level_and_source(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        form = published(ours)
        offered(ours, form)
        applied(ours, form, first_name="Pendo")
        found = queries.figures(form)
        assert [(label, n) for label, n in found.stages if n] == [("Applied", 1), ("Offered", 1)]
        assert (found.levels, found.sources, found.days_to_offer) == ([("Grade 6", 2, 0)], [("Form", 2)], 0.0)
    assert browse(ours.registrar).get(f"/admissions/forms/{form.pk}/figures/").status_code == 200
