"""A school asks for itself: proven by a letter, decided by policy or an operator, open with what it chose."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from core import cache, clock
from core.errors import Conflict, NotFound
from core.models import Job
from identity.models import User
from schools.people.models import Student
from tenants import context, sign_ups
from tenants.models import School, SignUp
from tests.cast import Cast

NYOTA = {
    "name": "Nyota Academy", "slug": "nyota", "kind": "basic", "plan": "trial", "head_name": "Joyce Wambui",
    "head_email": "joyce@nyota.example", "phone": "0722 418 093",
}  # fmt: skip
LETTERS = {
    "tenants.send_sign_up_link": sign_ups.send_link,
    "tenants.send_sign_up_refusal": sign_ups.send_refusal,
}
RunJobs = Callable[[], list[str]]


@pytest.fixture
def visitor(cast: Cast) -> Client:
    """Somebody at the platform's own host, where nobody has asked within the hour."""
    with context.in_public():
        cache.forget_all()
    return Client(HTTP_HOST=settings.PLATFORM_DOMAIN)


def the_link() -> str:
    """The path that the last letter leads to."""
    found = re.search(rf"{re.escape(settings.PUBLIC_URL)}(/sign-up/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def deliver() -> None:
    """Have the letters that wait in the outbox written, inside the test's own transaction."""
    with context.in_public():
        for job in Job.objects.filter(state="waiting", name__in=LETTERS).order_by("created_at"):
            LETTERS[job.name](**job.kwargs)
            job.delete()


def asked(visitor: Client, **changes: str) -> str:
    answer = visitor.post("/sign-up/", {**NYOTA, **changes})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-up/sent/"), answer.content.decode()
    deliver()
    return the_link()


def the_one() -> SignUp:
    with context.in_public():
        return SignUp.objects.get()


def states() -> list[tuple[str, str]]:
    with context.in_public():
        return list(SignUp.objects.order_by("created_at").values_list("slug", "state"))


def test_a_head_asks_proves_the_address_and_an_operator_takes_the_school_in(visitor: Client, console: Client) -> None:
    link = asked(visitor)
    assert mail.outbox[-1].to == ["joyce@nyota.example"]
    assert "Yes, this is my school" in visitor.get(link).content.decode()
    assert states() == [("nyota", "unconfirmed")]  # a program that only follows links confirms nothing
    assert "Nobody waits" in console.get("/console/sign-ups/").content.decode()

    assert visitor.post(link).status_code == 302
    assert "this e-mail address is proven" in visitor.get(link).content.decode()
    page = console.get("/console/sign-ups/").content.decode()
    assert "Nyota Academy" in page and "+254722418093" in page
    pk = the_one().pk
    assert console.post(f"/console/sign-ups/{pk}/approve/")["Location"] == "/console/schools/nyota/progress/"
    assert console.post(f"/console/sign-ups/{pk}/approve/").status_code == 302
    with context.in_public():
        school = School.objects.get(slug="nyota")
    assert (school.name, school.facts["plan"], school.limits["job_slots"]) == ("Nyota Academy", "trial", 1)
    assert "1 of 5 steps" in visitor.get(link).content.decode()
    assert states() == [("nyota", "approved")]


def test_an_operator_refuses_and_the_head_reads_why(visitor: Client, console: Client) -> None:
    link = asked(visitor)
    visitor.post(link)
    address = f"/console/sign-ups/{the_one().pk}/refuse/"
    assert console.post(address, {"reason": " "}).status_code == 400
    assert console.post(address, {"reason": "We found no school of this name in Kitui."}).status_code == 302
    deliver()
    assert "no school of this name in Kitui" in str(mail.outbox[-1].body)
    assert "no school of this name in Kitui" in visitor.get(link).content.decode()
    assert console.post(address.replace("refuse", "approve")).status_code == 409
    asked(visitor)  # the address is free again


@pytest.mark.parametrize(
    ("field", "value", "status", "said"),
    [
        ("name", "N", 400, "Give the school’s name"),
        ("slug", "Nyota!", 400, "letters"),
        ("slug", "mwangaza", 409, "Another school has this address"),
        ("slug", "console", 400, ""),
        ("kind", "circus", 400, "Select a valid choice"),
        ("plan", "everything", 400, "Select a valid choice"),
        ("head_email", "joyce", 400, "email"),
        ("head_name", "", 400, "This field is required"),
        ("phone", "12", 400, "not a phone number"),
    ],
)
def test_what_cannot_be_is_named_at_its_field_and_nothing_is_kept(
    visitor: Client, field: str, value: str, status: int, said: str
) -> None:
    answer = visitor.post("/sign-up/", {**NYOTA, field: value})
    assert answer.status_code == status
    assert f'id="id_{field}"' in answer.content.decode() and 'aria-invalid="true"' in answer.content.decode()
    assert said.replace("’", "&#x27;") in answer.content.decode()
    assert states() == []


def test_who_fills_in_what_no_person_sees_is_thanked_and_forgotten(visitor: Client) -> None:
    assert visitor.post("/sign-up/", {**NYOTA, "website": "https://spam.example"}).status_code == 302
    assert states() == []


def test_the_eleventh_request_of_one_address_within_the_hour_waits(visitor: Client) -> None:
    answers = [visitor.post("/sign-up/", {**NYOTA, "slug": f"nyota-{n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Try again in an hour" in answers[-1].content.decode()


def test_one_e_mail_gets_three_letters_an_hour_and_nobody_learns_that(visitor: Client) -> None:
    answers = [visitor.post("/sign-up/", {**NYOTA, "slug": f"nyota-{n}"}).status_code for n in range(4)]
    deliver()
    assert answers == [302] * 4
    assert [letter.to for letter in mail.outbox] == [["joyce@nyota.example"]] * 3


def test_a_link_that_is_changed_or_old_leads_nowhere(visitor: Client) -> None:
    link = asked(visitor)
    assert visitor.post(f"{link[:-3]}xx/").status_code == 404
    with pytest.raises(NotFound, match="too old"):
        sign_ups.confirm(link.split("/")[2], at=clock.now() + timedelta(hours=49))
    assert states() == [("nyota", "unconfirmed")]
    assert sign_ups.sweep(at=clock.now() + timedelta(hours=49)) == 1
    assert visitor.get(link).status_code == 404


def test_an_address_is_of_the_first_who_confirms(visitor: Client) -> None:
    first = asked(visitor)
    second = asked(visitor, head_email="other@example.org")
    assert visitor.post(second).status_code == 302
    assert visitor.post(first).status_code == 409
    assert states() == [("nyota", "unconfirmed"), ("nyota", "waiting")]
    assert "Another school has this address" in visitor.get("/sign-up/address/?slug=nyota").content.decode()
    assert "nyota-2" in visitor.get("/sign-up/address/?slug=nyota-2").content.decode()


def test_two_clicks_at_once_are_one_request_and_two_heads_at_once_one_school(own_database: str, settings: Any) -> None:
    settings.SIGN_UP_POLICY = "open"
    with context.in_public():
        cache.forget_all()
    facts = {**NYOTA, "language": "en"}
    tokens = [
        sign_ups.link(sign_ups.ask(facts={**facts, "head_email": mail}, address="", at=clock.now())).split("/")[-2]
        for mail in ("joyce@nyota.example", "other@example.org")
    ]

    def confirm(token: str) -> str:
        try:
            return str(sign_ups.confirm(token, at=clock.now()).state)
        except Conflict:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(confirm, tokens * 3))
    assert sorted(said) == ["approved"] * 3 + ["conflict"] * 3
    with context.in_public():
        assert School.objects.filter(slug="nyota").count() == 1


def test_by_policy_the_school_opens_at_once_with_its_example_and_only_its_head_can_enter(
    own_database: str, settings: Any, run_jobs: RunJobs
) -> None:
    settings.SIGN_UP_OPEN_TO = frozenset({"nyota.example"})
    with context.in_public():
        cache.forget_all()
    facts = {**NYOTA, "wants_example": True, "language": "sw"}
    token = sign_ups.link(sign_ups.ask(facts=facts, address="", at=clock.now())).split("/")[-2]
    assert sign_ups.confirm(token, at=clock.now()).decided_by == ""
    for _again in range(6):
        run_jobs()
    with context.in_public():
        school = School.objects.get(slug="nyota")
    assert school.state == "live"
    with context.in_school(school):
        assert 80 < Student.objects.count() < 140
        able = [user.username for user in User.objects.all() if user.has_usable_password()]
        assert able == [] and User.objects.get(username="joyce@nyota.example").roles == ["head"]
        assert User.objects.get(username="joyce@nyota.example").email == "joyce@nyota.example"


def test_a_closed_platform_says_so(visitor: Client, settings: Any) -> None:
    settings.SIGN_UP_POLICY = "closed"
    answer = visitor.post("/sign-up/", NYOTA)
    assert answer.status_code == 409 and "not taken in here at the moment" in answer.content.decode()


def test_a_program_of_an_operator_decides_too(visitor: Client, console: Client) -> None:
    visitor.post(asked(visitor))
    row = console.get("/api/platform/v1/sign-ups/").json()["results"][0]
    assert (row["slug"], row["state"], row["head_email"]) == ("nyota", "waiting", "joyce@nyota.example")
    answer = console.post(f"/api/platform/v1/sign-ups/{row['id']}/approve/")
    assert (answer.status_code, answer.json()["state"]) == (202, "approved")
