"""From the form to a school that is open, closed at once on every surface, and open again."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client

from core import clock, jobs
from core.models import Job
from identity.models import User
from tenants import context, lifecycle, provisioning, resolve, template
from tenants.models import School, State, Step, Template
from tests import cast as people
from tests.conftest import sign_in

RunJobs = Callable[[], list[str]]
KILIMANI = {
    "name": "Kilimani School", "slug": "kilimani", "kind": "basic", "head_name": "Asha Noor",
    "head_email": "asha@kilimani.example",
}  # fmt: skip


def school(slug: str) -> School:
    with context.in_public():
        return School.objects.get(slug=slug)


def said(page: Any) -> str:
    return str(page.content.decode())


@pytest.fixture
def committed(own_database: str) -> Iterator[Client]:
    """The operator's browser over a database where what is done stays done."""
    resolve.forget_all()
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_job")
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    with context.in_public():
        sign_in(client, User.objects.get(username="ann.chelimo"))
    yield client
    connection.close()


def at_school(slug: str = "mwangaza", role: str = "") -> Client:
    client = Client(HTTP_HOST=f"{slug}.{settings.PLATFORM_DOMAIN}")
    if role:
        with context.in_school(school(slug)):
            sign_in(client, User.objects.get(username=people._username(people._NAMES[slug][role])))
    return client


def test_a_school_is_asked_for_built_in_the_background_and_opened(committed: Client, run_jobs: RunJobs) -> None:
    answer = committed.post("/console/schools/new/", KILIMANI)
    assert (answer.status_code, answer["Location"]) == (302, "/console/schools/kilimani/progress/")
    assert "1 of 5 steps" in said(committed.get("/console/schools/kilimani/progress/"))
    assert at_school("kilimani").get("/sign-in/").status_code == 404
    assert "tenants.provision" in run_jobs()
    page = said(committed.get("/console/schools/kilimani/progress/"))
    assert "5 of 5 steps" in page and "every 1s" not in page
    assert at_school("kilimani").get("/sign-in/").status_code == 200
    made = school("kilimani")
    assert (made.state, made.facts["kind"], made.requested_by) == (State.LIVE, "basic", "Ann Chelimo")
    assert mail.outbox[-1].to == ["asha@kilimani.example"]
    told = said(committed.get("/console/schools/kilimani/"))
    assert "School asked for" in told and "School opened" in told and "Ann Chelimo" in told


def test_asking_twice_for_one_school_makes_one(committed: Client, run_jobs: RunJobs) -> None:
    first = committed.post("/console/schools/new/", KILIMANI)
    second = committed.post("/console/schools/new/", {**KILIMANI, "name": "Kilimani  School"})
    assert first["Location"] == second["Location"]
    assert run_jobs().count("tenants.provision") == 1
    with context.in_school(school("kilimani")):
        assert User.objects.count() == 1


