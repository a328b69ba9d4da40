import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local import make, process

ROOT = Path(__file__).parents[2]
CHILD = "import time; from deploy.local import make; interrupted = make.watch(); print('up', flush=True)\n"
CHILD += "while not interrupted(): time.sleep(0.05)\n"
CHILD += "print('told', flush=True)"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what another process blocks")


@pytest.fixture
def recipe(home):
    (home / "child.py").write_text(CHILD)
    (home / "Makefile").write_text(f"demo:\n\t@PYTHONPATH={ROOT} exec {sys.executable} {home}/child.py > {home}/said\n")
    # A shell of its own group, so that the signal reaches make alone.
    with subprocess.Popen(["make", "-C", str(home), "demo"], process_group=0, stderr=subprocess.DEVNULL) as running:
        said = home / "said"
        assert process.wait_for(lambda: said.exists() and "up" in said.read_text(), 10)
        yield running, said


def test_an_interrupt_to_make_alone_is_seen_by_its_recipe(recipe):
    running, said = recipe
    time.sleep(0.3)
    assert said.read_text() == "up\n", "nobody has asked yet"
    running.send_signal(signal.SIGINT)
    running.wait(5)
    assert said.read_text() == "up\ntold\n"


def test_a_make_that_was_killed_is_seen_by_its_recipe(recipe):
    running, said = recipe
    running.kill()
    assert process.wait_for(lambda: said.read_text() == "up\ntold\n", 5)


def test_without_make_nobody_has_asked():
    assert make.watch()() is False
