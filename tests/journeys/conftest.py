"""A browser in front of the real thing: granian, a Celery worker, PostgreSQL and Redis."""

import os
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local import browser as chromium
from deploy.local import ports, testing
from deploy.local.process import Process, wait_for
from tenants.context import in_public, in_school
from tenants.models import School
from tests import cast as people
from tests import database

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread that the tests use
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SIZES = {"phone": (360, 740), "desk": (1280, 860)}


@dataclass(frozen=True)
class Site:
    """Where the platform of these journeys answers, and the database behind it."""

    port: int
    database: str
    mail: Path

    def url(self, slug: str, path: str = "/") -> str:
        """An address on a school's host."""
        return f"http://{slug}.{settings.PLATFORM_DOMAIN}:{self.port}{path}"

    def public(self, path: str = "/") -> str:
        """An address on the platform's own host."""
        return f"http://{settings.PLATFORM_DOMAIN}:{self.port}{path}"


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running platform over its own copy of the cast's database."""
    name = f"{database.TEMPLATE}_journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    folder = tmp_path_factory.mktemp("site")
    port = ports.any_free()
    with django_db_blocker.unblock():
        database.copy(name)
    environment = {
        **os.environ,
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
        "PORT": str(port),
        "VAR": str(folder / "var"),
        "REDIS_URL": testing.own_redis(os.environ["REDIS_URL"], 2),
        "BROKER_URL": testing.own_redis(os.environ["BROKER_URL"], 2),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    scripts = Path(sys.executable).parent
    web = Process(
        "web",
        [scripts / "granian", "--interface", "wsgi", "config.wsgi:application", "--host", "127.0.0.1",
         "--port", str(port), "--blocking-threads", "4"],
        log=folder / "web.log", env=environment, cwd=settings.ROOT,
    )  # fmt: skip
    worker = Process(
        "worker",
        [scripts / "celery", "-A", "workers.app", "worker", "--pool", "threads", "--concurrency", "2",
         "-Q", "interactive,default,bulk", "--without-gossip", "--without-mingle"],
        log=folder / "worker.log", env=environment, cwd=settings.ROOT,
    )  # fmt: skip
    beat = Process(
        "beat",
        [scripts / "celery", "-A", "workers.app", "beat", "-s", str(folder / "beat"), "--pidfile="],
        log=folder / "beat.log", env=environment, cwd=settings.ROOT,
    )  # fmt: skip
    try:
        web.start()
        worker.start()
        beat.start()
        _wait(f"http://127.0.0.1:{port}/health/live", web)
        yield Site(port, name, folder / "var" / "mail")
    finally:
        web.stop()
        beat.stop()
        worker.stop()
        with django_db_blocker.unblock():
            database.drop(name)


def _wait(address: str, web: Process) -> None:
    def answers() -> bool:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return True
        except OSError:
            return False

    assert wait_for(lambda: answers() or not web.alive(), 180, pause=0.2) and web.alive(), web.said()[-3000:]


@pytest.fixture
def inside(site: Site, django_db_blocker: Any) -> Callable[[str], AbstractContextManager[School]]:
    """`with inside("mwangaza"):` look into a school's records behind the site."""

    @contextmanager
    def enter(slug: str) -> Iterator[School]:
        before = settings.DATABASES["default"]["NAME"]
        with django_db_blocker.unblock():
            database.use(site.database)
            try:
                with in_public():
                    school = School.objects.get(slug=slug)
                with in_school(school):
                    yield school
            finally:
                database.use(before)

    return enter


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """Chromium; skipped in one loud line where none is, failed in CI."""
    program = chromium.find()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CHROMIUM IS MISSING, AND CI NEEDS IT")
        pytest.skip("NO CHROMIUM: THE BROWSER JOURNEYS ARE SKIPPED")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        yield launched
        launched.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Site, chrome: Browser) -> Iterator[Visit]:
    """`visit("mwangaza", as_="teacher", size="phone", theme="dark", language="sw")`: a page, signed in by the form.

    `worker` lets the service worker in: for journeys without signal.
    """
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        slug: str,
        *,
        as_: str = "",
        size: str = "desk",
        theme: str = "light",
        language: str = "en",
        javascript: bool = True,
        worker: bool = False,
    ) -> Page:
        width, height = SIZES[size]
        context = chrome.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale="en-KE" if language == "en" else "sw-KE",
            java_script_enabled=javascript,
            service_workers="allow" if worker else "block",
            has_touch=size == "phone",
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if as_:
            sign_in(page, site, slug, as_)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert [e for e in errors if "status of 4" not in e and "ERR_INTERNET_DISCONNECTED" not in e] == [], (
        "the browser's console has errors"
    )


def sign_in(page: Page, site: Site, slug: str, role: str) -> None:
    """Sign in as somebody of the cast, by the form."""
    if role == "operator":
        page.goto(site.public("/console/sign-in/"))
        name = "ann.chelimo"
    else:
        page.goto(site.url(slug, "/sign-in/"))
        names = people._NAMES[slug]
        name = people._username(names["amani" if role == "student" else role])
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", people.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/sign-in/" not in address)


@pytest.fixture
def accessible() -> Callable[[Page], list[str]]:
    """`accessible(page)`: what axe-core finds wrong, one line each; nothing is right."""
    axe = Axe()
    wanted = {
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        "resultTypes": ["violations"],
    }

    def check(page: Page) -> list[str]:
        found = axe.run(page, options=wanted)
        return [
            f"{page.url} {violation['id']}: {violation['help']} · {violation['nodes'][0]['html'][:160]}"
            for violation in found.response["violations"]
        ]

    return check
