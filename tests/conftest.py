"""Two schools, real PostgreSQL and Redis, a transaction per test."""

import gc
import os
import pickle
import shutil
import uuid
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.contrib import auth
from django.core.cache import caches
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler

from core import clock, scope
from identity.middleware import SCHOOL_KEY
from identity.models import User
from tenants import context, resolve
from tenants.models import School
from tests import cast as people
from tests import database

Browse = Callable[..., Client]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """This process's own copy of the cast's database."""
    name = f"{database.TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        database.make_template()
        database.copy(name)
        database.use(name)
    yield
    with django_db_blocker.unblock():
        database.leave()
        database.drop(name)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """No test sees another's cache, files, hosts or scope."""
    resolve.forget_all()
    yield
    resolve.forget_all()
    assert scope.current_or_none() is None, "a test left a school entered"
    caches["default"].client.get_client(write=True).flushdb()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def pytest_collection_finish() -> None:
    """What was collected stays: the collector of garbage need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _one_chain() -> Iterator[None]:
    """Test browsers share one chain of middleware, as the requests of a server's process do."""
    server = ClientHandler()

    def load_middleware(handler: ClientHandler) -> None:
        if server._middleware_chain is None:
            BaseHandler.load_middleware(server)
        handler._middleware_chain = server._middleware_chain

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_middleware)
        yield


@pytest.fixture(scope="session")
def everybody() -> list[bytes]:
    """The cast as the first test read it, for the others."""
    return []


@pytest.fixture
def cast(db: None, everybody: list[bytes]) -> people.Cast:
    """Everybody of both schools, and the operator; new objects for every test."""
    if not everybody:
        everybody.append(pickle.dumps(people.read()))
    found: people.Cast = pickle.loads(everybody[0])
    return found


@pytest.fixture
def mwangaza(cast: people.Cast) -> School:
    """Mwangaza School."""
    return cast.mwangaza.school


@pytest.fixture
def baraka(cast: people.Cast) -> School:
    """Baraka Girls' High School."""
    return cast.baraka.school


@pytest.fixture
def in_mwangaza(mwangaza: School) -> Iterator[School]:
    """Stand in Mwangaza School for the test."""
    with context.in_school(mwangaza):
        yield mwangaza


@pytest.fixture
def browse(cast: people.Cast) -> Browse:
    """`browse(user)`: a browser on the user's own host, signed in; `browse(None, school=…)`: not signed in."""

    def open_browser(user: User | None, *, school: School | None = None, **options: Any) -> Client:
        home = school or _school_of(user, cast)
        client = Client(HTTP_HOST=f"{home.slug}.{settings.PLATFORM_DOMAIN}", **options)
        if user is not None:
            with context.in_school(home):
                sign_in(client, user)
        return client

    return open_browser


@pytest.fixture
def console(cast: people.Cast) -> Client:
    """The operator's browser, signed in on the public host."""
    client = Client(HTTP_HOST=settings.PLATFORM_DOMAIN)
    with context.in_public():
        sign_in(client, cast.operator)
    return client


def sign_in(client: Client, user: User) -> None:
    """Give a test browser the session that a real sign-in leaves, in the scope that is current."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SCHOOL_KEY] = scope.current().id
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def _school_of(user: User | None, cast: people.Cast) -> School:
    for company in (cast.mwangaza, cast.baraka):
        if user is not None and user.pk in {u.pk for u in (*company.roles.values(), company.other_teacher)}:
            return company.school
    raise LookupError("Say which school: browse(user, school=…).")


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """`run_jobs()`: do the waiting jobs of the outbox as a worker would; gives back their names."""
    from celery import current_app

    def run() -> list[str]:
        done: list[str] = []
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id, name, kwargs, school_id FROM public.core_job"
                    " WHERE state = 'waiting' ORDER BY created_at"
                )
                rows = cursor.fetchall()
            if not rows:
                return done
            for job_id, name, kwargs, school_id in rows:
                headers = {"job_id": str(job_id), **({"school": str(school_id)} if school_id else {})}
                body = kwargs if isinstance(kwargs, dict) else orjson.loads(kwargs)
                current_app.tasks[name].apply(kwargs=body, headers=headers, throw=True)
                done.append(name)

    return run


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the cast's database for one test that commits, uses threads or other processes; dropped afterwards."""
    name = f"shule_own_{uuid.uuid4().hex[:10]}"
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        database.copy(name)
        database.use(name)
        yield name
        database.use(before)
        database.drop(name)
