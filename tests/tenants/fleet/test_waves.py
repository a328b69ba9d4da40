"""Who goes first, what stops the others, and what does not."""

import uuid
from collections import Counter

import pytest

from core import clock
from tenants import context
from tenants.fleet import claim, control, head, lean, plan, status, work
from tenants.fleet.status import Place, Standing
from tenants.models import School, Upgrade, UpgradeState, Wave
from tests.tenants.fleet.conftest import NextVersion


def standing(number: int, *, place: Place = Place.BEHIND, canary: bool = False) -> Standing:
    return Standing(uuid.UUID(int=number), f"school-{number}", f"s_{number}", canary, "x", place)


def test_canaries_go_first_then_one_in_twenty_then_the_rest() -> None:
    fleet = [standing(n, canary=n < 2) for n in range(202)]
    waves = plan.waves(fleet, "target", canaries=["school-7"])
    assert [s.slug for s in waves[Wave.CANARIES]] == ["school-0", "school-1", "school-7"]
    assert {wave: len(schools) for wave, schools in waves.items()} == {0: 3, 1: 10, 2: 189}
    assert Counter(s.slug for schools in waves.values() for s in schools).most_common(1)[0][1] == 1


def test_it_is_not_always_the_same_schools_that_go_first() -> None:
    fleet = [standing(n) for n in range(100)]
    first = [[s.slug for s in plan.waves(fleet, target, ())[Wave.FEW]] for target in ("one", "two", "one")]
    assert first[0] == first[2] != first[1]


@pytest.mark.parametrize("place", [Place.AT_HEAD, Place.AHEAD, Place.FAILED])
def test_only_schools_that_are_behind_are_moved(place: Place) -> None:
    assert sum(map(len, plan.waves([standing(1, place=place)], "target").values())) == 0


@pytest.fixture
def laid(schools: dict[str, School], next_version: NextVersion) -> str:
    """A plan with Mwangaza as its canary and Baraka after it; gives back its target."""
    next_version.brings()
    lay(canaries=["mwangaza"])
    return head.current().digest


def lay(**options: object) -> int:
    return plan.lay(status.read(), head.current(), **{"stop_after": 10, **options})  # type: ignore[arg-type]


def take(target: str) -> claim.Claim:
    found = claim.take(target)
    assert isinstance(found, claim.Claim)
    return found


def test_the_next_wave_waits_until_the_one_before_has_ended(laid: str) -> None:
    first = take(laid)
    assert first.school.slug == "mwangaza"
    assert isinstance(claim.take(laid), claim.Wait)
    claim.done(first, "lean")
    claim.release(first)
    second = take(laid)
    assert second.school.slug == "baraka"
    claim.done(second, "lean")
    claim.release(second)
    assert claim.take(laid) == claim.End.DONE


def test_a_canary_that_fails_holds_the_others_until_somebody_says_so(laid: str) -> None:
    first = take(laid)
    claim.failed(first, "broken")
    claim.release(first)
    assert claim.take(laid) == claim.End.HELD
    assert lay(past_canaries=True) == 1
    assert take(laid).school.slug == "baraka"


def test_more_failures_than_are_allowed_stop_the_rest(schools: dict[str, School], next_version: NextVersion) -> None:
    next_version.brings()
    lay(stop_after=0)
    first = take(head.current().digest)
    claim.failed(first, "broken")
    claim.release(first)
    assert claim.take(head.current().digest) == claim.End.STOPPED


def test_one_failure_stops_nobody_else(
    schools: dict[str, School], next_version: NextVersion, rows: object, caplog: pytest.LogCaptureFixture
) -> None:
    next_version.brings(
        "migrations.RunPython(break_one),",
        before=f"""
        def break_one(apps, schema_editor):
            if schema_editor.connection.schema_name == {schools["baraka"].schema!r}:
                raise ValueError("a mark of 101")
        """,
    )
    lay()
    work.alone(head.current().digest, stop=lambda: False)
    assert {s.slug: (s.place.value, s.error) for s in status.read()} == {
        "mwangaza": ("at_head", ""),
        "baraka": ("failed", "ValueError: a mark of 101"),
    }


def test_a_failed_school_is_left_alone_until_it_is_asked_for_again(laid: str) -> None:
    first = take(laid)
    claim.failed(first, "broken")
    claim.release(first)
    lay(past_canaries=True)
    assert {s.slug: s.place.value for s in status.read()} == {"mwangaza": "failed", "baraka": "behind"}
    assert control.retry(slugs=["baraka"], by=None, at=clock.now()) == []
    assert control.retry(by=None, at=clock.now()) == ["mwangaza"]
    again = take(laid)
    assert (again.school.slug, again.attempts) == ("mwangaza", 1)


def test_paused_is_paused_for_every_worker_and_what_is_underway_is_finished(laid: str) -> None:
    first = take(laid)
    control.pause(by=None, at=clock.now())
    assert claim.take(laid) == claim.End.PAUSED
    work.move(first, lean.Roads())
    assert claim.take(laid) == claim.End.PAUSED
    control.resume(by=None, at=clock.now())
    assert take(laid).school.slug == "baraka"


def test_a_plan_laid_again_goes_on_where_it_stood(laid: str, rows: object) -> None:
    first = take(laid)
    work.move(first, lean.Roads())
    assert lay() == 1
    with context.in_public():
        found = {row.school.slug: (row.wave, row.state) for row in Upgrade.objects.select_related("school")}
    assert found == {"mwangaza": (Wave.CANARIES, UpgradeState.DONE), "baraka": (Wave.FEW, UpgradeState.WAITING)}


def test_a_school_that_arrived_but_whose_worker_died_before_saying_so_is_done(laid: str) -> None:
    first = take(laid)
    work._travel(first, lean.Roads())
    claim.release(first)  # as the end of its session would
    lay()
    with context.in_public():
        assert Upgrade.objects.get(school=first.school).state == UpgradeState.DONE
