"""Many schools, many threads, one pool: whose data does each answer hold?"""

import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

from core import clock, ids
from identity import accounts
from identity.models import User
from schools.people.models import Student
from tenants import context, provisioning
from tenants.models import School

PASSWORD = "hammer-time-1"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
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
            head = accounts.create(username=canary, full_name=canary, roles=["head"], password=PASSWORD, by=None, at=at)
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
        browsers: dict[str, Browser] = {}
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


class Browser:
    """One thread's road through the real WSGI handler: every answer gives its connection back to the pool."""

    handler = WSGIHandler()

    def __init__(self, host: str) -> None:
        self._requests = RequestFactory(HTTP_HOST=host)
        self._cookies: dict[str, str] = {}

    def get(self, path: str, authorization: str = "") -> tuple[int, bytes]:
        """Status and body of a GET."""
        headers = {"HTTP_AUTHORIZATION": authorization} if authorization else {}
        return self._send(self._requests.get(path, **headers).environ)

    def sign_in(self, name: str) -> None:
        """Sign in by the form and keep the session's cookie."""
        _status, page = self.get("/sign-in/")
        token = TOKEN.search(page)
        assert token is not None
        data = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1).decode()}
        status, _body = self._send(self._requests.post("/sign-in/", data).environ)
        assert status == 302, status

    def _send(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        answered: list[tuple[str, list[tuple[str, str]]]] = []
        environ["HTTP_ACCEPT_ENCODING"] = "identity"
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        response = self.handler(environ, lambda status, headers, exc_info=None: answered.append((status, headers)))
        try:
            body = b"".join(response)
        finally:
            response.close()
        status, headers = answered[0]
        for name, value in headers:
            if name == "Set-Cookie":
                key, _equals, kept = value.partition(";")[0].partition("=")
                self._cookies[key] = kept
        return int(status[:3]), body


def _one(
    target: Target, other: Target, chance: random.Random, browsers: dict[str, Browser], result: Result, lock: Any
) -> None:
    kind = chance.choice(["list", "one", "page", "sign-in", "foreign id", "foreign key", "profile"])
    browser = Browser(_host(target))
    if kind in {"page", "profile"}:
        if target.canary not in browsers:
            browser.sign_in(target.canary)
            browsers[target.canary] = browser
        browser = browsers[target.canary]
    own = f"Bearer {target.key}"
    path, authorization, expected = {
        "list": ("/api/v1/students/", own, 200),
        "one": (f"/api/v1/students/{target.student_id}/", own, 200),
        "page": ("/students/", "", 200),
        "profile": (f"/students/{target.student_id}/", "", 200),
        "sign-in": ("/sign-in/", "", 200),
        "foreign id": (f"/api/v1/students/{other.student_id}/", own, 404),
        "foreign key": ("/api/v1/students/", f"Bearer {other.key}", 401),
    }[kind]
    status, body = browser.get(path, authorization)
    found = {match.decode() for match in CANARY.findall(body)}
    what = f"{kind} at {target.school.slug}: {status}"
    with lock:
        result.requests += 1
        result.statuses[status] += 1
        if found - {target.canary}:
            result.foreign.append(what)
        if expected == 200 and target.canary not in found:
            result.silent.append(what)
        if status != expected:
            result.broken.append(what)


def _host(target: Target) -> str:
    return f"{target.school.slug}.{settings.PLATFORM_DOMAIN}"
