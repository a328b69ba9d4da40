"""The fleet's way to a version: where it stands, nothing to do, and one new column in every school."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from loadtests.bench.figures import Figure
from loadtests.bench.fleet.ground import Ground
from loadtests.bench.running import ROOT

APP, MODEL = "people", "household"
WORKERS = 2
SETTINGS = "next_settings"
MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [({app!r}, {last!r})]
    operations = [
        migrations.AddField({model!r}, {field!r}, models.CharField(max_length=40, default="", db_default=""))
    ]
"""


def standing(ground: Ground) -> list[Figure]:
    """The status of all schools, and a migrate that finds nothing to do."""
    from tenants.fleet import status

    times = []
    for _ in range(3):
        began = time.perf_counter()
        counts = status.count()
        times.append(time.perf_counter() - began)
    if counts[status.Place.AT_HEAD] != ground.schools:
        raise SystemExit(f"not every school is at head: {dict(counts)}")
    return [
        Figure("status of the fleet", statistics.median(times) * 1000, 1000, "ms"),
        Figure(
            "`fleet migrate` with nothing to do, the start of Python included", _migrate(ground.environment), 5, "s"
        ),
    ]


def one_field(ground: Ground) -> list[Figure]:
    """A version with one more column than the last, brought to every school; its shared tables come before."""
    folder = ground.home / "next"
    migrations = _migrations(folder)
    environment = ground.environment | {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "platform")]),
    }
    if any(migrations.glob("*_next.py")):  # an earlier run was ended here: what it began is finished untimed
        _deploy(environment)
    _add(migrations)
    seconds = _deploy(environment)
    return [Figure("one AddField over the fleet, on two cores", seconds, 60, "s")]


def _deploy(environment: dict[str, str]) -> float:
    _manage(environment, "migrate_shared")
    return _migrate(environment)


def _migrations(folder: Path) -> Path:
    """A copy of an application's migrations that the next version's settings name."""
    package = folder / f"next_{APP}"
    if not package.exists():
        shutil.copytree(ROOT / "schools" / APP / "migrations", package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / f"{SETTINGS}.py").write_text(
        f"from config.settings import *\n\nMIGRATION_MODULES = {{{APP!r}: {package.name!r}}}\n"
    )
    return package


def _add(migrations: Path) -> None:
    last = sorted(path.stem for path in migrations.glob("0*.py"))[-1]
    number = int(last[:4]) + 1
    (migrations / f"{number:04d}_next.py").write_text(
        MIGRATION.format(app=APP, last=last, model=MODEL, field=f"next_{number}")
    )


def _migrate(environment: dict[str, str]) -> float:
    began = time.perf_counter()
    _manage(environment, "fleet", "migrate", "--workers", str(WORKERS))
    return time.perf_counter() - began


def _manage(environment: dict[str, str], *arguments: Any) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=os.environ | environment, check=True)
