"""Copies of a warm process, made by a process of their own: this one has threads."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import process

ROOT = Path(__file__).parents[2]
MAIN = """
import json, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from deploy.local import process, warm
home = Path(sys.argv[1])
def copy(module, *arguments, **environment):
    argv = [sys.executable, "-m", module, *arguments]
    return warm.Copy(module, argv, log=home / (module + ".log"), env={**os.environ, **environment}, cwd=home)
def tell(**facts):
    print(json.dumps(facts), flush=True)
"""
SHOWS = """
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ["WHO"], os.getcwd(), os.getpgrp() == os.getpid(), __name__]))
print("an error", file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")


@pytest.fixture
def tell(home):
    """`tell(script)`: run it in a process that can be copied, beside the modules of this folder; what it told."""
    (home / "shows.py").write_text(SHOWS)
    (home / "sleeps.py").write_text("import time; print('up', flush=True); time.sleep(60)")
    (home / "fails.py").write_text("raise ValueError('no room')")
    (home / "refuses.py").write_text("raise SystemExit('DATABASE_URL: is not set')")

    def run(script, **options):
        main = [sys.executable, "-c", MAIN + script, str(home)]
        done = subprocess.run(main, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60, **options)
        assert done.stderr == ""
        return json.loads(done.stdout.splitlines()[-1])

    return run


def test_a_copy_runs_a_module_as_python_would(tell, home):
    told = tell("""
child = copy("shows", "3", "x", WHO="Amani")
child.start()
process.wait_for(lambda: not child.alive(), 10)
tell(code=child.exit_code(), said=child.said().splitlines())
""")
    assert told["code"] == 3
    shown, error = told["said"]
    assert json.loads(shown) == [["3", "x"], "Amani", str(home), True, "__main__"]
    assert error == "an error"


@pytest.mark.parametrize(
    ("module", "words"), [("fails", "ValueError: no room"), ("refuses", "DATABASE_URL: is not set")]
)
def test_a_copy_that_fails_says_why_in_its_log(tell, module, words):
    told = tell(f"""
child = copy({module!r})
child.start()
process.wait_for(lambda: not child.alive(), 10)
tell(code=child.exit_code(), words=child.last_words())
""")
    assert told == {"code": 1, "words": words}


def test_a_copy_is_stopped_and_started_again_like_any_process(tell):
    told = tell("""
child = copy("sleeps")
child.start()
process.wait_for(lambda: "up" in child.said(), 10)
first, alive, title = child.pid, child.alive(), Path(f"/proc/{child.pid}/cmdline").read_text()
child.stop(2)
ended = child.exit_code()
child.start()
process.wait_for(lambda: "up" in child.said(), 10)
again = child.alive() and child.pid != first
child.kill_group()
tell(alive=alive, title=title, ended=ended, again=again, killed=child.exit_code())
""")
    assert told["title"].rstrip("\0").endswith("-m sleeps")
    assert (told["alive"], told["again"]) == (True, True)
    assert (told["ended"], told["killed"]) == (-signal.SIGTERM, -signal.SIGKILL)


def test_a_copy_ends_with_a_killed_parent(home, tell):
    with pytest.raises(subprocess.CalledProcessError):
        main = MAIN + "child = copy('sleeps')\nchild.start()\nprint(child.pid, flush=True)\n"
        main += "process.wait_for(lambda: 'up' in child.said(), 10)\nos.kill(os.getpid(), 9)"
        subprocess.run([sys.executable, "-c", main, str(home)], cwd=ROOT, check=True, stdout=(home / "pid").open("w"))
    pid = int((home / "pid").read_text())
    assert process.wait_for(lambda: not Path(f"/proc/{pid}").exists(), 5)


def test_a_process_with_threads_is_not_copied(tell):
    told = tell("""
import threading
threading.Thread(target=lambda: threading.Event().wait(5), daemon=True).start()
try:
    copy("sleeps").start()
except RuntimeError as refusal:
    tell(refusal=str(refusal))
""")
    assert told == {"refusal": "A process with several threads is not safely copied."}


def test_an_application_that_cannot_be_loaded_is_one_line(tell):
    told = tell(
        """
from deploy.local.failure import StartError
try:
    warm.load({"REDIS_URL": "redis://none", "DJANGO_SETTINGS_MODULE": "config.settings", "ENVIRONMENT": "demo"})
except StartError as reason:
    tell(reason=str(reason))
""",
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
    )
    assert told == {"reason": "The application cannot be loaded (WrongEnvironment: DATABASE_URL: is not set)."}


def test_the_application_starts_no_thread_and_opens_no_connection_when_it_is_loaded(tell):
    told = tell("""
import threading
warm.load({"DJANGO_SETTINGS_MODULE": "config.settings", "ENVIRONMENT": "demo", "VAR": str(home)})
sockets = [name for name in os.listdir("/proc/self/fd") if Path(f"/proc/self/fd/{name}").exists()
           and os.readlink(f"/proc/self/fd/{name}").startswith("socket:")]
tell(threads=threading.active_count(), sockets=sockets)
""")
    assert told == {"threads": 1, "sockets": []}
