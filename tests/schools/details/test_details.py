"""A school asks what it wants of its students: houses, tags, fields of its own, and numbers by its own pattern."""

import csv
import io
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.bulk import services as bulk
from schools.bulk.models import Action
from schools.details import answers, numbering, queries, services
from schools.details.models import Details, House, OwnField
from schools.people import services as people
from schools.people.models import Student
from tenants import context
from tenants.models import School
from tests import cast as everybody
from tests.cast import Cast, Company

Browse = Callable[..., Client]
FIELD: dict[str, Any] = {
    "field": None, "label": "Club", "kind": "text", "options": [], "help_text": "", "required": False,
    "audience": "staff", "place": 1, "retired": False, "by": None,
}  # fmt: skip


def ask(**facts: Any) -> OwnField:
    return services.save_field(**{**FIELD, "at": clock.now(), **facts})


def said(answer: Any) -> str:
    return str((b"".join(answer.streaming_content) if answer.streaming else answer.content).decode())


@pytest.mark.parametrize(
    "kind, options, typed, kept, words",
    [
        ("text", [], "  Choir\tclub ", "Choir club", "Choir club"),
        ("note", [], "Two\nlines", "Two\nlines", "Two\nlines"),
        ("number", [], "1,250.50", "1250.50", "1250.50"),
        ("date", [], "2026-03-31", "2026-03-31", "31 Mar 2026"),
        ("yes_no", [], "no", False, "no"),
        ("one_of", ["Bus", "Foot"], "Bus", "Bus", "Bus"),
        ("several_of", ["Chess", "Drama", "Choir"], ["Choir", "Chess"], ["Chess", "Choir"], "Chess, Choir"),
        ("text", [], "   ", None, ""),
        ("several_of", ["Chess", "Drama"], [], None, ""),
    ],
)
def test_each_kind_of_answer_is_kept_in_its_own_form_and_said_in_words(
    kind: str, options: list[str], typed: Any, kept: Any, words: str
) -> None:
    field = OwnField(kind=kind, options=options)
    assert answers.kept(field, typed) == kept
    assert answers.said(field, kept) == words


