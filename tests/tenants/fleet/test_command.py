"""`manage.py fleet migrate`, as a deployment runs it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from tenants import context
from tenants.models import Rollout, School, State, Upgrade
from tests.tenants.fleet.conftest import NextVersion, columns

Fleet = Callable[..., str]
Rows = Callable[[], dict[str, Upgrade]]
BREAKS = """
def break_one(apps, schema_editor):
    if schema_editor.connection.schema_name == {schema!r}:
        raise ValueError("a mark of 101")
"""


def test_with_nothing_to_do_it_reads_and_writes_nothing(schools: dict[str, School], fleet: Fleet) -> None:
    with CaptureQueriesContext(connection) as statements:
        assert fleet("migrate") == "2 at head.\n"
    sent = [q["sql"] for q in statements.captured_queries if "search_path" not in q["sql"]]
    assert len(sent) == 4 and all(sql.lstrip().startswith("SELECT") for sql in sent)
    with context.in_public():
        assert not Rollout.objects.exists()


def test_every_school_is_moved_the_closed_ones_too(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, rows: Rows
) -> None:
    next_version.brings()
    next_version.is_shared()
    with context.in_public():
        School.objects.filter(slug="baraka").update(state=State.SUSPENDED)
    said = fleet("migrate")
    assert said.startswith("2 of 2 schools are behind") and said.endswith("2 at head.\n")
    assert "2 of 2 schools\n" in said
    assert {slug: (row.state, row.road, row.attempts) for slug, row in rows().items()} == {
        "mwangaza": ("done", "lean", 1),
        "baraka": ("done", "lean", 1),
    }
    for school in schools.values():
        assert "zone" in columns(school, "people_household")
    assert fleet("migrate") == "2 at head.\n"


def test_it_waits_for_the_shared_tables_and_the_template(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, rows: Rows
) -> None:
    next_version.brings()
    with pytest.raises(CommandError, match=r"First: manage.py migrate_shared"):
        fleet("migrate")
    assert rows() == {}


def test_the_report_says_for_each_school_how_it_went(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    next_version.brings()
    name = next_version.brings(
        "migrations.RunPython(break_one),", before=BREAKS.format(schema=schools["baraka"].schema)
    )
    next_version.is_shared()
    said = fleet("migrate", "--report", str(tmp_path / "report.json"))
    assert said.endswith("1 at head, 1 failed.\n")
    with pytest.raises(CommandError, match="More than 0 failed"):
        fleet("migrate", "--stop-after", "0")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["ended"] == "done"
    assert report["counts"] == {"at_head": 1, "behind": 0, "failed": 1, "ahead": 0}
    baraka, mwangaza = report["schools"]
    assert (baraka["slug"], baraka["state"], baraka["error"]) == ("baraka", "failed", "ValueError: a mark of 101")
    assert (mwangaza["state"], mwangaza["road"], mwangaza["attempts"]) == ("done", "full", 1)
    assert mwangaza["seconds"] > 0 and report["schools_per_second"] > 0
    assert report["behind"] == [{"slug": "baraka", "missing": [f"people.{name}"]}]


def test_a_canary_that_fails_ends_it_with_what_to_do(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, rows: Rows
) -> None:
    next_version.brings("migrations.RunPython(break_one),", before=BREAKS.format(schema=schools["baraka"].schema))
    next_version.is_shared()
    with pytest.raises(CommandError, match=r"Held: a canary failed.* 1 behind, 1 failed"):
        fleet("migrate", "--canary", "baraka")
    assert rows()["mwangaza"].state == "waiting"
    assert fleet("migrate", "--past-canaries").endswith("1 at head, 1 failed.\n")
    assert fleet("retry", "baraka").startswith("1 schools wait again")
    assert rows()["baraka"].state == "waiting"


def test_paused_says_so_until_it_is_resumed_and_both_stand_in_the_trail(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, rows: Rows
) -> None:
    next_version.brings()
    next_version.is_shared()
    fleet("pause")
    with pytest.raises(CommandError, match=r"Paused: go on with manage.py fleet resume.* 2 behind"):
        fleet("migrate")
    assert {row.state for row in rows().values()} == {"waiting"}
    fleet("resume")
    assert fleet("migrate").endswith("2 at head.\n")
    with context.in_public():
        assert set(Entry.objects.filter(action__startswith="fleet.").values_list("action", flat=True)) == {
            "fleet.paused",
            "fleet.resumed",
        }


def test_a_school_that_is_chosen_as_canary_goes_first_until_it_is_no_more(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet
) -> None:
    next_version.brings()
    assert fleet("canary", "baraka") == "Baraka Girls' High School gets new versions first.\n"
    assert "Canaries: 1: baraka\n" in fleet("plan")
    assert fleet("canary", "baraka", "--off") == "Baraka Girls' High School gets new versions with the others.\n"
    assert "Canaries: 0\n" in fleet("plan")
    with pytest.raises(CommandError, match="No school has the slug kilimani"):
        fleet("canary", "kilimani")
    with context.in_public():
        told = Entry.objects.filter(action__startswith="school.canary").order_by("pk")
        assert [entry.action for entry in told] == ["school.canary_chosen", "school.canary_released"]


def test_a_canary_that_is_no_school_is_refused_before_anything_begins(
    schools: dict[str, School], next_version: NextVersion, fleet: Fleet, rows: Rows
) -> None:
    next_version.brings()
    next_version.is_shared()
    with pytest.raises(CommandError, match="No school has the slug kilimani"):
        fleet("migrate", "--canary", "kilimani")
    with pytest.raises(CommandError, match="Not failed: mwangaza"):
        fleet("retry", "mwangaza")
    assert rows() == {}
