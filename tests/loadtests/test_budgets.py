import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# locust patches sockets and threads when it is imported, so it stays out of the test process.
SCRIPT = """
from locust.stats import RequestStats
from loadtests import budgets
stats = RequestStats()
for _ in range({requests}):
    stats.log_request("GET", "/", {milliseconds}, 100)
for _ in range({failures}):
    stats.log_error("GET", "/", "status 500")
for line in budgets.broken(stats, {{"all": {{"requests": 10, "failures": 0}}, "p95_ms": {{"GET /": 500}}}}):
    print(line)
"""


def broken(*, requests, milliseconds=100, failures=0):
    script = SCRIPT.format(requests=requests, milliseconds=milliseconds, failures=failures)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("run", "lines"),
    [
        ({"requests": 20}, []),
        ({"requests": 20, "failures": 1}, ["1 failures, 0 are allowed"]),
        ({"requests": 20, "milliseconds": 900}, ["GET /: p95 900 ms, 500 ms are allowed"]),
        ({"requests": 0}, ["only 0 requests were made, 10 are the least", "GET / was never asked for"]),
    ],
)
def test_a_run_is_judged_by_its_budgets(run, lines):
    assert broken(**run) == lines


def test_without_a_demo_the_command_says_so_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from loadtests import demo; demo.card()"],
        cwd=ROOT,
        env={"VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path / 'demo.json'} is not there: start the demo first (make demo), then run this beside it.\n"
    )
