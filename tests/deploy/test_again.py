import os

import pytest

from deploy.local import again


@pytest.fixture
def sources(tmp_path):
    file = tmp_path / "platform" / "web" / "static" / "web" / "shule.css"
    file.parent.mkdir(parents=True)
    file.write_text("body {}")
    return file


def step(sources, target=""):
    root = sources.parents[4]
    return again.Step("static", var=root / "var", sources=again.STATIC_FILES, target=target, root=root)


def test_a_step_is_done_once_until_a_source_changes(sources):
    assert not step(sources).is_done()
    step(sources).note()
    assert step(sources).is_done()
    os.utime(sources, ns=(1, 1))
    assert not step(sources).is_done()


def test_a_new_source_asks_for_the_step_again(sources):
    step(sources).note()
    (sources.parent / "print.css").write_text("")
    assert not step(sources).is_done()


def test_a_step_done_for_one_database_is_not_done_for_another(sources):
    step(sources, "postgresql://one").note()
    assert step(sources, "postgresql://one").is_done()
    assert not step(sources, "postgresql://two").is_done()


def test_the_patterns_find_what_is_served_and_migrated():
    static = {path.suffix for pattern in again.STATIC_FILES for path in again.ROOT.glob(pattern)}
    assert {".css", ".js", ".svg", ".lock"} <= static
    migrations = {path for pattern in again.MIGRATIONS for path in again.ROOT.glob(pattern) if path.suffix == ".py"}
    rooms = [room for room in again.ROOT.iterdir() if room.is_dir() and room.name not in (".venv", "var", "tests")]
    assert migrations == {path for room in rooms for path in room.rglob("migrations/*.py")}
