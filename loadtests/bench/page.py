"""A class's register in Chromium: what comes over the wire, and when the teacher sees it."""

import statistics
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from deploy.local import browser as chromium
from loadtests.bench.figures import Figure

PHONE = {"width": 360, "height": 740}
RUNS = 5
LARGEST_PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def figures(card: dict[str, Any]) -> list[Figure]:
    """The register of the class that is nearest to 40 students."""
    program = chromium.find()
    if program is None:
        raise SystemExit("No Chromium: the register page cannot be measured.")
    school = card["schools"][0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", "--disable-gpu"])
        state, address, students = _register(browser, school)
        runs = [_visit(browser, address, state) for _ in range(RUNS)]
        browser.close()
    page_bytes, all_bytes, paint = (statistics.median(column) for column in zip(*runs, strict=True))
    return [
        Figure(f"register of {students} students: the page on the wire", page_bytes / 1024, 25, "KB"),
        Figure("its first visit with styles, scripts and fonts", all_bytes / 1024, 60, "KB"),
        Figure("its largest contentful paint, unthrottled, empty cache", paint, 400, "ms"),
    ]


def _register(browser: Browser, school: dict[str, Any]) -> tuple[Any, str, int]:
    """Sign in as the head, who may see every class, and find the register; the session goes on in fresh browsers."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{school['url']}/sign-in/")
    page.fill("input[name=username]", school["users"]["head"]["username"])
    page.fill("input[name=password]", school["users"]["head"]["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(f"{school['url']}/attendance/")
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.href)")
    registers = sorted({link for link in links if link.rstrip("/").rsplit("/", 1)[-1].count("-") == 2})
    sizes = {link: _students(page, link) for link in registers}
    nearest = min(sizes, key=lambda link: abs(sizes[link] - 40))
    state = context.storage_state()
    context.close()
    return state, nearest, sizes[nearest]


def _students(page: Page, address: str) -> int:
    page.goto(address)
    return int(page.evaluate("new Set([...document.querySelectorAll('[name^=mark-]')].map(i => i.name)).size"))


def _visit(browser: Browser, address: str, state: Any) -> tuple[int, int, float]:
    """One visit with an empty cache: bytes of the page, bytes of everything, milliseconds to the largest paint."""
    context = browser.new_context(viewport=PHONE, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    received: dict[str, int] = {}
    documents: list[str] = []
    session.on(
        "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
    )
    session.on(
        "Network.responseReceived",
        lambda event: documents.append(event["requestId"]) if event["type"] == "Document" else None,
    )
    session.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    paint = float(page.evaluate(LARGEST_PAINT))
    context.close()
    return received[documents[0]], sum(received.values()), paint
