"""A guardian corrects the family's details in the portal or by a link; the office decides each field by itself."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client

from audit.models import Entry
from core import clock, errors
from schools.families import proposing, queries, services, tokens
from schools.families.models import Campaign, Confirmation, Proposal
from schools.people import services as people
from schools.people.models import Guardian, Guardianship, Household, Student
from tenants import context
from tests import cast as everybody
from tests.cast import Cast, Company

Browse = Callable[..., Client]


def sheet(ours: Company, **changes: str) -> dict[str, str]:
    """The sheet as the browser sends it, with some fields typed otherwise."""
    with context.in_school(ours.school):
        guardian = Guardian.objects.get(pk=ours.rose.pk)
        typed = {}
        for part in queries.parts_of(guardian):
            for name in proposing.subject(part.about).fields:
                typed[f"{part.key}-{name}"] = proposing.stored(getattr(part.row, name))
    named = {"guardian": ours.rose.pk, "household": ours.household.pk, "amani": ours.amani.pk}
    for key, value in changes.items():
        whose, _, name = key.partition("__")
        about = "student" if whose == "amani" else whose
        assert f"{about}-{named[whose]}-{name}" in typed
        typed[f"{about}-{named[whose]}-{name}"] = value
    return typed


def test_what_a_guardian_types_is_proposed_field_by_field_and_changes_nothing_yet(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    rose = browse(ours.guardian)
    page = rose.get("/families/mine/").content.decode()
    assert all(words in page for words in ("Amani", "Zawadi", "Nakuru", "+254722418093")) and "Brian" not in page
    typed = sheet(ours, guardian__phone="0711 222 333", amani__middle_name="Wekesa", household__town="Naivasha",
                  amani__date_of_birth="2015-03-02")  # fmt: skip
    answer = rose.post("/families/mine/", typed, follow=True)
    assert "changes went to the office" in answer.content.decode()
    with context.in_school(ours.school):
        before = Student.objects.get(pk=ours.amani.pk)
        sent = {(one.about, one.field): (one.before, one.value) for one in Proposal.objects.all()}
        born = before.date_of_birth.isoformat() if before.date_of_birth else ""
        expected = {
            ("guardian", "phone"): ("+254722418093", "+254711222333"),
            ("household", "town"): ("Nakuru", "Naivasha"),
            ("student", "date_of_birth"): (born, "2015-03-02"),
        }
        if before.middle_name != "Wekesa":
            expected["student", "middle_name"] = (before.middle_name, "Wekesa")
        assert sent == expected
        assert Guardian.objects.get(pk=ours.rose.pk).phone == "+254722418093"
        assert Household.objects.get(pk=ours.household.pk).town == "Nakuru"
    rose.post("/families/mine/", sheet(ours, guardian__phone="0711 222 333"))  # the others are taken back
    with context.in_school(ours.school):
        assert [(one.field, one.value) for one in Proposal.objects.all()] == [("phone", "+254711222333")]
    refused = rose.post("/families/mine/", sheet(ours, guardian__phone="12", household__town="Gilgil"))
    assert refused.status_code == 400 and "This is not a phone number." in refused.content.decode()
    with context.in_school(ours.school):
        assert [(one.field, one.value) for one in Proposal.objects.all()] == [("phone", "+254711222333")]


def proposed(ours: Company, **facts: Any) -> dict[str, Proposal]:
    sent = services.propose(
        guardian=ours.rose, about="guardian", object_id=ours.rose.pk, facts=facts, by=ours.guardian, at=clock.now()
    )
    return {one.field: one for one in sent}


def test_the_office_accepts_one_field_and_refuses_another_with_a_reason_the_guardian_reads(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        sent = proposed(ours, phone="+254711222333", first_name="Roze")
    registrar = browse(ours.registrar)
    queue = registrar.get("/families/proposals/").content.decode()
    assert "Roze" in queue and "0711 222 333" in queue
    registrar.post(f"/families/proposals/{sent['phone'].pk}/", {"do": "accept"})
    registrar.post(f"/families/proposals/{sent['first_name'].pk}/", {"do": "refuse"})  # without a reason
    with context.in_school(ours.school):
        assert Proposal.objects.get(field="first_name").state == "waiting"
    registrar.post(f"/families/proposals/{sent['first_name'].pk}/", {"do": "refuse", "reason": "The ID says Rose"})
    with context.in_school(ours.school):
        rose = Guardian.objects.get(pk=ours.rose.pk)
        assert (rose.phone, rose.first_name) == ("+254711222333", "Rose")
        assert {one.field: one.state for one in Proposal.objects.all()} == {
            "phone": "accepted", "first_name": "refused",
        }  # fmt: skip
        assert Entry.objects.get(action="proposal.accepted").actor_name == ours.registrar.full_name
        with pytest.raises(errors.Conflict), transaction.atomic():
            services.decide(proposal=sent["phone"], accept=False, reason="x", by=ours.head, at=clock.now())
    assert "The ID says Rose" in browse(ours.guardian).get("/families/mine/").content.decode()


def test_the_office_reads_that_a_field_was_changed_after_it_was_proposed(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        proposed(ours, email="rose@new.example")
        people.change_guardian(guardian=ours.rose, email="rose@office.example", by=ours.head, at=clock.now())
        [line] = queries.shown(list(queries.waiting()))
        assert line.changed_since and line.now == "rose@office.example"
    assert "Reads rose@office.example by now" in browse(ours.head).get("/families/proposals/").content.decode()


def test_nobody_proposes_for_a_child_that_is_not_theirs_or_that_a_court_keeps_from_them(cast: Cast) -> None:
    ours, at = cast.mwangaza, clock.now()
    with context.in_school(ours.school), transaction.atomic():
        tie = Guardianship.objects.get(student=ours.amani, guardian=ours.rose)
        people.restrict(
            guardianship=tie, restricted_from=date(2026, 1, 5), restricted_until=None, restriction="Case 12",
            by=None, at=at,
        )  # fmt: skip
        for child in (ours.brian, ours.amani):
            with pytest.raises(errors.NotFound):
                services.propose(
                    guardian=ours.rose, about="student", object_id=child.pk, facts={"first_name": "X"}, by=None, at=at
                )
        with pytest.raises(errors.DomainError):
            proposed(ours, user="x")
        assert not Proposal.objects.exists()


def begun(cast: Cast, days: int = 30) -> Campaign:
    return services.start(
        name="2026", until=clock.today() + timedelta(days=days), by=cast.mwangaza.head, at=clock.now()
    )


def test_a_round_asks_every_guardian_by_a_link_that_needs_no_account_and_counts_by_class(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        campaign = begun(cast)
        row = Confirmation.objects.get(guardian=ours.rose)
        link = tokens.link_of(row.pk)
        with pytest.raises(errors.Conflict):
            begun(cast)
    path = "/confirm/" + link.split("/confirm/")[1]
    stranger = browse(None, school=ours.school)
    page = stranger.get(path)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert "Amani" in page.content.decode() and "Brian" not in page.content.decode()
    assert browse(None, school=cast.baraka.school).get(path).status_code == 404
    assert stranger.get(path[:-2] + ("A/" if path[-2] != "A" else "B/")).status_code == 404
    assert "Everything is noted as correct" in stranger.post(path, sheet(ours)).content.decode()
    head = browse(ours.head)
    shown = head.get(f"/families/rounds/{campaign.pk}/").content.decode()
    assert "1 of 1 answered" in shown and "Grade 6 East" in shown
    with context.in_school(ours.school):
        assert queries.by_class(ours.head, campaign) == [("Grade 6 East", 1, 1, 0), ("Grade 6 West", 1, 1, 0)]
    stranger.post(path, sheet(ours, guardian__phone="0711 222 333"))
    with context.in_school(ours.school):
        assert Confirmation.objects.get(pk=row.pk).answer == "changed"
        assert Proposal.objects.get().value == "+254711222333"
        assert Guardian.objects.get(pk=ours.rose.pk).phone == "+254722418093"
    head.post(f"/families/rounds/{campaign.pk}/close/")
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, sheet(ours)).status_code == 404


def test_the_silent_are_taken_home_with_their_links_and_a_round_that_is_over_answers_no_more(
    cast: Cast, browse: Browse
) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        campaign = begun(cast)
        link = tokens.link_of(Confirmation.objects.get(guardian=ours.rose).pk)
    head, line = browse(ours.head).get(f"/lists/confirmations.csv?round={campaign.pk}").content.decode().splitlines()
    assert "Link" in head and link in line and "Rose Barasa" in line
    assert browse(ours.head).get("/lists/confirmations.csv?round=x").status_code == 404
    assert browse(ours.teacher).get("/lists/confirmations.csv").status_code == 403
    with context.in_school(ours.school):
        Campaign.objects.update(until=clock.today() - timedelta(days=1))
    assert browse(None, school=ours.school).get("/confirm/" + link.split("/confirm/")[1]).status_code == 404


def test_a_link_that_is_used_by_a_machine_is_closed_for_the_hour(cast: Cast, browse: Browse) -> None:
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        begun(cast)
        path = "/confirm/" + tokens.link_of(Confirmation.objects.get().pk).split("/confirm/")[1]
    stranger = browse(None, school=ours.school)
    answers = [stranger.post(path, {}).status_code for _ in range(32)]
    assert answers[:30] == [400] * 30 and answers[-1] == 429


def test_each_guardian_with_an_address_gets_one_letter_however_often_the_job_runs(
    own_database: str, run_jobs: Callable[[], list[str]]
) -> None:
    cast = everybody.read()
    ours = cast.mwangaza
    with context.in_school(ours.school), transaction.atomic():
        people.change_guardian(guardian=ours.rose, email="rose@mwangaza.example", by=None, at=clock.now())
        campaign = begun(cast)
        link = tokens.link_of(Confirmation.objects.get().pk)
    run_jobs()
    with context.in_school(ours.school):
        assert services.mail_links(campaign_id=str(campaign.pk), by=None, at=clock.now()) == 0
    [letter] = mail.outbox
    assert letter.to == ["rose@mwangaza.example"] and link in letter.body
    assert f"mwangaza.{settings.PLATFORM_DOMAIN}" in link
