"""Where each school stands: in one pass, and the same as its own record says."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from tenants import context, provisioning
from tenants.fleet import head, status
from tenants.fleet.status import Place
from tenants.models import School, State
from tests.tenants.fleet.conftest import NextVersion

pytestmark = pytest.mark.django_db


def places() -> dict[str, str]:
    return {standing.slug: standing.place.value for standing in status.read()}


def test_schools_of_this_version_are_at_head(mwangaza: School, baraka: School) -> None:
    assert places() == {"baraka": "at_head", "mwangaza": "at_head"}
    assert status.count() == {Place.AT_HEAD: 2, Place.BEHIND: 0, Place.FAILED: 0, Place.AHEAD: 0}


def test_the_digest_in_the_database_is_the_heads(mwangaza: School) -> None:
    assert {standing.digest for standing in status.read()} == {head.current().digest}


def test_names_are_put_in_order_as_the_database_puts_them() -> None:
    text = b"api.0001_initial,api.0001_initial_2,api_x.0001_initial"
    keys = [("api_x", "0001_initial"), ("api", "0001_initial_2"), ("api", "0001_initial")]
    assert head.digest(keys) == hashlib.md5(text).hexdigest()


def test_a_version_that_brings_a_migration_leaves_every_school_behind(
    mwangaza: School, baraka: School, next_version: NextVersion
) -> None:
    name = next_version.brings()
    assert places() == {"baraka": "behind", "mwangaza": "behind"}
    assert {standing.missing for standing in status.read()} == {(("people", name),)}


def test_a_school_of_a_later_version_is_ahead(mwangaza: School) -> None:
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {mwangaza.schema}.django_migrations (app, name, applied) VALUES ('people', '0099', now())"
        )
    assert places() == {"baraka": "at_head", "mwangaza": "ahead"}


def test_a_school_without_tables_is_no_part_of_the_fleet(mwangaza: School) -> None:
    provisioning.request(
        slug="kilimani", name="Kilimani", head_name="", head_email="", by=None, at=clock.now(), in_background=False
    )
    assert sorted(places()) == ["baraka", "mwangaza"]


@pytest.mark.parametrize("state", [State.SUSPENDED, State.READ_ONLY, State.FAILED])
def test_a_school_that_is_not_open_is_part_of_it(mwangaza: School, state: str) -> None:
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(state=state)
    assert sorted(places()) == ["baraka", "mwangaza"]


def test_two_hundred_schools_cost_three_statements(mwangaza: School, baraka: School) -> None:
    with context.in_public(), connection.cursor() as cursor:
        for number in range(198):
            schema = f"s_fleet_{number}"
            cursor.execute(f"CREATE SCHEMA {schema}")
            cursor.execute(f"CREATE TABLE {schema}.django_migrations AS TABLE {mwangaza.schema}.django_migrations")
            School.objects.create(slug=f"fleet-{number}", name="Fleet", schema=schema)
        with CaptureQueriesContext(connection) as statements:
            assert status.count()[Place.AT_HEAD] == 200
    assert len([q for q in statements.captured_queries if "search_path" not in q["sql"]]) == 3


def test_the_command_says_it_to_people_and_to_machines(
    mwangaza: School, baraka: School, next_version: NextVersion, fleet: Callable[..., str]
) -> None:
    assert fleet("status").endswith("2 at head.\n")
    name = next_version.brings()
    assert f"lacks 1, first people.{name}" in fleet("status")
    said: dict[str, Any] = json.loads(fleet("status", "--json"))
    assert said["counts"] == {"at_head": 0, "behind": 2, "failed": 0, "ahead": 0}
    assert [row["missing"] for row in said["apart"]] == [[f"people.{name}"]] * 2
    with pytest.raises(CommandError, match="2 schools are not at head"):
        fleet("status", "--check")


def test_the_plan_says_what_is_missing_by_which_road_and_who_goes_first(
    mwangaza: School, baraka: School, next_version: NextVersion, fleet: Callable[..., str]
) -> None:
    next_version.brings()
    next_version.brings("migrations.RunPython(migrations.RunPython.noop),")
    said = fleet("plan", "--canary", "baraka")
    assert "2 schools at" in said
    assert "_next\n" in said and "_next (full road: RunPython)\n" in said
    assert "Canaries: 1: baraka\n" in said and "One in twenty: 1: mwangaza\n" in said and "The rest: 0\n" in said
