"""The hammer of tests/isolation at its full size: 20 schools, 50 threads, 20,000 requests, one pool."""

import os
import re
import subprocess
import sys

from loadtests.bench import running
from loadtests.bench.figures import Figure

SIZE = "20x50x20000"
TEST = "tests/isolation/test_hammer.py::test_no_answer_ever_holds_another_schools_canary[a pool of 8]"
COUNTED = re.compile(r"hammer: .* (\d+) requests, .* (\d+) foreign canaries")


def figures() -> list[Figure]:
    """How many answers held another school's canary."""
    environment = {name: value for name, value in os.environ.items() if name not in running.SERVERS}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", TEST],
        cwd=running.ROOT,
        env={**environment, "HAMMER": SIZE},
        capture_output=True,
        text=True,
        check=False,
    )
    counted = COUNTED.search(done.stdout)
    if counted is None:
        raise SystemExit(f"the hammer did not finish:\n{done.stdout[-2000:]}")
    requests, foreign = map(int, counted.groups())
    return [Figure(f"foreign canaries in {requests:,} answers (20 schools, 50 threads)", foreign, 0, "")]
