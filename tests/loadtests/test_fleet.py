"""The fleet's bench goes on where an ended run was, and counts what it says it counts."""

from pathlib import Path

import pytest

from loadtests.bench.figures import Figure
from loadtests.bench.fleet import schools
from loadtests.bench.fleet.record import Record
from tenants import context, provisioning
from tenants.fleet import status
from tenants.models import School


def test_a_step_that_an_ended_run_finished_is_not_measured_again(tmp_path: Path) -> None:
    path, asked = tmp_path / "figures.json", []

    def measure(*found: Figure) -> list[Figure]:
        asked.append(found[0].what)
        return list(found)

    first = Record(path)
    first.step("Schools", lambda: measure(Figure("one school set up, p50", 0.25, 1, "s")))
    with pytest.raises(SystemExit):
        first.step("Visits", lambda: (_ for _ in ()).throw(SystemExit("ended")))
    second = Record(path)
    second.step("Schools", lambda: measure(Figure("one school set up, p50", 9.0, 1, "s")))
    second.step("Visits", lambda: measure(Figure("home page", 40.0, None, "ms"), Figure("its worker", 301, 300, "MB")))
    assert asked == ["one school set up, p50", "home page"]
    assert second.figures == Record(path).figures == [
        Figure("one school set up, p50", 0.25, 1, "s"),
        Figure("home page", 40.0, None, "ms"),
        Figure("its worker", 301, 300, "MB"),
    ]  # fmt: skip
    assert [figure.kept for figure in second.figures] == [True, True, False]


def test_a_school_of_the_fleet_is_a_whole_one(own_database: str) -> None:
    assert schools.set_up(schools.slug(7)) > 0
    with context.in_public():
        school = School.objects.get(slug="fleet-0007")
        assert (school.state, school.step, school.head_email) == ("live", "live", "head@fleet-0007.example.org")
        assert provisioning.provision(str(school.pk), at=school.created_at) == school
    assert {s.slug: s.place.value for s in status.read()}["fleet-0007"] == "at_head"
