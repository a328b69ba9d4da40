"""A teacher without signal: the register is taken, kept on the phone, sent once, and nobody else's phone sees it."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, Request

from core import clock
from deploy.local.process import wait_for
from identity.models import User
from schools.academics.models import Enrolment, SchoolClass
from schools.assessment import services
from schools.assessment.models import Mark
from schools.attendance.models import AttendanceLog, AttendanceMark, Register
from schools.offline.models import Receipt
from tests import cast as people
from tests.journeys.conftest import Site, sign_in

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
DAY = people.TODAY.isoformat()


@pytest.fixture
def east(inside: Any) -> str:
    """The address of Grade 6 East's register, with nothing in it."""
    with inside("mwangaza"):
        Register.objects.all().delete()
        Receipt.objects.all().delete()
        return f"/attendance/{SchoolClass.objects.get(name='Grade 6 East').pk}/{DAY}/"


@pytest.fixture
def phone(visit: Visit, site: Site) -> Callable[..., Page]:
    """A phone with the service worker, signed in, its home page seen once."""

    def open_phone(who: str = "teacher", *, worker: bool = True) -> Page:
        page = visit("mwangaza", as_=who, size="phone", worker=worker)
        if worker:
            ready(page)
        return page

    return open_phone


def until(page: Page, script: str, arg: Any = None) -> None:
    """Ask the page until it says yes; a page in the background draws no frames, so nothing waits for one."""
    assert wait_for(lambda: page.evaluate(script, arg), 30, pause=0.1), script


