import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local import process
from deploy.local.failure import StartError
from deploy.local.process import Process
from deploy.local.supervisor import Service, Supervisor

ROOT = Path(__file__).parents[2]
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
PARENT += "print('child', c.pid, flush=True); c.wait()"


def child(home, name, code=SLEEPER):
    return Process(name, [sys.executable, "-c", code], log=home / "log" / f"{name}.log")


def service(home, name, code=SLEEPER, **kwargs):
    made = child(home, name, code)
    return Service(made, ready=lambda: "up" in made.said() or "child" in made.said(), **kwargs)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().split(") ")[1].startswith("Z"))


@pytest.fixture
def supervisor():
    told = []
    made = Supervisor(say=told.append)
    made.told = told
    yield made
    made.stop()


def test_a_killed_process_is_started_again_and_the_person_is_told(home, supervisor):
    web = service(home, "web")
    supervisor.start(web)
    supervisor.until_ready()
    first = web.process.pid
    os.kill(first, signal.SIGKILL)
    assert process.wait_for(lambda: not web.process.alive(), 2)

    def tended():
        supervisor._tend(web)
        return web.process.alive()

    assert process.wait_for(tended, 5)
    assert web.process.pid != first
    assert supervisor.told == [f"web ended (SIGKILL), starts again in 0.5 s: see {home / 'log' / 'web.log'}"]


def test_a_process_that_keeps_dying_is_started_ever_later(home, supervisor):
    beat = service(home, "beat", "print('up', flush=True)")
    beat.process.start()
    pauses = []
    for _ in range(8):
        assert process.wait_for(lambda: not beat.process.alive(), 5)
        now = time.monotonic()
        supervisor._tend(beat)
        pauses.append(round(beat.restart_at - now, 1))
        beat.start()
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_stopping_ends_the_processes_and_what_they_started(home, supervisor):
    parent = service(home, "worker", PARENT)
    supervisor.start(parent)
    supervisor.until_ready()
    grandchild = int(parent.process.said().split()[1])
    supervisor.stop()
    assert not parent.process.alive()
    assert process.wait_for(lambda: not is_alive(grandchild), 2)


def test_a_process_that_ignores_the_signal_is_killed_in_time(home):
    stubborn = service(home, "stubborn", STUBBORN)
    stubborn.process.start()
    assert process.wait_for(stubborn.ready, 5)
    began = time.monotonic()
    process.stop_all([stubborn.process], patience=0.5)
    assert not stubborn.process.alive()
    assert time.monotonic() - began < 2


def test_batches_end_in_the_opposite_order(home, supervisor):
    note = home / "order"
    code = (
        "import signal, sys, time\n"
        "def end(*_): open({note!r}, 'a').write({name!r} + ' '); sys.exit()\n"
        "signal.signal(15, end); print('up', flush=True); time.sleep(60)"
    )
    for name in ("postgres", "web"):
        supervisor.start(service(home, name, code.format(note=str(note), name=name)))
        supervisor.until_ready()
    supervisor.stop()
    assert note.read_text() == "web postgres "


def test_a_start_that_fails_is_one_line_with_the_reason_and_the_log(home, supervisor):
    web, broken = service(home, "web"), service(home, "metrics", "import sys; sys.exit('no such module')")
    with pytest.raises(StartError) as refusal:
        supervisor.start(web, broken)
        supervisor.until_ready()
    assert str(refusal.value) == f"metrics ended at its start (no such module): see {home / 'log' / 'metrics.log'}"
    supervisor.stop()
    assert not web.process.alive()


def test_a_process_that_never_gets_ready_is_one_line(home, supervisor):
    with pytest.raises(StartError, match=r"^web was not ready after 0 s: see .+/log/web\.log$"):
        supervisor.start(service(home, "web", "import time; time.sleep(60)", within=0.2))
        supervisor.until_ready()


def test_a_command_shows_what_it_says_and_its_failure_is_one_line(home, supervisor):
    supervisor.begin(child(home, "migrate", "print('one'); print('{}'); print('two')"))
    supervisor.finish()
    assert supervisor.told == ["  one", "  two"]
    supervisor.begin(child(home, "load", "raise ValueError('no room')"))
    with pytest.raises(StartError, match=r"^load failed \(ValueError: no room\): see .+/log/load\.log$"):
        supervisor.finish()
    assert supervisor.told == ["  one", "  two"], "where in the code it failed is for the log"


def test_commands_run_side_by_side_and_the_failure_of_one_ends_the_other(home, supervisor):
    slow = child(home, "static")
    supervisor.begin(slow, child(home, "migrate", "raise SystemExit('no database')"))
    with pytest.raises(StartError, match=r"^migrate failed \(no database\): see "):
        supervisor.finish()
    assert not slow.alive()


def test_a_command_that_others_wait_for_has_ended_while_the_rest_goes_on(home, supervisor):
    slow, quick = child(home, "load"), child(home, "static", "print('laid out')")
    supervisor.begin(slow)
    supervisor.run(quick)
    assert not quick.alive() and slow.alive()
    assert supervisor.told == ["  laid out"]
    supervisor.stop()
    assert not slow.alive(), "it still belongs to what a stop ends"


def test_a_command_that_others_wait_for_ends_the_rest_when_it_fails(home, supervisor):
    slow = child(home, "load")
    supervisor.begin(slow)
    with pytest.raises(StartError, match=r"^static failed \(no space\): see "):
        supervisor.run(child(home, "static", "raise SystemExit('no space')"))
    assert not slow.alive()


def test_a_command_that_still_runs_ends_with_everything_else(home, supervisor):
    slow = child(home, "load")
    supervisor.begin(slow)
    supervisor.stop()
    assert not slow.alive()


MAIN = """
import sys
from pathlib import Path
from deploy.local.process import Process
from deploy.local.supervisor import Service, Supervisor
made = Process("web", [sys.executable, "-c", sys.argv[2]], log=Path(sys.argv[1]) / "web.log")
first = Process("postgres", made.argv, log=Path(sys.argv[1]) / "postgres.log")
supervisor = Supervisor(stopped_within=float(sys.argv[3]))
supervisor.listen()
supervisor.start(Service(first, ready=lambda: "up" in first.said()))
supervisor.start(Service(made, ready=lambda: "up" in made.said()))
supervisor.until_ready()
print(first.pid, made.pid, flush=True)
supervisor.watch()
supervisor.stop()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, SLEEPER), (signal.SIGTERM, STUBBORN)])
def test_a_signal_stops_everything_in_the_time_given(home, number, code):
    main = [sys.executable, "-c", MAIN, str(home), code, "2"]
    with subprocess.Popen(main, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        children = [int(pid) for pid in running.stdout.readline().split()]
        assert [is_alive(pid) for pid in children] == [True, True]
        running.send_signal(number)
        assert running.wait(3) == 0
    assert [is_alive(pid) for pid in children] == [False, False]


def test_everything_is_told_to_stop_within_ten_seconds():
    assert Supervisor().stopped_within < 10
