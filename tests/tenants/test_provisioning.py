"""A new school: in steps, once, and the same as a migrated one."""

import re
import threading

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection

from core import clock
from core.errors import Conflict, DomainError
from identity.models import User
from schools.attendance.models import AbsenceReason
from tenants import context, naming, provisioning, template
from tenants.models import Domain, School, State, Step
from tests.database import structure


def ask(slug: str = "kilimani", name: str = "Kilimani School", **more: object) -> School:
    given = {"head_name": "Asha Noor", "head_email": "asha@kilimani.example", "by": None, "at": clock.now()}
    return provisioning.request(slug=slug, name=name, **{**given, **more})  # type: ignore[arg-type]


def test_a_requested_school_goes_live_with_its_first_data_and_its_head_invited(own_database: str) -> None:
    school = ask(in_background=False)
    assert (school.state, school.step) == (State.REQUESTED, Step.REQUESTED)
    school = provisioning.provision(str(school.pk), at=clock.now())
    assert (school.state, school.step) == (State.LIVE, Step.LIVE)
    with context.in_public():
        assert [d.host for d in Domain.objects.filter(school=school)] == ["kilimani.shule.localhost"]
    with context.in_school(school):
        head = User.objects.get()
        assert (head.username, head.roles, head.has_usable_password()) == ("asha@kilimani.example", ["head"], False)
        assert AbsenceReason.objects.exists()


def test_provisioning_twice_changes_nothing(own_database: str) -> None:
    school = provisioning.provision(str(ask(in_background=False).pk), at=clock.now())
    again = provisioning.provision(str(school.pk), at=clock.now())
    assert again.live_at == school.live_at
    with context.in_school(school):
        assert User.objects.count() == 1


def test_two_requests_for_one_slug_make_one_school(own_database: str) -> None:
    found: list[School] = []

    def request() -> None:
        try:
            found.append(provisioning.provision(str(ask(in_background=False).pk), at=clock.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len({school.pk for school in found}) == 1
    with context.in_school(found[0]):
        assert User.objects.count() == 1


def test_another_name_for_a_taken_slug_is_refused(mwangaza: School) -> None:
    with pytest.raises(Conflict) as refused:
        ask(slug="mwangaza", name="Another School")
    assert refused.value.errors == {"slug": ["Another school has this address."]}


@pytest.mark.parametrize(
    "slug", ["", "a", "1school", "-a", "a-", "a--b", "www", "admin", "Caps and spaces", "a" * 41, 'a";drop', "ñandu"]
)
def test_a_slug_that_cannot_be_an_address_is_refused_by_name(db: None, slug: str) -> None:
    with pytest.raises(DomainError) as refused:
        ask(slug=slug)
    assert "slug" in refused.value.errors
    with context.in_public():
        assert not School.objects.filter(name="Kilimani School").exists()


@pytest.mark.parametrize("name", ["", "x"])
def test_a_school_without_a_name_is_refused(db: None, name: str) -> None:
    with pytest.raises(DomainError) as refused:
        ask(name=name)
    assert "name" in refused.value.errors


def test_a_replayed_schema_equals_a_migrated_one(own_database: str) -> None:
    replayed = provisioning.provision(str(ask(in_background=False).pk), at=clock.now()).schema
    migrated = "s_migrated_000000"
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {migrated}")
    template.migrate(migrated, settings.TENANT_APPS)
    assert structure(replayed) == structure(migrated)


def test_an_address_that_became_anothers_meanwhile_stops_the_set_up_until_it_is_free(own_database: str) -> None:
    school = ask(in_background=False)
    with context.in_public():
        mwangaza = School.objects.get(slug="mwangaza")
        theirs = Domain.objects.create(host="kilimani.shule.localhost", school=mwangaza, is_primary=False)
    with pytest.raises(Conflict):
        provisioning.provision(str(school.pk), at=clock.now())
    with context.in_public():
        school.refresh_from_db()
        assert (school.state, school.step) == (State.FAILED, Step.SEED)
        assert school.error == "Another school has this address, or had it."
        theirs.delete()
    school = provisioning.provision(str(school.pk), at=clock.now())
    assert (school.state, school.error) == (State.LIVE, "")


def test_the_template_holds_no_user_no_token_and_no_secret(db: None) -> None:
    sql = template.current().sql
    inserted = set(re.findall(rf"INSERT INTO {template.SCHEMA}\.(\w+)", sql))
    assert inserted <= {"django_migrations"}


def test_a_stale_template_refuses_to_provision(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    school = ask(in_background=False)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_template SET fingerprint = 'of another version'")
    with pytest.raises(template.TemplateStale, match="migrate_shared"):
        provisioning.provision(str(school.pk), at=clock.now())
    with context.in_public():
        school.refresh_from_db()
        assert school.state == State.FAILED and "migrate_shared" in school.error
    template.refresh()
    assert provisioning.provision(str(school.pk), at=clock.now()).state == State.LIVE


@pytest.mark.parametrize("name", ["Public", "pg_temp", "a-b", 'x"y', "x;y", "9a", "a" * 49, "public", ""])
def test_a_schema_name_outside_the_strict_rule_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        naming.check_schema(name)


def test_the_invitation_opens_the_account_once_and_only_at_this_school(own_database: str, run_jobs: object) -> None:
    school = provisioning.provision(str(ask(in_background=False).pk), at=clock.now())
    assert callable(run_jobs)
    assert "identity.send_invitation" in run_jobs()
    [letter] = mail.outbox
    assert letter.to == ["asha@kilimani.example"]
    link = re.search(r"http://(\S+?)(/welcome/\S+)", letter.body)
    assert link is not None and link.group(1) == f"{school.slug}.shule.localhost:8000"
