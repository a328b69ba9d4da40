"""Sets up the demo: the operator, the two schools with their life, and fresh credentials for everybody who shows it."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from queue import SimpleQueue
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core.errors import Conflict
from identity import accounts, clients, roles, scopes
from identity.models import ApiKey, Kind, User
from schools.demo import roll
from schools.demo.plan import SchoolPlan
from schools.people.choices import StudentStatus
from schools.people.models import Student
from tenants import context, demo, provisioning, queries
from tenants.models import School

PROGRAM = "Demo program"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which demo schools, laid around which day, how many times smaller than life."""

    kinds: tuple[str, ...]
    today: date
    at: datetime
    scale: int = 1


def set_up(wanted: Wanted) -> Iterator[str]:
    """Provision the schools and give them their year; yields a line for each thing done. Again adds nothing."""
    stages = []
    for kind in wanted.kinds:
        school = _provision(roll.PLANS[kind], wanted.at)
        yield f"{school.name} is {school.state}"
        stages.append(demo.Stage(school=school, kind=kind, today=wanted.today, at=wanted.at, scale=wanted.scale))
    if len(stages) == 1:
        yield from _lines(stages[0])
    else:
        yield from _side_by_side(stages)


def issue(wanted: Wanted) -> dict[str, Any]:
    """New passwords, keys and clients for the operator and the people of each school; those issued before end."""
    return {
        "operator": _operator(wanted.at),
        "schools": [_school_card(kind, wanted) for kind in wanted.kinds],
    }


def _provision(plan: SchoolPlan, at: datetime) -> School:
    """The school, set up as any other; raises Conflict when its address is another school's."""
    head = plan.staff[0]
    school = provisioning.request(
        slug=plan.kind,
        name=plan.name,
        head_name=head.name,
        head_email=plan.users[roles.HEAD],
        by=None,
        at=at,
        facts=dict(plan.facts),
        in_background=False,
    )
    if school.head_email != plan.users[roles.HEAD]:
        raise Conflict(f"{school.name} has a life of its own: the demo needs the address {plan.kind} for itself.")
    return provisioning.provision(str(school.pk), at=at)


def _lines(stage: demo.Stage) -> Iterator[str]:
    for line in demo.play(stage):
        yield f"{stage.school.name}, {line}"


def _side_by_side(stages: list[demo.Stage]) -> Iterator[str]:
    """Each school on a thread and a connection of its own: while one is counted out, the other is written."""
    said: SimpleQueue[str | None] = SimpleQueue()

    def play(stage: demo.Stage) -> None:
        try:
            for line in _lines(stage):
                said.put(line)
        finally:
            connection.close()
            said.put(None)

    with ThreadPoolExecutor(len(stages)) as pool:
        running = [pool.submit(play, stage) for stage in stages]
        ended = 0
        while ended < len(stages):
            line = said.get()
            if line is None:
                ended += 1
            else:
                yield line
        for one in running:
            one.result()


def _operator(at: datetime) -> dict[str, Any]:
    with context.in_public(), transaction.atomic():
        user = User.objects.filter(username=OPERATOR).first() or accounts.create(
            username=OPERATOR, full_name="Platform operator", roles=[roles.OPERATOR], by=None, at=at
        )
        return {**_fresh_password(user, at), "totp_secret": None}


def _school_card(kind: str, wanted: Wanted) -> dict[str, Any]:
    """One school as `var/demo.json` has it."""
    plan = roll.PLANS[kind]
    with context.in_public():
        school = School.objects.get(slug=kind)
        address = queries.address(school)
    with context.in_school(school), transaction.atomic():
        found = {user.username: user for user in User.objects.filter(username__in=plan.users.values())}
        return {
            "slug": school.slug,
            "name": school.name,
            "url": address,
            "students": Student.objects.filter(status=StudentStatus.ENROLLED).count(),
            "users": {role: _fresh_password(found[name], wanted.at) for role, name in plan.users.items()},
            "api": {"token_url": f"{address}/oauth/token", **_fresh_program(wanted.at)},
        }


def _fresh_password(user: User, at: datetime) -> dict[str, str]:
    """A password of 96 bits of chance, which ends the sessions begun with the one before."""
    password = secrets.token_urlsafe(12)
    accounts.set_password(user=user, password=password, by=None, at=at)
    return {"username": user.username, "password": password}


def _fresh_program(at: datetime) -> dict[str, str]:
    """A key and a client that may do everything the API offers; the ones of the start before end."""
    everything = list(scopes.all())
    for held in ApiKey.objects.filter(user__full_name=PROGRAM, revoked_at=None).select_related("user"):
        accounts.revoke_key(key=held, by=None, at=at)
    for client in clients.current():
        if client.name == PROGRAM:
            clients.revoke(client_id=client.client_id, by=None, at=at)
    client_id, client_secret = clients.issue(name=PROGRAM, roles=[], wanted=everything, by=None, at=at)
    user = User.objects.filter(full_name=PROGRAM, kind=Kind.SERVICE, is_active=True).latest("created_at")
    _row, key = accounts.issue_key(user=user, name=PROGRAM, scopes=everything, by=None, at=at)
    return {"client_id": client_id, "client_secret": client_secret, "key": key}


def is_allowed() -> bool:
    """Never in production: the passwords are written to a file."""
    return bool(settings.ENVIRONMENT != "production")
