"""The outbox and the platform's trail, as operators see and settle them."""

import pytest
from django.db import connection
from django.test import Client

from audit import chain
from audit.models import Entry
from core import clock, ids, jobs
from core.models import Job
from tenants import context
from tenants.models import School


@pytest.fixture
def failed(mwangaza: School) -> Job:
    with context.in_public():
        return Job.objects.create(
            school_id=mwangaza.pk, name="people.make_photo_variants", kwargs={"photo_id": "7"}, queue="bulk",
            state="failed", attempts=6, error="OSError: <no> space", run_after=clock.now(),
        )  # fmt: skip


def test_queues_are_counted_by_state(console: Client, failed: Job, mwangaza: School) -> None:
    with context.in_public():
        Job.objects.exclude(pk=failed.pk).delete()
    with context.in_school(mwangaza):
        jobs.later("audit.seal")
    found = {q.name: (q.waiting, q.running, q.done, q.failed) for q in console.get("/console/jobs/").context["queues"]}
    assert found == {"bulk": (0, 0, 0, 1), "default": (1, 0, 0, 0)}


def test_a_failure_shows_its_school_and_its_error(console: Client, failed: Job) -> None:
    page = console.get("/console/jobs/").content.decode()
    assert "people.make_photo_variants" in page and "OSError: &lt;no&gt; space" in page
    assert "/console/schools/mwangaza/" in page and "6 tries" in page
    assert "OSError" in console.get("/console/schools/mwangaza/").content.decode()


def test_a_failed_job_gets_another_round_and_the_trail_says_so(console: Client, failed: Job) -> None:
    assert console.post(f"/console/jobs/{failed.pk}/retry/").status_code == 302
    with context.in_public():
        failed.refresh_from_db()
        assert (failed.state, failed.attempts, failed.published_at) == ("waiting", 0, None)
        entry = Entry.objects.get(action="job.retried")
        assert (entry.actor_name, entry.object_id) == ("Ann Chelimo", str(failed.pk))


def test_a_discarded_job_is_gone_and_the_trail_keeps_what_it_was(console: Client, failed: Job) -> None:
    console.post(f"/console/jobs/{failed.pk}/discard/")
    with context.in_public():
        assert not Job.objects.filter(pk=failed.pk).exists()
        kept = Entry.objects.get(action="job.discarded").changes
    assert kept["name"] == "people.make_photo_variants" and kept["kwargs"] == {"photo_id": "7"}
    assert "Job discarded" in console.get("/console/audit/").content.decode()


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_only_what_failed_can_be_settled(console: Client, failed: Job, act: str) -> None:
    with context.in_public():
        Job.objects.filter(pk=failed.pk).update(state="running")
    page = console.post(f"/console/jobs/{failed.pk}/{act}/", follow=True).content.decode()
    assert "This job has not failed." in page
    page = console.post(f"/console/jobs/{ids.uuid7()}/{act}/", follow=True).content.decode()
    assert "This job is not there any more." in page


def test_the_trail_is_searched_by_person_school_and_act(console: Client, mwangaza: School) -> None:
    console.post("/console/schools/mwangaza/suspend/", {"reason": "Moving away", "typed": "mwangaza"})
    page = console.get("/console/audit/?q=mwangaza").content.decode()
    assert "School suspended" in page and "Live → Suspended" in page and "Moving away" in page
    assert "School suspended" in console.get("/console/audit/?q=chelimo").content.decode()
    assert "Nothing was found" in console.get("/console/audit/?q=nobody-of-this-name").content.decode()
    assert console.get("/console/audit/?q=%00&page=x").status_code == 200


def test_the_trail_is_verified_and_an_altered_entry_is_found(console: Client, mwangaza: School) -> None:
    console.post("/console/schools/mwangaza/suspend/", {"reason": "x", "typed": "mwangaza"})
    page = console.post("/console/audit/verify/", follow=True).content.decode()
    assert "The trail is as it was written." in page
    with context.in_public(), connection.cursor() as cursor:
        assert list(chain.verify()) == []
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET actor_name = 'Somebody else' WHERE action = 'school.suspended'")
    page = console.post("/console/audit/verify/", follow=True).content.decode()
    assert "The trail was altered in 1 place" in page
