"""Cards, letters and lists: what is printed, what a stranger learns from it, and what a revoked one says."""

import io
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from audit.models import Entry
from core import clock, errors
from schools.academics import services as academics
from schools.papers import markup, merging, services, setting, tokens
from schools.papers.models import Batch, Card, Letter, Template
from schools.people import services as people
from schools.people.models import Student
from tenants import context
from tests.cast import Cast

Browse = Callable[..., Client]


def paper(content: bytes) -> tuple[int, str]:
    """Pages and words."""
    pages = PdfReader(io.BytesIO(content)).pages
    return len(pages), " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_the_cards_of_the_chosen_are_one_sheet_and_printing_again_gives_the_same_cards(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    chosen = [ours.amani.pk, ours.brian.pk]
    asked = registrar.post("/papers/cards/", {"chosen": chosen})
    assert "Print 2 cards" in asked.content.decode()
    page = registrar.post("/papers/cards/", {"chosen": chosen, "layout": "sheet"}, follow=True)
    with context.in_school(ours.school):
        batch = Batch.objects.get()
        before = set(Card.objects.values_list("pk", "number"))
    assert f"/papers/batches/{batch.pk}/file/" in page.content.decode()
    pages, words = paper(registrar.get(f"/papers/batches/{batch.pk}/file/").content)
    assert pages == 1
    for said in ("Amani Wekesa Barasa", "Brian Otieno", "Grade 6 East", "No. A2302", "Mwangaza School", "Valid until"):
        assert said in words
    registrar.post("/papers/cards/", {"chosen": chosen, "layout": "single"})
    with context.in_school(ours.school):
        assert set(Card.objects.values_list("pk", "number")) == before
        assert Entry.objects.filter(action="card.issued").count() == 2
        last = Batch.objects.first()
    assert last is not None
    assert paper(registrar.get(f"/papers/batches/{last.pk}/file/").content)[0] == 2


def test_a_stranger_learns_name_and_class_of_a_valid_card_and_nothing_of_one_that_ended(
    cast: Cast, browse: Browse
) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        [card] = services.issue_cards(students=[ours.amani], by=ours.head, at=at)
        token = tokens.token_of(tokens.CARD, card.pk)
    stranger, anywhere = browse(None, school=ours.school), Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    for browser in (stranger, anywhere):
        page = browser.get(f"/verify/{token}")
        words = page.content.decode()
        assert (page.status_code, "This card is valid" in words) == (200, True)
        assert "Amani Wekesa Barasa" in words and "Grade 6 East" in words
        assert not any(secret in words for secret in ("A2302", "Rose", "2015", "Nakuru family"))
    elsewhere = browse(None, school=cast.baraka.school).get(f"/verify/{token}")
    assert elsewhere.status_code == 404 and "Amani" not in elsewhere.content.decode()
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert stranger.get(f"/verify/{forged}").status_code == 404
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert [last for last in letters if stranger.get(f"/verify/{token[:-1]}{last}").status_code == 200] == [token[-1]]
    with context.in_school(ours.school):
        [new] = services.issue_cards(students=[ours.amani], anew=True, by=ours.head, at=at)
        newer = tokens.token_of(tokens.CARD, new.pk)
    assert (stranger.get(f"/verify/{token}").status_code, stranger.get(f"/verify/{newer}").status_code) == (404, 200)
    with context.in_school(ours.school):
        academics.leave(student=ours.amani, on=at.date(), exit_code="left", by=ours.head, at=at)
    gone = anywhere.get(f"/verify/{newer}")
    assert gone.status_code == 404 and "Amani" not in gone.content.decode()


