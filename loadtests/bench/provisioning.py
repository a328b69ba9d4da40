"""How long a new school takes: tables, first data, the head's invitation. Runs in a Django process of its own."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from loadtests.bench import running
from loadtests.bench.figures import Figure

SCHOOLS = 5


def figures(folder: Path, card: dict[str, Any], var: Path) -> list[Figure]:
    """Five schools beside the two of the demo."""
    done = subprocess.run(
        [running.python(folder), "-m", "loadtests.bench.provisioning"],
        cwd=folder,
        env=running.environment(card, var) | {"LOG_LEVEL": "WARNING"},
        check=True,
        stdout=subprocess.PIPE,
    )
    seconds = json.loads(done.stdout.splitlines()[-1])
    return [Figure("a school set up (schema, first data, the head's invitation)", statistics.median(seconds), 1, "s")]


def main() -> None:
    """Set the schools up and print the seconds that each took."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from core import clock
    from tenants import provisioning

    seconds = []
    for number in range(SCHOOLS):
        began = time.perf_counter()
        at = clock.now()
        school = provisioning.request(
            slug=f"bench-{number + 1}",
            name=f"Bench {number + 1}",
            head_name="Rose Atieno",
            head_email=f"rose{number + 1}@example.org",
            by=None,
            at=at,
            in_background=False,
        )
        provisioning.provision(str(school.pk), at=at)
        seconds.append(round(time.perf_counter() - began, 3))
    sys.stdout.write(json.dumps(seconds) + "\n")


if __name__ == "__main__":
    main()