@pytest.mark.parametrize(
    "kind, typed",
    [("number", "12a"), ("number", "NaN"), ("number", "1e30"), ("date", "2026-02-30"), ("date", "0001-01-01"),
     ("yes_no", "maybe"), ("one_of", "Train"), ("several_of", ["Bus", "Train"]), ("text", "x" * 201)],
)  # fmt: skip
def test_an_answer_of_the_wrong_kind_is_refused_with_what_to_change(kind: str, typed: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        answers.kept(OwnField(kind=kind, options=["Bus", "Foot"]), typed)


def test_a_new_field_is_asked_on_admission_stands_on_the_profile_and_in_the_list_taken_home(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    registrar = browse(ours.registrar)
    form = {"label": "Way to school", "kind": "one_of", "options": "Bus\nFoot", "audience": "staff", "place": "1",
            "required": "on"}  # fmt: skip
    assert registrar.post("/details/fields/add/", form).status_code == 302
    student = {"first_name": "Njeri", "last_name": "Kamau", "admission_number": "A2400", "admitted_on": "2026-06-15",
               "sex": "F", "boarding": "day", "date_of_birth": "2015-02-01"}  # fmt: skip
    refused = registrar.post("/students/admit/", student)
    assert refused.status_code == 400 and "Way to school" in refused.content.decode()
    with context.in_school(ours.school):
        assert not Student.objects.filter(admission_key="A2400").exists()
    given = {"details-own-way_to_school": "Bus", "details-previous_school": "Kibera Primary", "details-tags": "Bursary"}
    assert registrar.post("/students/admit/", {**student, **given}).status_code == 302
    with context.in_school(ours.school):
        njeri = Student.objects.get(admission_key="A2400")
        held = Details.objects.get(student=njeri)
        assert (held.answers, held.previous_school, held.tags) == (
            {"way_to_school": "Bus"}, "Kibera Primary", ["Bursary"],
        )  # fmt: skip
        changes = Entry.objects.get(action="details.changed", object_id=str(njeri.pk)).changes
        assert changes["Way to school"] == ["", "Bus"] and changes["tags"] == [[], ["Bursary"]]
    page = registrar.get(f"/students/{njeri.pk}/").content.decode()
    assert all(words in page for words in ("Way to school", "Bus", "Kibera Primary", "Bursary"))
    lines = list(csv.DictReader(io.StringIO(said(registrar.get("/lists/students.csv?tag=Bursary")).lstrip("\ufeff"))))
    assert [(line["Way to school"], line["Previous school"], line["Tags"]) for line in lines] == [
        ("Bus", "Kibera Primary", "Bursary")
    ]


def test_an_answer_for_the_office_is_read_by_the_office_alone(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        for label, audience in (("Sponsor", "office"), ("Club", "staff"), ("Bus stop", "family")):
            ask(label=label, audience=audience)
        given = {"sponsor": "Rotary", "club": "Chess", "bus_stop": "Kenyatta Avenue"}
        services.change(student=ours.amani, given=given, tags=["Bursary"], by=ours.head, at=clock.now())
    everything = {"Rotary", "Chess", "Kenyatta Avenue", "Bursary"}
    for person, seen in (
        (ours.head, everything), (ours.registrar, everything),
        (ours.teacher, {"Chess", "Kenyatta Avenue", "Bursary"}), (ours.bursar, {"Chess", "Kenyatta Avenue", "Bursary"}),
        (ours.guardian, {"Kenyatta Avenue"}), (ours.student, {"Kenyatta Avenue"}),
    ):  # fmt: skip
        browser = browse(person)
        page = browser.get(f"/students/{ours.amani.pk}/").content.decode()
        assert {words for words in everything if words in page} == seen, person.username
        taken = browser.get("/lists/students.csv")
        assert taken.status_code == 403 or {w for w in everything if w in said(taken)} <= seen, person.username


def test_a_kind_with_answers_stays_and_an_answered_field_is_retired_not_removed(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        field = ask(label="Club")
        services.change(student=ours.amani, given={"club": "Chess"}, by=ours.head, at=at)
        with pytest.raises(errors.DomainError) as wrong:
            ask(field=field, kind="number")
        assert list(wrong.value.errors) == ["kind"]
        with pytest.raises(errors.DomainError):
            services.remove_field(field=field, by=None, at=at)
        ask(field=field, retired=True)
        with pytest.raises(errors.DomainError) as gone:
            services.change(student=ours.amani, given={"club": "Drama"}, by=ours.head, at=at)
        assert list(gone.value.errors) == ["club"]
        assert queries.details_of(ours.amani).answers == {"club": "Chess"}
        assert ask(label="Club").key == "club_2"


def test_the_chosen_are_put_into_a_house_together_and_taken_out_again_by_one_undo(cast: Cast, browse: Browse) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        simba = services.save_house(house=None, name="Simba", colour="bad", by=None, at=at)
        with pytest.raises(errors.Conflict):
            services.save_house(house=None, name="SIMBA", colour="", by=None, at=at)
        services.change(student=ours.amani, tags=["Choir"], by=None, at=at)
    registrar = browse(ours.registrar)
    chosen = [ours.amani.pk, ours.brian.pk]
    assert "Change 2 students" in registrar.post("/details/several/house/", {"chosen": chosen}).content.decode()
    registrar.post("/details/several/house/", {"chosen": chosen, "house": simba.pk})
    registrar.post("/details/several/tags/", {"chosen": chosen, "add": "choir, Bursary", "remove": ""})
    with context.in_school(ours.school):
        held = {row.student.first_name: (str(row.house), row.tags) for row in Details.objects.all()}
        assert held == {"Amani": ("Simba", ["Bursary", "Choir"]), "Brian": ("Simba", ["Bursary", "Choir"])}
    page = registrar.get(f"/students/?house={simba.pk}").content.decode()
    assert "Amani" in page and "Brian" in page and "Zawadi" not in page
    refused = registrar.post(f"/details/houses/{simba.pk}/remove/", follow=True).content.decode()
    assert "Students belong to this house." in refused
    with context.in_school(ours.school), transaction.atomic():
        assert House.objects.count() == 1
        for action in list(Action.objects.order_by("-done_at", "-pk")):
            assert bulk.ask_undo(action=action, by=ours.head, at=clock.now()).state == "undone"
        held = {row.student.first_name: (row.house, row.tags) for row in Details.objects.all()}
        assert held == {"Amani": (None, ["Choir"])}


def number_by(company: Company, pattern: str) -> None:
    numbering.choose(pattern=pattern, by=company.head, at=clock.now())


def anew(company: Company) -> School:
    """The school as a next request finds it."""
    with context.in_public():
        return School.objects.get(pk=company.school.pk)


@pytest.mark.parametrize(
    "pattern, held, next_one",
    [
        ("A{n:4}", ["A0007", "a0041", "B0099", "A12X"], "A0042"),
        ("{yy}/{n:3}", ["26/001", "25/900"], "26/002"),
        ("MW-{year}-{n}", [], "MW-2026-1"),
        ("{n:3}", ["999"], "1000"),
    ],
)
def test_the_next_number_follows_the_highest_that_fits_the_pattern(
    cast: Cast, pattern: str, held: list[str], next_one: str
) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        Student.objects.all().delete()
        for number in held:
            people.admit(admission_number=number, first_name="Zuri", by=None, at=at)
        number_by(ours, pattern)
    with context.in_school(anew(ours)), transaction.atomic():
        assert numbering.following(at) == next_one
        assert people.admit(first_name="Amina", by=None, at=at).admission_number == next_one


@pytest.mark.parametrize("pattern", ["A", "A{n}{n}", "A{m}", "{n", "x" * 30 + "{n}"])
def test_a_pattern_that_cannot_count_is_refused(cast: Cast, pattern: str) -> None:
    with context.in_school(cast.mwangaza.school), pytest.raises(errors.DomainError) as wrong:
        number_by(cast.mwangaza, pattern)
    assert list(wrong.value.errors) == ["pattern"]


def test_two_who_are_admitted_in_the_same_moment_get_two_numbers(own_database: str) -> None:
    cast = everybody.read()
    with context.in_school(cast.mwangaza.school), transaction.atomic():
        number_by(cast.mwangaza, "Z{n:3}")
    school = anew(cast.mwangaza)
    both = threading.Barrier(2)
    numbers: list[str] = []

    def admit() -> None:
        with context.in_school(school), transaction.atomic():
            numbering.following(clock.now())
            both.wait(10)
            student = people.admit(first_name="Asha", date_of_birth=date(2015, 1, 1), by=None, at=clock.now())
            numbers.append(student.admission_number)
        connection.close()

    threads = [threading.Thread(target=admit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(numbers) == ["Z001", "Z002"]