def test_staff_have_cards_too(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    head.post("/papers/staff-cards/")
    with context.in_school(cast.mwangaza.school):
        batch = Batch.objects.get()
    _pages, words = paper(head.get(f"/papers/batches/{batch.pk}/file/").content)
    assert "Wanjiru Kamau" in words and "Staff" in words


@pytest.mark.parametrize("kind, said", [("labels", "A2304 · Mwangaza School"), ("tick_list", "Lunch")])
def test_a_class_has_labels_and_a_list_to_tick(cast: Cast, browse: Browse, kind: str, said: str) -> None:
    ours = cast.mwangaza
    head = browse(ours.head)
    answer = head.post(
        f"/papers/classes/{ours.east.pk}/", {"kind": kind, "layout": "sheet", "columns": "Lunch, Bus"}, follow=True
    )
    assert answer.status_code == 200
    with context.in_school(ours.school):
        batch = Batch.objects.get()
    pages, words = paper(head.get(f"/papers/batches/{batch.pk}/file/").content)
    assert pages == 1 and said in words and "Zawadi" not in words


def test_many_cards_are_made_by_a_job_and_a_second_run_of_it_makes_nothing_new(
    own_database: str, run_jobs: Callable[[], list[str]]
) -> None:
    from tests import cast as people_of_tests

    ours = people_of_tests.read().mwangaza
    with context.in_school(ours.school):
        Student.objects.bulk_create(
            Student(first_name="Ann", last_name=f"N{n}", admission_number=f"C{n}", admission_key=f"C{n}")
            for n in range(70)
        )
        ids = list(Student.objects.values_list("pk", flat=True))
        services.ask(kind="cards", title="Everybody", ids=ids, options={}, by=ours.head, at=clock.now())
        assert Batch.objects.get().state == "waiting"
        assert run_jobs() == ["papers.make"]
        batch = Batch.objects.get()
        assert batch.state == "done" and Card.objects.count() == len(ids)
        services.make(batch_id=str(batch.pk), by=ours.head, at=clock.now())
        assert Card.objects.count() == len(ids)
        pages, _words = paper(setting.cards(list(Card.objects.select_related("student")[:30]), "sheet"))
        assert pages == 3


def test_more_cards_cost_no_more_questions(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()

    def questions(students: list[Student]) -> int:
        with CaptureQueriesContext(connection) as asked:
            setting.cards(services.issue_cards(students=students, by=ours.head, at=at), "sheet")
        return len(asked)

    with context.in_school(ours.school):
        questions([ours.amani])
        assert questions([ours.brian]) == questions([ours.zawadi, *_more(12)])


def _more(number: int) -> list[Student]:
    return [
        Student.objects.create(first_name="Ann", last_name=f"N{n}", admission_number=f"C{n}") for n in range(number)
    ]


def test_a_letter_is_numbered_without_gaps_and_reads_the_same_when_it_is_printed_again(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    with context.in_school(ours.school):
        template = Template.objects.get(name="Confirmation of enrolment")
    for student in (ours.amani, ours.brian):
        answer = registrar.post(f"/papers/students/{student.pk}/issue/", {"template": template.pk}, follow=True)
        assert answer.status_code == 200
    with context.in_school(ours.school):
        second, first = Letter.objects.all()
        year = clock.now().year
        assert [first.reference, second.reference] == [f"ENR/0001/{year}", f"ENR/0002/{year}"]
        assert first.text.startswith("We confirm that **Amani Wekesa Barasa**, admission number A2302")
        assert first.signed_by == "Jane Njeri"
        people.change_student(student=ours.amani, last_name="Wafula", by=ours.head, at=clock.now())
    pages, words = paper(registrar.get(f"/papers/letters/{first.pk}/file/").content)
    assert pages == 1
    assert "We confirm that Amani Wekesa Barasa, admission number A2302, is enrolled at Mwangaza School" in words
    assert first.reference in words and "**" not in words


def test_a_letter_with_something_unknown_is_refused_by_name_and_takes_no_number(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school):
        template = Template.objects.get(name="School leaving certificate")
    answer = browse(ours.registrar).post(f"/papers/students/{ours.zawadi.pk}/issue/", {"template": template.pk})
    assert answer.status_code == 400
    assert "Not known of Zawadi Barasa: Date of birth, Admitted on, Left on." in answer.content.decode()
    with context.in_school(ours.school):
        assert not Letter.objects.exists()


def test_a_revoked_letter_keeps_its_number_and_whoever_scans_it_reads_that_it_is_not_valid(
    cast: Cast, browse: Browse
) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        template = Template.objects.get(name="Confirmation of enrolment")
        letter = services.issue(template=template, student=ours.amani, shared=True, by=ours.head, at=at)
        token = tokens.token_of(tokens.LETTER, letter.pk)
    stranger, guardian = browse(None, school=ours.school), browse(ours.guardian)
    assert "This letter is genuine" in stranger.get(f"/verify/{token}").content.decode()
    assert guardian.get(f"/papers/letters/{letter.pk}/file/").status_code == 200
    assert "Papers" in guardian.get(f"/students/{ours.amani.pk}/").content.decode()
    registrar = browse(ours.registrar)
    assert registrar.post(f"/papers/letters/{letter.pk}/revoke/", {"reason": " "}).status_code == 400
    registrar.post(f"/papers/letters/{letter.pk}/revoke/", {"reason": "Wrong class"})
    assert stranger.get(f"/verify/{token}").status_code == 404
    assert guardian.get(f"/papers/letters/{letter.pk}/").status_code == 404
    with context.in_school(ours.school):
        letter = Letter.objects.get()
        assert (letter.number, letter.reason) == (1, "Wrong class")
        with pytest.raises(errors.Conflict):
            services.revoke(letter=letter, reason="Again", by=ours.head, at=at)
        assert services.issue(template=template, student=ours.brian, shared=False, by=ours.head, at=at).number == 2


def test_a_template_with_a_field_that_does_not_exist_is_refused(cast: Cast, browse: Browse) -> None:
    head = browse(cast.mwangaza.head)
    facts = {"kind": "other", "name": "Trip", "language": "en", "title": "Trip", "body": "Dear {parent}"}
    answer = head.post("/papers/templates/add/", facts)
    assert answer.status_code == 400 and "There is no field {parent}." in answer.content.decode()
    assert head.post("/papers/templates/add/", {**facts, "body": "Dear {guardian}"}).status_code == 302
    with context.in_school(cast.mwangaza.school):
        assert Template.objects.get(name="Trip").body == "Dear {guardian}"
        letter, missing = services.draft(
            template=Template.objects.get(name="Trip"), student=cast.mwangaza.brian, by=None, at=clock.now()
        )
        assert (letter.text, missing) == ("Dear {guardian}", ["guardian"])


def test_what_is_typed_into_a_letter_is_never_code_of_the_typesetter(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        template = services.save_template(
            template=None, kind="other", name="Odd", language="en", title='#read("/etc/passwd")',
            body='#import "x"\n\n- $a$ `b` @c <d>\n- **bold** and _slanted_', by=ours.head, at=at,
        )  # fmt: skip
        letter = services.issue(template=template, student=ours.amani, shared=False, by=ours.head, at=at)
        _pages, words = paper(setting.letter(letter))
    assert '#read("/etc/passwd")' in words and '#import "x"' in words and "$a$ `b` @c <d>" in words
    assert "bold and slanted" in words


def test_the_small_markup_knows_paragraphs_lists_bold_and_italic() -> None:
    assert markup.blocks("One **two**\nthree\n\n- _four_\n- snake_case_name") == [
        {"kind": "p", "lines": [[("One ", ""), ("two", "b")], [("three", "")]]},
        {"kind": "list", "lines": [[("four", "i")], [("snake", ""), ("case", "i"), ("name", "")]]},
    ]


def test_every_field_of_the_shipped_letters_exists(cast: Cast) -> None:
    known = {field.key for field in merging.every()}
    with context.in_school(cast.mwangaza.school):
        asked = {key for t in Template.objects.all() for key in markup.fields_in(f"{t.title} {t.body}")}
    assert asked and asked <= known


def test_a_token_names_its_school_and_paper_and_nothing_else_passes(cast: Cast) -> None:
    pk = UUID(int=7)
    with context.in_school(cast.mwangaza.school):
        token = tokens.token_of(tokens.CARD, pk)
    assert len(token) == 58
    assert tokens.paper_of(token) == tokens.Paper(tokens.CARD, cast.mwangaza.school.pk, pk)
    for other in ("", "x", "é", token[:-2], token + "AAAA", "A" * 58):
        assert tokens.paper_of(other) is None


def test_a_card_is_valid_to_the_last_day_that_it_names(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school):
        [card] = services.issue_cards(students=[ours.amani], by=ours.head, at=at)
    assert card.is_valid(card.valid_until) and not card.is_valid(card.valid_until + timedelta(days=1))
