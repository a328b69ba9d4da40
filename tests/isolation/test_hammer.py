"""The hammer, small in the suite and whole by `make hammer`: HAMMER=<schools>x<threads>x<requests>."""

import os

import pytest

from tests.isolation import hammer

SCHOOLS, THREADS, REQUESTS = map(int, os.environ.get("HAMMER", "4x12x1200").split("x"))


def test_no_answer_ever_holds_another_schools_canary(
    own_database: str, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10_000_000  # type: ignore[attr-defined]
    targets = hammer.schools(SCHOOLS)
    result = hammer.strike(targets, threads=THREADS, requests=REQUESTS)
    with capsys.disabled():
        print(
            f"\nhammer: {SCHOOLS} schools, {THREADS} threads, {result.requests} requests, {dict(result.statuses)},"
            f" {len(result.foreign)} foreign canaries"
        )
    assert result.requests == REQUESTS // THREADS * THREADS
    assert result.foreign == []
    assert result.silent == []
    assert result.broken == []