def ready(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    if not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.reload()  # the worker woke up between two pages
    until(page, "() => navigator.serviceWorker.controller !== null")


def open_register(page: Page, site: Site, path: str) -> None:
    page.goto(site.url("mwangaza", path))
    page.wait_for_selector("form#roll[data-kept]")


def mark(page: Page, name: str, code: str) -> None:
    page.locator(f".roll fieldset:has(legend:text-is('{name}')) .marks4 input.{code}").check(force=True)


def save(page: Page) -> None:
    page.locator(".dock button.primary").click()


def dock(page: Page) -> str:
    return page.inner_text(".dock .sync span").strip()


def wait_for_dock(page: Page, words: str) -> None:
    until(page, "words => document.querySelector('.dock .sync span')?.textContent.includes(words)", arg=words)


def said(inside: Any) -> dict[str, str]:
    with inside("mwangaza"):
        return {m.student.first_name: m.code for m in AttendanceMark.objects.select_related("student")}


def waiting(page: Page) -> int:
    user = page.get_attribute("[data-module=unsent]", "data-user")
    return page.evaluate("async user => (await outbox.items(user)).length", user)


def wait_until_sent(page: Page) -> None:
    page.wait_for_selector("[data-module=unsent]", state="attached")
    until(page, "() => globalThis.outbox")
    assert wait_for(lambda: waiting(page) == 0, 30, pause=0.2)


def test_a_register_taken_without_signal_is_sent_when_it_returns(
    phone: Any, site: Site, east: str, inside: Any
) -> None:
    page = phone()
    open_register(page, site, east)
    page.context.set_offline(True)
    page.reload()  # from the phone itself
    page.wait_for_selector("form#roll[data-kept]")
    mark(page, "Amani Barasa", "A")
    page.locator("[data-rest]").click()
    save(page)
    wait_for_dock(page, "On this phone, will be sent")
    assert said(inside) == {}
    page.reload()  # what waits is drawn over what the school knew
    page.wait_for_selector("form#roll[data-kept]")
    assert page.locator(".marks4 input.A:checked").count() == 1
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for_dock(page, "Sent to the school")
    marks = said(inside)
    assert marks["Amani"] == "A" and set(marks.values()) == {"A", "P"}
    assert waiting(page) == 0


def test_each_request_sent_three_times_has_one_effect(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone(worker=False)  # one sender, one clock
    bodies: list[str] = []

    def seen(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/outbox/"):
            bodies.append(request.post_data or "")

    page.on("request", seen)
    open_register(page, site, east)
    mark(page, "Amani Barasa", "L")
    save(page)
    wait_for_dock(page, "Sent to the school")
    assert len(bodies) == 1
    answers = [
        page.evaluate(
            """async body => {
                const {token} = await (await fetch("/outbox/")).json();
                const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
                return (await (await fetch("/outbox/", {method: "POST", headers, body})).json()).answers;
            }""",
            bodies[0],
        )
        for _ in range(3)
    ]
    assert [one["state"] for [one] in answers] == ["duplicate"] * 3
    assert [one["was"] for [one] in answers] == ["saved"] * 3
    with inside("mwangaza"):
        assert Receipt.objects.count() == 1
        assert AttendanceMark.objects.count() == 1
        assert AttendanceLog.objects.filter(register__date=DAY).count() == 1


def test_two_tabs_and_the_worker_send_one_item_once(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone()
    other = page.context.new_page()
    for tab in (page, other):
        open_register(tab, site, east)
    page.context.set_offline(True)
    mark(page, "Amani Barasa", "A")
    save(page)
    wait_for_dock(page, "On this phone")
    page.context.set_offline(False)
    flush = "() => { outbox.flush(); outbox.flush(); }"
    page.evaluate(flush)
    other.evaluate(flush)
    wait_for_dock(page, "Sent to the school")
    with inside("mwangaza"):
        assert [r.state for r in Receipt.objects.all()] == ["saved"]
        assert AttendanceLog.objects.filter(register__date=DAY).count() == 1


def test_two_phones_one_register_the_newest_capture_wins_and_both_see_it(
    phone: Any, site: Site, east: str, inside: Any
) -> None:
    class_teacher, other = phone("teacher"), phone("head")
    for page in (class_teacher, other):
        open_register(page, site, east)
    class_teacher.context.set_offline(True)
    mark(class_teacher, "Amani Barasa", "A")
    save(class_teacher)
    wait_for_dock(class_teacher, "On this phone")
    class_teacher.wait_for_timeout(50)
    mark(other, "Amani Barasa", "L")
    save(other)
    wait_for_dock(other, "Sent to the school")
    class_teacher.context.set_offline(False)
    class_teacher.evaluate("dispatchEvent(new Event('online'))")
    wait_for_dock(class_teacher, "newer")
    assert "Jane Njeri marked Late" in class_teacher.inner_text(".roll")
    assert class_teacher.locator(".marks4 input.L:checked").count() == 1
    assert said(inside) == {"Amani": "L"}
    with inside("mwangaza"):
        log = AttendanceLog.objects.filter(register__date=DAY).order_by("captured_at")
        assert [(one.code, one.applied) for one in log] == [("A", False), ("L", True)]
    open_register(other, site, east)
    assert "Wanjiru Kamau had said Absent" in other.inner_text(".roll")


def test_an_expired_session_keeps_the_queue_until_its_owner_signs_in(
    phone: Any, site: Site, east: str, inside: Any
) -> None:
    page = phone()
    open_register(page, site, east)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    mark(page, "Amani Barasa", "A")
    save(page)
    wait_for_dock(page, "Sign in to send")
    assert said(inside) == {} and cookies
    sign_in(page, site, "mwangaza", "teacher")
    wait_until_sent(page)
    assert said(inside) == {"Amani": "A"}


def test_another_user_of_the_phone_neither_sees_nor_sends_it(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone()
    open_register(page, site, east)
    page.context.set_offline(True)
    mark(page, "Amani Barasa", "A")
    save(page)
    wait_for_dock(page, "On this phone")
    page.context.clear_cookies()
    page.context.set_offline(False)
    sign_in(page, site, "mwangaza", "other_teacher")
    page.wait_for_selector("[data-module=unsent]", state="attached")
    page.evaluate("outbox.flush()")
    page.goto(site.url("mwangaza", "/outbox/waiting/"))
    page.wait_for_selector("[data-empty]:not([hidden])")
    assert said(inside) == {}
    kept = page.evaluate("caches.open('pages').then(c => c.keys()).then(k => k.map(r => r.url))")
    assert not any(east in url for url in kept)
    page.context.set_offline(True)
    page.goto(site.url("mwangaza", east))
    assert "There is no signal here" in page.inner_text("main")
    page.context.set_offline(False)
    page.context.clear_cookies()
    sign_in(page, site, "mwangaza", "teacher")
    wait_until_sent(page)
    assert said(inside) == {"Amani": "A"}


def test_who_left_the_class_meanwhile_is_left_out_with_a_sentence(
    phone: Any, site: Site, east: str, inside: Any
) -> None:
    page = phone()
    open_register(page, site, east)
    page.context.set_offline(True)
    mark(page, "Amani Barasa", "A")
    mark(page, "Brian Otieno", "P")
    save(page)
    wait_for_dock(page, "On this phone")
    with inside("mwangaza"):
        held = Enrolment.objects.get(student__first_name="Brian", ends_on=None)
        Enrolment.objects.filter(pk=held.pk).update(ends_on=people.TODAY - timedelta(days=1), exit_code="transferred")
    try:
        page.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        wait_for_dock(page, "not taken")
        assert "Not in this class any more" in page.inner_text(".roll")
        assert said(inside) == {"Amani": "A"}
    finally:
        with inside("mwangaza"):
            Enrolment.objects.filter(pk=held.pk).update(ends_on=None, exit_code="")


def test_a_clock_three_days_wrong_changes_nothing(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone(worker=False)  # one sender, one clock
    page.context.add_init_script("const real = Date.now; Date.now = () => real() - 3 * 24 * 3600 * 1000;")
    open_register(page, site, east)
    before = clock.now()
    mark(page, "Amani Barasa", "A")
    save(page)
    wait_for_dock(page, "Sent to the school")
    with inside("mwangaza"):
        assert before - timedelta(minutes=1) < AttendanceMark.objects.get().marked_at <= clock.now()


def test_a_phone_without_room_saves_by_the_plain_form(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone()
    page.context.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    page.goto(site.url("mwangaza", east))
    page.wait_for_selector("form#roll")
    page.wait_for_timeout(300)
    mark(page, "Amani Barasa", "A")
    save(page)
    until(page, "() => document.querySelector('.dock .sync span')?.textContent.includes('at the school')")
    assert said(inside) == {"Amani": "A"}


def test_an_upgrade_of_the_worker_loses_nothing_that_waits(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone()
    open_register(page, site, east)
    page.context.set_offline(True)
    mark(page, "Amani Barasa", "A")
    save(page)
    wait_for_dock(page, "On this phone")
    page.context.set_offline(False)
    page.evaluate(
        """async () => {
            await caches.open("shell-of-yesterday");
            await (await navigator.serviceWorker.getRegistration()).unregister();
        }"""
    )
    page.goto(site.url("mwangaza", east))
    ready(page)
    assert wait_for(lambda: said(inside) == {"Amani": "A"}, 30, pause=0.2)
    assert "shell-of-yesterday" not in page.evaluate("caches.keys()")


def test_signing_out_warns_of_what_was_not_sent_and_clears_the_phone(
    phone: Any, site: Site, east: str, inside: Any
) -> None:
    page = phone()
    open_register(page, site, east)
    mark(page, "Brian Otieno", "L")  # a draft
    page.context.set_offline(True)
    page.goto(site.url("mwangaza", "/"))
    user = page.get_attribute("[data-module=unsent]", "data-user")
    page.evaluate(
        """async user => outbox.add({user, kind: "attendance.register", label: "Grade 6 East", url: "/", body: {}})""",
        user,
    )
    page.wait_for_selector("[data-module=unsent]:not([hidden])")
    assert "1 on this phone" in page.inner_text("[data-module=unsent]")
    page.locator(".tabbar button").click()
    page.locator("#more form[action='/sign-out/'] button").click()
    assert "Sign out before it is sent?" in page.inner_text("dialog")
    with page.expect_event("requestfailed"):
        page.locator("dialog button[value=yes]").click()
    page.context.set_offline(False)
    page = page.context.new_page()
    page.goto(site.url("mwangaza", "/offline"))
    assert page.evaluate("caches.has('pages')") is False
    page.goto(site.url("mwangaza", "/outbox/waiting/"))
    until(page, "() => globalThis.outbox")
    key = f"{user}|{east.split('/')[2]}|{DAY}|morning"
    assert page.evaluate("key => outbox.draft(key).then(found => found ?? null)", key) is None
    assert page.evaluate("user => outbox.items(user).then(items => items.length)", user) == 1  # not lost


def test_marks_typed_without_signal_are_sent_when_it_returns(phone: Any, site: Site, inside: Any) -> None:
    with inside("mwangaza"):
        cast = people.read().mwangaza
        paper = services.create_sitting(
            school_class=cast.east, term=cast.term, name="Offline CAT", kind="test", date=people.TODAY,
            papers=[{"subject": cast.maths, "maximum": Decimal(50)}], scale=cast.scale, by=cast.head, at=clock.now(),
        )[0]  # fmt: skip
    page = phone()
    page.goto(site.url("mwangaza", f"/marks/{cast.east.pk}/{paper.pk}/"))
    page.wait_for_selector("form#marks input[data-version]")
    page.wait_for_timeout(500)
    page.context.set_offline(True)
    cell = page.locator("td input").first
    cell.fill("41")
    cell.press("Enter")
    until(page, "() => document.querySelector('[data-marks-state]').textContent.includes('On this phone')")
    page.locator("td input").nth(1).fill("77")  # out of 50: refused at once, not queued
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, "() => document.querySelectorAll('td.saving, td.unsent').length === 0")
    with inside("mwangaza"):
        assert [(m.student.first_name, m.score) for m in Mark.objects.filter(assessment=paper)] == [("Amani", 41)]
        assert {one.state for one in Receipt.objects.filter(kind="assessment.marks")} == {"saved"}
    cell.fill("43")
    cell.press("Enter")
    until(page, "() => document.querySelector('[data-marks-state]').textContent.includes('to correct')")
    until(page, "() => document.querySelectorAll('td.saving').length === 0")
    with inside("mwangaza"):
        assert Mark.objects.get(assessment=paper).score == 43


def test_what_the_school_refuses_waits_for_the_teacher(phone: Any, site: Site, east: str, inside: Any) -> None:
    page = phone("other_teacher")
    body = {"class": east.split("/")[2], "date": DAY, "session": "morning", "marks": []}
    page.wait_for_selector("[data-module=unsent]", state="attached")
    until(page, "() => globalThis.outbox")
    page.evaluate(
        """async ([user, body]) => {
            await outbox.add({user, kind: "attendance.register", label: "Grade 6 East", url: "/", body});
            await outbox.flush();
        }""",
        [page.get_attribute("[data-module=unsent]", "data-user"), body],
    )
    until(page, "() => document.querySelector('[data-module=unsent]').textContent.includes('need you')")
    assert "1 need you" in page.inner_text("[data-module=unsent]")
    page.goto(site.url("mwangaza", "/outbox/waiting/"))
    page.wait_for_selector(".list li")
    assert "There is no such class among yours." in page.inner_text(".list")
    with inside("mwangaza"):
        receipt = Receipt.objects.get()
        assert (receipt.state, receipt.body["date"]) == ("rejected", DAY)
        assert User.objects.get(pk=receipt.user_id).username == "peter.otieno"
        assert json.dumps(receipt.answer)
    page.locator(".list li button").click()
    page.locator("dialog button[value=yes]").click()
    page.wait_for_selector("[data-empty]:not([hidden])")
