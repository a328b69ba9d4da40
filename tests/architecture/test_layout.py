"""`platform/` is a source root and no package; every room is ours and borrows nobody's name."""

import importlib
import importlib.metadata
import platform
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = sorted(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])


def test_the_standard_librarys_platform_is_still_its_own() -> None:
    assert Path(platform.__file__).parent == Path(sysconfig.get_paths()["stdlib"])
    assert platform.python_implementation() == "CPython"


def test_no_loose_module_lies_in_the_source_root() -> None:
    assert [p.name for p in (ROOT / "platform").iterdir() if p.is_file()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_resolves_inside_the_repository(room: str) -> None:
    module = importlib.import_module(room)
    assert module.__file__ is not None
    assert Path(module.__file__).is_relative_to(ROOT)
    assert ".venv" not in module.__file__


def test_no_dependency_owns_the_name_of_a_room() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {room: owners[room] for room in ROOMS if room in owners and owners[room] != ["shule"]} == {}


def test_no_room_borrows_a_name_of_the_standard_library() -> None:
    assert set(ROOMS) & set(sys.stdlib_module_names) == set()


def test_tests_hold_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []
