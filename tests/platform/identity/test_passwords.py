"""Choosing a password: invitation, reset, change; each link works once, here, for its reader."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import orjson
import pytest
from celery import current_app
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from audit.models import Entry
from core import clock
from identity import accounts, tokens
from identity.models import User
from tenants import context
from tests.cast import PASSWORD, Cast, Company

Browse = Callable[..., Client]
NEW = "mawingu-matatu-juu"
pytestmark = pytest.mark.django_db


def _jobs(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.core_job WHERE name = %s", [name])
        return int(cursor.fetchone()[0])


def _work(company: Company) -> list[str]:
    """Do the school's waiting jobs here, in the test's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, kwargs FROM public.core_job WHERE school_id = %s", [company.school.pk])
        rows = cursor.fetchall()
    with context.in_school(company.school):
        for name, kwargs in rows:
            current_app.tasks[name].run(**(kwargs if isinstance(kwargs, dict) else orjson.loads(kwargs)))
    return [name for name, _kwargs in rows]


def _link(company: Company, user: User) -> str:
    with context.in_school(company.school):
        return f"/welcome/{tokens.link_token(User.objects.get(pk=user.pk))}/"


def _opens(company: Company, username: str, password: str) -> bool:
    client = Client(HTTP_HOST=f"{company.school.slug}.shule.localhost")
    return client.post("/sign-in/", {"username": username, "password": password}).status_code == 302


def test_a_forgotten_password_is_chosen_anew_through_the_letter(
    browse: Browse, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    client = browse(None, school=cast.mwangaza.school)
    response = client.post("/forgot/", {"name": "rose.barasa"})
    assert response.status_code == 200
    assert _work(cast.mwangaza) == ["identity.send_reset"]
    (letter,) = mailoutbox
    assert letter.to == ["rose.barasa@mwangaza.example"]
    assert letter.subject == "A new password for Mwangaza School"
    assert "Your username is rose.barasa." in str(letter.body)
    link = re.search(r"http://mwangaza\.shule\.localhost:\d+(/welcome/\S+/)", str(letter.body))
    assert link is not None
    assert "For Rose Barasa. The username is <b>rose.barasa</b>." in client.get(link[1]).content.decode()
    response = client.post(link[1], {"password": NEW, "again": NEW})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    assert _opens(cast.mwangaza, "rose.barasa", NEW)
    assert not _opens(cast.mwangaza, "rose.barasa", PASSWORD)


@pytest.mark.parametrize("name", ["rose.barasa", "rose.barasa@mwangaza.example", "0722418093", "nobody", "0700000000"])
def test_the_answer_is_the_same_whether_the_name_is_known_or_not(browse: Browse, cast: Cast, name: str) -> None:
    response = browse(None, school=cast.mwangaza.school).post("/forgot/", {"name": name})
    assert response.status_code == 200
    html = response.content.decode()
    assert "If the school knows this name with an e-mail address, a link is on its way." in html
    assert name not in html
    assert _jobs("identity.send_reset") == (0 if name in ("nobody", "0700000000") else 1)


def test_a_family_that_shares_an_address_gets_a_letter_for_each_account(browse: Browse, cast: Cast) -> None:
    with context.in_school(cast.mwangaza.school):
        User.objects.filter(pk=cast.mwangaza.student.pk).update(email="rose.barasa@mwangaza.example")
    browse(None, school=cast.mwangaza.school).post("/forgot/", {"name": "Rose.Barasa@mwangaza.example"})
    assert _jobs("identity.send_reset") == 2


def test_no_letter_goes_to_closed_accounts_programs_and_people_without_an_address(browse: Browse, cast: Cast) -> None:
    client = browse(None, school=cast.mwangaza.school)
    with context.in_school(cast.mwangaza.school):
        User.objects.filter(pk=cast.mwangaza.teacher.pk).update(is_active=False)
        User.objects.filter(pk=cast.mwangaza.bursar.pk).update(kind="service")
        User.objects.filter(pk=cast.mwangaza.guardian.pk).update(email="")
    for user in (cast.mwangaza.teacher, cast.mwangaza.bursar, cast.mwangaza.guardian):
        assert client.post("/forgot/", {"name": user.username}).status_code == 200
    assert _jobs("identity.send_reset") == 0


def test_the_sixth_letter_within_an_hour_is_not_sent(browse: Browse, cast: Cast) -> None:
    client = browse(None, school=cast.mwangaza.school)
    for _ in range(7):
        assert client.post("/forgot/", {"name": "jane.njeri"}).status_code == 200
    assert _jobs("identity.send_reset") == 5


def test_a_link_works_once(browse: Browse, cast: Cast) -> None:
    link = _link(cast.mwangaza, cast.mwangaza.guardian)
    client = browse(None, school=cast.mwangaza.school)
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 302
    again = browse(None, school=cast.mwangaza.school)
    assert again.get(link).status_code == 404
    assert again.post(link, {"password": "mwizi-wa-usiku-1", "again": "mwizi-wa-usiku-1"}).status_code == 404
    assert _opens(cast.mwangaza, "rose.barasa", NEW)


def test_a_link_of_one_school_does_nothing_at_another(browse: Browse, cast: Cast) -> None:
    link = _link(cast.mwangaza, cast.mwangaza.guardian)
    with context.in_school(cast.baraka.school):
        User.objects.create(
            pk=cast.mwangaza.guardian.pk, username="twin", full_name="Twin", roles=["head"],
            password=cast.mwangaza.guardian.password, last_login=cast.mwangaza.guardian.last_login,
            email=cast.mwangaza.guardian.email,
        )  # fmt: skip
    client = browse(None, school=cast.baraka.school)
    response = client.get(link)
    assert response.status_code == 404
    assert "This link does not work any more" in response.content.decode()
    assert client.post(link, {"password": NEW, "again": NEW}).status_code == 404
    assert not _opens(cast.baraka, "twin", NEW)


def test_a_link_dies_after_three_days(browse: Browse, cast: Cast) -> None:
    later = datetime.now() + timedelta(days=3, seconds=5)  # noqa: DTZ005 - Django's tokens count naive local time
    link = _link(cast.mwangaza, cast.mwangaza.guardian)
    client = browse(None, school=cast.mwangaza.school)
    with patch.object(PasswordResetTokenGenerator, "_now", lambda self: later):
        assert client.get(link).status_code == 404
    assert client.get(link).status_code == 200


def test_a_link_dies_with_signing_in_and_with_signing_out_everywhere(browse: Browse, cast: Cast) -> None:
    company = cast.mwangaza
    client = browse(None, school=company.school)
    link = _link(company, company.guardian)
    assert _opens(company, "rose.barasa", PASSWORD)
    assert client.get(link).status_code == 404
    link = _link(company, company.guardian)
    with context.in_school(company.school):
        accounts.sign_out_everywhere(user=company.guardian, by=company.guardian, at=clock.now())
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "x.y", "....", "AAAA.bbb-ccc", "é", "%00", "a" * 3000])
def test_a_made_up_link_is_told_so(browse: Browse, cast: Cast, token: str) -> None:
    assert browse(None, school=cast.mwangaza.school).get(f"/welcome/{token}/").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"password": "short", "again": "short"}, "at least 10 characters"),
        ({"password": "1234567890123", "again": "1234567890123"}, "entirely numeric"),
        ({"password": "rose.barasa1", "again": "rose.barasa1"}, "too similar to the username"),
        ({"password": NEW, "again": NEW + "x"}, "This is not the same as above."),
        ({"password": "", "again": ""}, "This field is required."),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_beside_its_field(
    browse: Browse, cast: Cast, form: dict[str, str], said: str
) -> None:
    response = browse(None, school=cast.mwangaza.school).post(_link(cast.mwangaza, cast.mwangaza.guardian), form)
    assert response.status_code == 400
    assert said in response.content.decode()
    assert _opens(cast.mwangaza, "rose.barasa", PASSWORD)


