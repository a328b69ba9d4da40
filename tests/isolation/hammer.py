"""Many schools, many threads, one pool: whose data does each answer hold?"""

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection
from django.test import Client

from core import clock, ids
from identity import accounts
from identity.models import User
from schools.people.models import Student
from tenants import context, provisioning
from tenants.models import School

CANARY = re.compile(rb"canary[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Target:
    """One school with a canary in its name, its student's name and its user's name."""

    school: School
    canary: str
    key: str
    head: User
    student_id: str


@dataclass(slots=True)
class Result:
    """What came back."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    foreign: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def schools(number: int) -> list[Target]:
    """Provision this many schools, each with a canary of its own."""
    targets = []
    for n in range(number):
        canary = f"canary{ids.uuid7().hex}"
        at = clock.now()
        school = provisioning.request(
            slug=f"hammer-{n}", name=canary, head_name="", head_email="", by=None, at=at, in_background=False
        )
        school = provisioning.provision(str(school.pk), at=at)
        with context.in_school(school):
            head = accounts.create(
                username=canary, full_name=canary, roles=["head"], password="hammer-time-1", by=None, at=at
            )
            service = accounts.service_account(name=canary, roles=["registrar"], by=None, at=at)
            _row, key = accounts.issue_key(user=service, name=canary, scopes=["students:read"], by=None, at=at)
            student = Student.objects.create(first_name=canary, last_name="One", admission_number="1")
        targets.append(Target(school, canary, key, head, str(student.pk)))
    return targets


def strike(targets: list[Target], *, threads: int, requests: int, seed: int = 26) -> Result:
    """Ask every surface of every school from many threads; each answer must hold its own canary and no other."""
    result, lock = Result(), threading.Lock()
    share = requests // threads

    def work(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        browsers: dict[str, Client] = {}
        try:
            for _ in range(share):
                target, other = chance.sample(targets, 2)
                _one(target, other, chance, browsers, result, lock)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return result


def _one(
    target: Target,
    other: Target,
    chance: random.Random,
    browsers: dict[str, Client],
    result: Result,
    lock: threading.Lock,
) -> None:
    host = f"{target.school.slug}.{settings.PLATFORM_DOMAIN}"
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {target.key}"}
    kind = chance.choice(["list", "one", "page", "sign-in", "foreign id", "foreign key", "profile"])
    expected, path, headers, browser = 200, "", {}, Client(HTTP_HOST=host, raise_request_exception=False)
    if kind in {"page", "profile"}:
        browser = browsers.get(target.canary) or _signed_in(target, host)
        browsers[target.canary] = browser
    match kind:
        case "list":
            path, headers = "/api/v1/students/", bearer
        case "one":
            path, headers = f"/api/v1/students/{target.student_id}/", bearer
        case "page":
            path = "/students/"
        case "profile":
            path = f"/students/{target.student_id}/"
        case "sign-in":
            path = "/sign-in/"
        case "foreign id":
            path, headers, expected = f"/api/v1/students/{other.student_id}/", bearer, 404
        case "foreign key":
            path, headers, expected = "/api/v1/students/", {"HTTP_AUTHORIZATION": f"Bearer {other.key}"}, 401
    response = browser.get(path, **headers)
    found = {match.decode() for match in CANARY.findall(response.content)}
    what = f"{kind} at {target.school.slug}: {response.status_code}"
    with lock:
        result.requests += 1
        result.statuses[response.status_code] += 1
        if found - {target.canary}:
            result.foreign.append(what)
        if expected == 200 and target.canary not in found:
            result.silent.append(what)
        if response.status_code != expected:
            result.broken.append(what)


def _signed_in(target: Target, host: str) -> Client:
    browser = Client(HTTP_HOST=host, raise_request_exception=False)
    response = browser.post("/sign-in/", {"username": target.canary, "password": "hammer-time-1"})
    assert response.status_code == 302, response.status_code
    return browser
