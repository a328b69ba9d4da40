"""A school that asks for more than its share is asked to wait; the others, health and files are not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from core import scope
from monitoring import metrics
from tenants import context, resolve, shares
from tenants.models import School

API = "/api/v1/students/"


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    """A process that another school asked just now."""
    shares.forget()
    another = school_with("another")
    shares.enter(another)
    shares.leave(another, 0.0)
    yield
    shares.forget()


@pytest.fixture
def five_a_second(mwangaza: School) -> School:
    """Mwangaza may ask five times a second, and one second's worth is left."""
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(limits={"requests_per_second": 1})
    resolve.forget_all()
    return mwangaza


def at(slug: str) -> Client:
    return Client(HTTP_HOST=f"{slug}.shule.localhost")


def spend(slug: str) -> list[int]:
    """The answers to one request more than a burst."""
    return [at(slug).get("/offline").status_code for _ in range(int(shares.BURST_SECONDS) + 1)]


def refusals() -> float:
    return metrics.REGISTRY.get_sample_value("shule_requests_refused_total", {"kind": "rate"}) or 0.0


def test_beyond_its_rate_a_school_is_refused_and_another_is_not(five_a_second: School, baraka: School) -> None:
    before = refusals()
    assert spend("mwangaza") == [200] * 5 + [429]
    assert at("baraka").get("/offline").status_code == 200
    assert refusals() == before + 1
    assert metrics.REGISTRY.get_sample_value("shule_school_requests_refused_total", {"school": "mwangaza"})


def test_a_program_is_told_what_happened_and_when_to_ask_again(five_a_second: School) -> None:
    spend("mwangaza")
    answer = at("mwangaza").get(API)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == ("school_throttled", "1")


def test_a_person_is_told_and_the_page_asks_again_by_itself(five_a_second: School) -> None:
    spend("mwangaza")
    page = at("mwangaza").get("/sign-in/?next=/x", HTTP_ACCEPT_LANGUAGE="en")
    assert (page.status_code, page["Retry-After"]) == (429, "1")
    assert '<meta http-equiv="refresh" content="3">' in page.content.decode()
    assert "more than its share" in page.content.decode()
    sent = at("mwangaza").post("/sign-in/", {"username": "x"}, HTTP_ACCEPT_LANGUAGE="en")
    assert (sent.status_code, "http-equiv" in sent.content.decode()) == (429, False)
    assert "send it again" in sent.content.decode()


def test_health_and_the_platforms_own_host_are_never_refused(five_a_second: School) -> None:
    spend("mwangaza")
    assert at("mwangaza").get("/health/live").status_code == 200
    public = Client(HTTP_HOST="shule.localhost")
    assert [public.get("/offline").status_code for _ in range(20)] == [200] * 20


def test_a_schools_own_higher_limit_lets_it_through(mwangaza: School) -> None:
    with context.in_public():
        School.objects.filter(pk=mwangaza.pk).update(limits={"requests_per_second": 2})
    resolve.forget_all()
    assert [at("mwangaza").get("/offline").status_code for _ in range(11)].count(200) >= 10


def school_with(slug: str = "one", **limits: int) -> scope.Scope:
    usual: dict[str, Any] = {"work_percent": 100, "requests_per_second": 1000, "concurrent_requests": 10, **limits}
    return scope.Scope(f"id of {slug}", slug, f"s_{slug}", slug, "live", f"{slug}.shule.localhost", limits=usual)  # type: ignore[arg-type]


def test_a_school_that_is_alone_may_have_the_whole_process(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(shares.time, "monotonic", lambda: now[0])
    shares.forget()
    one, other = (school_with(slug, requests_per_second=2, concurrent_requests=50) for slug in ("one", "other"))
    assert [shares.enter(one)[0] for _ in range(100)] == [None] * 100
    assert shares.enter(other) == (None, 0)
    assert shares.enter(one) == ("concurrency", 1)
    for _ in range(100):
        shares.leave(one, 0.0)
    assert shares.enter(one) == ("rate", 1), "what it took while it was alone is spent"
    now[0] += shares.ALONE_SECONDS + 1
    assert shares.enter(one) == (None, 0)
    assert [shares.enter(one)[0] for _ in range(30)] == [None] * 30


def test_as_many_at_once_as_its_share_and_no_more(settings: Any) -> None:
    settings.WEB_PROCESSES = 2
    school = school_with(concurrent_requests=5)
    assert [shares.enter(school)[0] for _ in range(4)] == [None, None, None, "concurrency"]
    shares.leave(school, 0.1)
    assert shares.enter(school) == (None, 0)


def test_a_refused_request_takes_nothing(settings: Any) -> None:
    school = school_with(concurrent_requests=1)
    assert shares.enter(school) == (None, 0)
    for _ in range(3):
        assert shares.enter(school) == ("concurrency", 1)
    shares.leave(school, 0.0)
    assert shares.enter(school) == (None, 0)


def test_a_process_holds_a_school_to_its_part_of_the_rate(settings: Any) -> None:
    settings.WEB_PROCESSES = 10
    school = school_with(requests_per_second=1, concurrent_requests=50)
    assert [shares.enter(school)[0] for _ in range(2)] == [None, "rate"]
    assert 9 <= shares.enter(school)[1] <= 10, "a tenth of a request a second"


def test_beyond_its_work_a_school_waits_until_that_is_paid_back(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(shares.time, "monotonic", lambda: now[0])
    shares.forget()
    school, other = school_with(work_percent=20), school_with("other", work_percent=20)
    assert (shares.enter(other), shares.enter(school)) == ((None, 0), (None, 0))
    shares.leave(school, 0.6)
    assert shares.enter(school) == ("work", 2), "0.4 s too much, a fifth of a second for each second"
    assert shares.enter(other) == (None, 0)
    now[0] += 2.5
    assert shares.enter(school) == (None, 0)
    shares.leave(school, 100.0)
    assert shares.enter(school) == ("work", 5), "nobody is shut out for longer than a burst"


def test_work_that_is_underway_counts_as_what_the_school_usually_asks() -> None:
    school = school_with(work_percent=20)
    for _ in range(40):
        assert shares.enter(school) == (None, 0)
        shares.leave(school, 0.15)
        shares._shares[school.id].work_left = 0.2
    assert [shares.enter(school)[0] for _ in range(3)] == [None, None, "work"]


def test_only_a_school_that_takes_much_of_a_process_is_named_in_the_figures() -> None:
    school = school_with("loud")

    def seconds(name: str) -> float:
        return metrics.REGISTRY.get_sample_value("shule_school_request_seconds_total", {"school": name}) or 0.0

    shares.enter(school)
    shares.leave(school, 1.0)
    assert seconds("loud") == 0.0
    shares.enter(school)
    shares.leave(school, shares.LOUD_SECONDS)
    assert seconds("loud") == shares.LOUD_SECONDS


def test_fifty_schools_are_named_and_the_others_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_names", {metrics.OTHER})
    assert [metrics._named(f"s{n}") for n in range(52)] == [f"s{n}" for n in range(50)] + ["other"] * 2
    assert metrics._named("s3") == "s3"