def test_without_an_address_one_is_made_from_the_name(console: Client) -> None:
    answer = console.post("/console/schools/new/", {**KILIMANI, "slug": "", "name": "St. Teresa's, Kisumu"})
    assert answer["Location"] == "/console/schools/st-teresas-kisumu/progress/"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "www", "This address is kept for the platform. Choose another."),
        ("slug", "new", "This address is kept for the platform. Choose another."),
        ("slug", "a b", "Use 2 to 40 small letters"),
        ("slug", "mwangaza", "Another school has this address."),
        ("slug", "x" * 61, "at most 60 characters"),
        ("name", "", "This field is required."),
        ("name", "x", "2 to 120 characters"),
        ("name", "nul\0", "Null characters are not allowed."),
        ("head_email", "nobody", "Enter a valid email address."),
        ("kind", "circus", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(console: Client, field: str, value: str, words: str) -> None:
    page = console.post("/console/schools/new/", {**KILIMANI, field: value})
    assert page.status_code in (400, 409)
    assert field in page.context["form"].errors and words in said(page)
    with context.in_public():
        assert not School.objects.filter(slug="kilimani").exists()


def test_a_set_up_that_failed_says_why_and_goes_on_when_asked(committed: Client, run_jobs: RunJobs) -> None:
    committed.post("/console/schools/new/", KILIMANI)
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_template SET fingerprint = 'of another version'")
        cursor.execute("DELETE FROM core_job")
    with pytest.raises(template.TemplateStale):
        provisioning.provision(str(school("kilimani").pk), at=clock.now())
    page = said(committed.get("/console/schools/kilimani/progress/"))
    assert "The set-up failed" in page and "migrate_shared" in page and "every 1s" not in page
    assert "Set-up failed" in said(committed.get("/console/?state=failed"))
    with context.in_public():
        Template.objects.update(fingerprint=template.fingerprint())
    assert committed.post("/console/schools/kilimani/retry/").status_code == 302
    assert school("kilimani").state == State.PROVISIONING
    run_jobs()
    assert school("kilimani").state == State.LIVE


def test_a_school_that_is_open_has_no_set_up_to_try_again(console: Client, mwangaza: School) -> None:
    page = console.post("/console/schools/mwangaza/retry/", follow=True)
    assert "The set-up of this school has not failed." in said(page)


def test_suspending_needs_a_reason_and_the_address_typed_once_more(console: Client, mwangaza: School) -> None:
    for given in (
        {},
        {"reason": "Unpaid"},
        {"reason": " ", "typed": "mwangaza"},
        {"reason": "Unpaid", "typed": "baraka"},
    ):
        assert console.post("/console/schools/mwangaza/suspend/", given).status_code == 400
    assert school("mwangaza").state == State.LIVE
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(state=State.PROVISIONING)
    given = {"reason": "Unpaid", "typed": "mwangaza"}
    assert console.post("/console/schools/mwangaza/suspend/", given).status_code == 409


def test_a_suspended_school_is_closed_on_every_surface_and_opens_again_at_once(
    committed: Client, run_jobs: RunJobs
) -> None:
    head = at_school(role="head")
    assert head.get("/students/").status_code == 200
    given = {"reason": "The fees of 2026 are open", "typed": "mwangaza"}
    committed.post("/console/schools/mwangaza/suspend/", given)
    page = head.get("/students/")
    assert (page.status_code, "The fees of 2026 are open" in said(page)) == (403, True)
    problem = head.get("/api/v1/students/")
    assert (problem.status_code, problem["Content-Type"]) == (403, "application/problem+json")
    assert problem.json()["code"] == "school_suspended"
    assert head.post("/oauth/token").json()["code"] == "school_suspended"
    assert head.get("/media/anything").status_code == 403
    assert at_school().post("/sign-in/", {"username": "x", "password": "y"}).status_code == 403
    assert at_school().get("/static/web/shule.css").status_code == 200
    assert at_school("baraka", role="head").get("/students/").status_code == 200
    assert "The fees of 2026 are open" in said(committed.get("/console/schools/mwangaza/"))
    committed.post("/console/schools/mwangaza/resume/")
    assert head.get("/students/").status_code == 200
    told = said(committed.get("/console/schools/mwangaza/"))
    assert told.index("School opened again") < told.index("School suspended")


def test_a_job_of_a_suspended_school_waits_and_runs_when_it_opens(committed: Client) -> None:
    mwangaza = school("mwangaza")
    with context.in_school(mwangaza):
        job_id = str(jobs.later("audit.seal"))
    lifecycle.suspend(school_id=mwangaza.pk, reason="x", by=None, at=clock.now())
    work("audit.seal", job_id, mwangaza)
    with context.in_public():
        job = Job.objects.get(pk=job_id)
        assert (job.state, job.error) == ("waiting", "the school is suspended") and job.run_after > clock.now()
    committed.post("/console/schools/mwangaza/resume/")
    with context.in_public():
        job.refresh_from_db()
        assert (job.state, job.attempts) == ("waiting", 0) and job.run_after <= clock.now()
    work("audit.seal", job_id, mwangaza)
    with context.in_public():
        job.refresh_from_db()
        assert job.state == "done"


def test_a_job_of_a_school_that_is_being_set_up_waits_for_seconds_only(committed: Client) -> None:
    mwangaza = school("mwangaza")
    with context.in_school(mwangaza):
        job_id = str(jobs.later("audit.seal"))
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(state=State.PROVISIONING, step=Step.SEED)
    work("audit.seal", job_id, mwangaza)
    with context.in_public():
        job = Job.objects.get(pk=job_id)
        assert (job.state, job.error) == ("waiting", "the school is provisioning")
        assert (job.run_after - clock.now()).total_seconds() <= 5


def work(name: str, job_id: str, owner: School) -> None:
    """Do one job as a worker would."""
    from celery import current_app

    current_app.tasks[name].apply(headers={"job_id": job_id, "school": str(owner.pk)})


def test_a_suspended_school_gets_no_periodic_work(committed: Client) -> None:
    from tenants import periodic

    lifecycle.suspend(school_id=school("mwangaza").pk, reason="x", by=None, at=clock.now())
    periodic.tick(at=clock.now())
    with context.in_public():
        owners = set(Job.objects.filter(name="audit.seal").values_list("school_id", flat=True))
    assert owners == {school("baraka").pk}


OTHER_PROCESS = """
import os, sys, time
import django
django.setup()
from tenants import resolve
before = None
until = time.monotonic() + 30
while time.monotonic() < until:
    found = resolve.host("mwangaza.shule.localhost").scope
    if (found.state if found else "unknown") != before:
        before = found.state if found else "unknown"
        print(before, flush=True)
    time.sleep(0.02)
"""


def test_every_other_process_learns_it_at_once(committed: Client) -> None:
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{settings.DATABASES['default']['NAME']}"
    around = {
        **os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDIS_URL": settings.REDIS_URL, "PYTHONPATH": os.pathsep.join(sys.path),
    }  # fmt: skip
    other = subprocess.Popen(  # a second web process, as far as hosts go
        [sys.executable, "-c", OTHER_PROCESS], env=around, stdout=subprocess.PIPE, text=True, cwd=settings.ROOT
    )
    assert other.stdout is not None
    try:
        assert other.stdout.readline().strip() == "live"
        time.sleep(1.0)  # by now it listens: what it holds would live for a minute
        started = time.monotonic()
        given = {"reason": "x", "typed": "mwangaza"}
        committed.post("/console/schools/mwangaza/suspend/", given)
        assert other.stdout.readline().strip() == "suspended"
        committed.post("/console/schools/mwangaza/resume/")
        assert other.stdout.readline().strip() == "live"
        assert time.monotonic() - started < 1.5
    finally:
        other.kill()
        other.wait()


def test_a_read_only_school_can_be_read_and_not_changed(committed: Client) -> None:
    head = at_school(role="head")
    assert committed.post("/console/schools/mwangaza/read-only/", {"reason": ""}).status_code == 400
    committed.post("/console/schools/mwangaza/read-only/", {"reason": "Moving"})
    assert head.get("/students/").status_code == 200
    assert head.post("/account/", {}).status_code == 403
    assert head.post("/api/v1/students/", {}, content_type="application/json").json()["code"] == "school_read_only"
    committed.post("/console/schools/mwangaza/resume/")
    assert head.post("/account/", {}).status_code == 400


def test_the_head_is_invited_again_until_a_password_is_chosen(committed: Client, run_jobs: RunJobs) -> None:
    committed.post("/console/schools/new/", KILIMANI)
    run_jobs()
    before = len(mail.outbox)
    page = committed.post("/console/schools/kilimani/invite/", follow=True)
    assert "The invitation is on its way to asha@kilimani.example." in said(page)
    run_jobs()
    assert [letter.to for letter in mail.outbox[before:]] == [["asha@kilimani.example"]]
    with context.in_school(school("kilimani")):
        head = User.objects.get()
        head.set_password("maji-ya-kunywa-7")
        head.save()
    page = committed.post("/console/schools/kilimani/invite/", follow=True)
    assert "The head has chosen a password already." in said(page)


def test_a_school_without_the_heads_address_invites_nobody(console: Client, mwangaza: School) -> None:
    page = console.post("/console/schools/mwangaza/invite/", follow=True)
    assert "set up without the head&#x27;s e-mail address" in said(page)


def test_a_set_up_half_done_shows_the_step_that_is_under_way(console: Client, mwangaza: School) -> None:
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(state=State.PROVISIONING, step=Step.SEED)
    part = console.get("/console/schools/mwangaza/progress/", headers={"HX-Request": "true"})
    assert "3 of 5 steps" in said(part) and "<html" not in said(part) and "every 1s" in said(part)


def test_a_school_that_is_not_there_is_404(console: Client) -> None:
    for path in ("", "progress/", "suspend/", "read-only/"):
        assert console.get(f"/console/schools/nobody/{path}").status_code == 404
    for path in ("resume/", "retry/", "invite/"):
        assert console.post(f"/console/schools/nobody/{path}").status_code == 404