def test_an_invited_head_gets_a_letter_in_their_language_and_comes_in(
    browse: Browse, cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    with context.in_school(cast.mwangaza.school):
        user = accounts.create(
            username="neema", full_name="Neema Wafula", roles=["teacher"], email="neema@example.com", language="sw",
            by=None, at=clock.now(),
        )  # fmt: skip
        accounts.invite(user=user, by=cast.mwangaza.head, at=clock.now())
    assert _work(cast.mwangaza) == ["identity.send_invitation"]
    (letter,) = mailoutbox
    assert letter.subject == "Akaunti yako katika Mwangaza School"
    link = re.search(r"(/welcome/\S+/)", str(letter.body))
    assert link is not None
    client = browse(None, school=cast.mwangaza.school)
    assert client.post(link[1], {"password": NEW, "again": NEW})["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_changing_ones_password_needs_the_old_one_and_signs_out_other_devices(browse: Browse, cast: Cast) -> None:
    here, elsewhere = browse(cast.mwangaza.teacher), browse(cast.mwangaza.teacher)
    refused = here.post("/account/password/", {"current": "wrong", "password": NEW, "again": NEW})
    assert refused.status_code == 400
    assert "This is not your password until now." in refused.content.decode()
    assert elsewhere.get("/account/").status_code == 200
    response = here.post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert _opens(cast.mwangaza, "wanjiru.kamau", NEW)


def test_guessing_the_old_password_is_counted_like_signing_in(browse: Browse, cast: Cast) -> None:
    client = browse(cast.mwangaza.teacher)
    form = {"current": "wrong", "password": NEW, "again": NEW}
    assert [client.post("/account/password/", form).status_code for _ in range(9)] == [400] * 8 + [429]
    assert _opens(cast.mwangaza, "wanjiru.kamau", PASSWORD) is False


def test_every_change_of_a_password_is_in_the_trail_without_the_password(browse: Browse, cast: Cast) -> None:
    browse(cast.mwangaza.teacher).post("/account/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    with context.in_school(cast.mwangaza.school):
        entry = Entry.objects.get(action="user.password_changed")
        assert (entry.actor_id, entry.object_id) == (cast.mwangaza.teacher.pk, str(cast.mwangaza.teacher.pk))
        assert NEW not in str(entry.changes) and entry.changes == {}
