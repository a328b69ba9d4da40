"""`python -m loadtests.bench.api`: what a request costs the application, as multiples of a constant answer.

Starts one granian worker against the database and cache of the environment, sends keep-alive requests one after the
other, and reads the processor time (user and system) that the worker's processes used, from the kernel.
"""

import argparse
import contextlib
import http.client
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

TARGETS = {"students, 50 rows": 5.0, "students, 304": 3.0}


@dataclass(slots=True)
class Case:
    """One request, what it must answer, and what it cost."""

    name: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    micros: float = 0.0
    multiple: float = 0.0
    bytes: int = 0
    statements: str = ""


def main() -> int:
    """Measure, print, and write `var/bench/api.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    os.environ["API_REQUESTS_PER_MINUTE"] = "100000000"
    os.environ.setdefault("ENVIRONMENT", "demo")
    host, cases = _prepare()
    port = _free_port()
    worker = _start(port)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        _wait(connection)
        cases = _with_held(connection, host, cases)
        for case in cases:
            _send(connection, host, case, 100)
        for _round in range(options.rounds):
            for case in cases:
                before = _cpu(worker.pid)
                _send(connection, host, case, options.requests)
                spent = (_cpu(worker.pid) - before) / options.requests * 1e6
                case.micros = min(case.micros or spent, spent)
    finally:
        connection.close()
        _stop(worker)
    for case in cases:
        case.multiple = round(case.micros / cases[0].micros, 2)
    return _report(cases, options.requests)


def _prepare() -> tuple[str, list[Case]]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from loadtests.bench import school as bench
    from schools.attendance.models import Register
    from schools.people.models import Student
    from tenants import context

    call_command("migrate_shared", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    school, key = bench.prepare()
    with context.in_school(school):
        student = Student.objects.order_by("pk")[100]
        register = Register.objects.first()
    token = {"Authorization": f"Bearer {key}"}
    cases = [
        Case("constant JSON (/health/live)", "/health/live", 200),
        Case("students, 50 rows", "/api/v1/students/", 200, dict(token)),
        Case("students, 304", "/api/v1/students/", 304, dict(token)),
        Case("one student", f"/api/v1/students/{student.pk}/", 200, dict(token)),
        Case("one student, 304", f"/api/v1/students/{student.pk}/", 304, dict(token)),
    ]
    if register is not None:
        cases.append(Case("one register", f"/api/v1/attendance-registers/{register.pk}/", 200, dict(token)))
    return f"{school.slug}.{settings.PLATFORM_DOMAIN}", cases


def _start(port: int) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "1", "--no-access-log", "--log-level", "warning",
        "config.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    """End the server and what it started, by force if it lingers."""
    started = [worker.pid, *_children(worker.pid)]
    worker.terminate()
    try:
        worker.wait(10)
    except subprocess.TimeoutExpired:
        for pid in started:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _wait(connection: http.client.HTTPConnection) -> None:
    for _try in range(150):
        try:
            connection.request("GET", "/health/live")
            connection.getresponse().read()
            return
        except OSError:
            connection.close()
            time.sleep(0.1)
    raise SystemExit("The worker does not answer.")


def _with_held(connection: http.client.HTTPConnection, host: str, cases: list[Case]) -> list[Case]:
    for case in cases:
        if case.status == 304:
            connection.request("GET", case.path, headers={"Host": host, **case.headers})
            answer = connection.getresponse()
            answer.read()
            case.headers["If-None-Match"] = answer.headers["ETag"]
    return cases


def _send(connection: http.client.HTTPConnection, host: str, case: Case, times: int) -> None:
    headers = {"Host": host, **case.headers}
    for _number in range(times):
        connection.request("GET", case.path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != case.status:
            raise SystemExit(f"{case.name}: {answer.status} {body[:400]!r}")
    case.bytes = len(body)
    case.statements = answer.headers.get("Server-Timing", "").rpartition("desc=")[2]


def _cpu(pid: int) -> float:
    """Seconds of processor time that a process and its children have used, by the scheduler's own clock."""
    threads = [thread for one in [pid, *_children(pid)] for thread in Path(f"/proc/{one}/task").iterdir()]
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for one in found for child in (int(one), *_children(int(one)))]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _report(cases: list[Case], requests: int) -> int:
    missed = []
    print(f"Application CPU per request, one worker, best of rounds of {requests} keep-alive requests")
    print(f"{'':32}{'µs':>8}{'×':>8}{'target':>8}{'SQL':>6}{'bytes':>9}")
    for case in cases:
        target = TARGETS.get(case.name)
        if target and case.multiple > target:
            missed.append(case.name)
        shown = f"{target:.0f}" if target else ""
        print(f"{case.name:32}{case.micros:8.0f}{case.multiple:8.2f}{shown:>8}{case.statements:>6}{case.bytes:9}")
    var = Path(os.environ.get("VAR", "var")) / "bench"
    var.mkdir(parents=True, exist_ok=True)
    told = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "requests": requests,
        "median_multiple": statistics.median(case.multiple for case in cases),
        "cases": [{k: v for k, v in asdict(case).items() if k not in ("headers", "path")} for case in cases],
    }
    (var / "api.json").write_text(json.dumps(told, indent=1) + "\n")
    for name in missed:
        print(f"Missed its target: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
