"""A next version: the migrations of this one and some more, read from a folder of their own."""

import shutil
import textwrap
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.core.management import call_command
from django.db import connection

from tenants import context, template
from tenants.fleet import head
from tenants.models import School, Template, Upgrade

ADDITIVE = """
migrations.AddField("household", "zone", models.CharField(max_length=40, blank=True, default="", db_default="")),
"""


class NextVersion:
    """Adds migrations after the newest of an app, as the next version would bring them."""

    def __init__(self, folder: Path, settings: Any) -> None:
        self._folder, self._settings = folder, settings

    def brings(self, operations: str = ADDITIVE, *, app: str = "people", atomic: bool = True, before: str = "") -> str:
        """Write one more migration of these operations; gives back its name."""
        package = self._package(app)
        last = sorted(path.stem for path in package.glob("0*.py"))[-1]
        name = f"{int(last[:4]) + 1:04d}_next"
        (package / f"{name}.py").write_text(
            "import os, time\nfrom pathlib import Path\n"
            "from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently\n"
            "from django.db import migrations, models\nfrom django.db.models import Q\n"
            "from tenants.fleet.operations import DropColumn, DropIndex, DropTable\n"
            f"{textwrap.dedent(before)}\n"
            f"class Migration(migrations.Migration):\n    atomic = {atomic}\n"
            f"    dependencies = [({app!r}, {last!r})]\n    operations = [\n{operations}\n    ]\n"
        )
        head.current.cache_clear()
        return name

    def is_shared(self) -> None:
        """As after migrate_shared: the template is of this version, though no school is made from it here."""
        with context.in_public():
            Template.objects.update(fingerprint=template.fingerprint())

    def settings_module(self) -> str:
        """The name of a settings module by which another process is of this version."""
        (self._folder / "next_settings.py").write_text(
            f"from config.settings import *\nMIGRATION_MODULES = {self._settings.MIGRATION_MODULES!r}\n"
        )
        return "next_settings"

    def _package(self, app: str) -> Path:
        known = self._settings.MIGRATION_MODULES.get(app)
        if known:
            return self._folder / known
        made = self._folder / f"next_{app}_{uuid.uuid4().hex[:8]}"
        shutil.copytree(
            Path(real.ROOT) / "schools" / app / "migrations", made, ignore=shutil.ignore_patterns("__pycache__")
        )
        self._settings.MIGRATION_MODULES = {**self._settings.MIGRATION_MODULES, app: made.name}
        return made


@pytest.fixture
def next_version(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[NextVersion]:
    """The next version, which brings nothing yet."""
    monkeypatch.syspath_prepend(str(tmp_path))
    head.current.cache_clear()
    yield NextVersion(tmp_path, settings)
    head.current.cache_clear()


@pytest.fixture
def schools(own_database: str) -> dict[str, School]:
    """Both schools, in a database where a test may commit."""
    with context.in_public():
        return {school.slug: school for school in School.objects.all()}


@pytest.fixture
def rows() -> Callable[[], dict[str, Upgrade]]:
    """`rows()`: what is written of each school's move, by slug."""

    def read() -> dict[str, Upgrade]:
        with context.in_public():
            return {row.school.slug: row for row in Upgrade.objects.select_related("school")}

    return read


@pytest.fixture
def fleet(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`fleet("status")`: the command, in this process; gives back what it said."""

    def run(*arguments: str) -> str:
        capsys.readouterr()
        call_command("fleet", *arguments, *(["--workers", "1"] if arguments[0] == "migrate" else []))
        return capsys.readouterr().out

    return run


def columns(school: School, table: str) -> set[str]:
    """The columns of a school's table."""
    with context.in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            [school.schema, table],
        )
        return {name for (name,) in cursor.fetchall()}
