"""The look learns of the school from its scope and from whoever registered to tell; it asks no domain."""

from collections.abc import Iterator
from types import MappingProxyType

import pytest

from core import scope
from web import school


@pytest.fixture(autouse=True)
def own_tellers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(school, "_tellers", [])
    monkeypatch.setattr(school, "_standings", [])
    yield


def mwangaza(**facts: str) -> scope.Scope:
    return scope.Scope(
        "1", "mwangaza", "s_mwangaza", "Mwangaza School", "active", "mwangaza.shule.localhost", MappingProxyType(facts)
    )


def test_the_platforms_own_host_has_no_crest() -> None:
    assert school.current() is None


def test_a_new_school_has_its_name_and_the_platforms_green() -> None:
    with scope._entered(mwangaza()):
        facts = school.current()
    assert facts is not None
    assert (facts.name, facts.short_name, facts.line, facts.accent) == ("Mwangaza School", "Mwangaza", "", "#0b6e4f")


def test_place_term_and_colour_come_from_those_who_know() -> None:
    school.register(lambda: {"term": "Term 2", "unknown": "left out", "motto": ""})
    with scope._entered(mwangaza(place="Nakuru", accent="#7a2330", motto="Elimu ni mwanga")):
        facts = school.current()
    assert facts is not None
    assert (facts.line, facts.motto, facts.accent) == ("Nakuru · Term 2", "Elimu ni mwanga", "#7a2330")
    assert facts.accent_dark not in ("", "#7a2330")


def test_where_the_school_stands_is_asked_for_only_when_the_line_is_shown() -> None:
    asked: list[str] = []
    school.register_standing(lambda: asked.append("now") or "Term 3, week 7")
    with scope._entered(mwangaza(place="Nakuru")):
        facts = school.current()
        assert facts is not None and asked == []
        assert facts.line == "Nakuru · Term 3, week 7"
    assert asked == ["now"]
