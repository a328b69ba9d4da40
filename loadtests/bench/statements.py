"""What a request with three queries sends to the database, as its driver's own trace tells it. Runs in Django."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from loadtests.bench import running
from loadtests.bench.figures import Figure

QUERIES = 3


def figures(folder: Path, card: dict[str, Any], var: Path) -> list[Figure]:
    """On a connection fresh from the pool, the way into the school is one statement."""
    done = subprocess.run(
        [running.python(folder), "-m", "loadtests.bench.statements", card["schools"][0]["slug"]],
        cwd=folder,
        env=running.environment(card, var) | {"LOG_LEVEL": "WARNING"},
        check=True,
        stdout=subprocess.PIPE,
    )
    sent = int(done.stdout.splitlines()[-1])
    return [Figure(f"statements of a request with {QUERIES} queries on a pooled connection", sent, QUERIES + 1, "")]


def main(slug: str) -> None:
    """Print how many query messages left for the server."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from schools.people.models import Student
    from tenants import context
    from tenants.models import School

    with context.in_public():
        school = School.objects.get(slug=slug)
    connection.close()
    connection.ensure_connection()
    with tempfile.TemporaryFile() as trace, context.in_school(school):
        line = connection.connection.pgconn
        line.trace(trace.fileno())
        for _ in range(QUERIES):
            Student.objects.first()
        line.untrace()
        trace.seek(0)
        sent = sum(1 for said in trace.read().splitlines() if b"\tF\t" in said and b"\tQuery\t" in said)
    sys.stdout.write(f"{sent}\n")


if __name__ == "__main__":
    main(sys.argv[1])
