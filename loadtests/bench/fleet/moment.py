"""python -m loadtests.bench.fleet.moment FOLDER: one school out of an earlier moment of a cluster of twenty.

A process of its own, because the cluster is: with an archived log, a base backup and the large school.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from loadtests.bench.figures import Figure
from loadtests.bench.fleet import ground, one, schools
from loadtests.bench.fleet.record import Progress
from loadtests.bench.running import ROOT

SCHOOLS = 20


def measure(home: Path) -> list[Figure]:
    """Run it, and read what it found."""
    answer = home / "moment.json"
    subprocess.run([sys.executable, "-m", __name__, home / "moment", answer], cwd=ROOT, check=True)
    return [Figure(**figure) for figure in json.loads(answer.read_text())]


def main(home: Path, answer: Path) -> None:
    """Build the cluster, do harm in one school, and fetch the school of before the harm."""
    with ground.prepared(home, SCHOOLS, archive=True):
        progress = Progress("schools", SCHOOLS)
        for number in range(1, SCHOOLS):
            schools.set_up(schools.slug(number))
            progress.one_more()
        figures = _measure()
    answer.write_text(json.dumps([asdict(figure) for figure in figures]))


def _measure() -> list[Figure]:
    from django.core.management import call_command

    from core import clock
    from schools.people.models import Student
    from tenants import context

    school, students = one.lay()
    with one.timed("base backup") as base:
        call_command("backup", "base")
    time.sleep(0.1)
    moment = clock.now()
    time.sleep(0.1)
    with context.in_school(school):
        Student.objects.update(first_name="Harm")
    with one.timed("restore to the moment") as back:
        call_command("school", "restore", school.slug, "--at", moment.isoformat(), "--swap")
    with context.in_school(school):
        if Student.objects.filter(first_name="Harm").exists():
            raise SystemExit("the harm is still there")
    return [
        Figure(f"base backup of a cluster of {SCHOOLS} schools", base[0], None, "s"),
        Figure(f"its school of {students:,} students restored to a moment, swapped in", back[0], 180, "s"),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
