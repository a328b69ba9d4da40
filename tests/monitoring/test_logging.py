"""Log lines: what they carry, and what never reaches them."""

import io
import json
import logging
import logging.config
import sys
import threading
import time

import pytest

from monitoring import logging as shule_logging


class Log:
    """A logger of this test whose lines can be read."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter)
        self.logger = logging.Logger("shule.test")
        self.logger.addHandler(self.handler)
        self.logger.setLevel(logging.DEBUG)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, object]:
        return json.loads(self.text.splitlines()[-1])


@pytest.fixture
def log() -> Log:
    return Log(shule_logging.JsonFormatter())


def test_a_line_carries_what_was_bound_at_the_door(log: Log) -> None:
    shule_logging.bind(request_id="0192f3", school="mwangaza", user_id="0192aa", route="/students/")
    shule_logging.bind(status=200, ms=12.5, db_ms=3.25, db_queries=4)

    log.logger.info("answered")

    line = log.last
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "shule.test",
        "message": "answered",
        "request_id": "0192f3",
        "school": "mwangaza",
        "user_id": "0192aa",
        "route": "/students/",
        "status": 200,
        "ms": 12.5,
        "db_ms": 3.25,
        "db_queries": 4,
    }
    assert list(line)[:3] == ["level", "logger", "message"]


def test_the_next_request_of_a_thread_starts_clean(log: Log) -> None:
    shule_logging.bind(school="mwangaza", user_id="0192aa")
    shule_logging.unbind("user_id")
    assert shule_logging.context() == {"school": "mwangaza"}

    shule_logging.unbind()

    log.logger.info("answered")
    assert "school" not in log.last


def test_a_block_restores_what_was_bound_before() -> None:
    shule_logging.bind(school="mwangaza")
    with shule_logging.bound(school="baraka", task_id="t-1"):
        assert shule_logging.context() == {"school": "baraka", "task_id": "t-1"}
    assert shule_logging.context() == {"school": "mwangaza"}


def test_two_requests_at_once_do_not_see_each_others_fields() -> None:
    seen: dict[str, dict[str, object]] = {}

    def request(school: str) -> None:
        shule_logging.bind(school=school)
        time.sleep(0.02)
        seen[school] = shule_logging.context()

    threads = [threading.Thread(target=request, args=(school,)) for school in ("mwangaza", "baraka")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen == {"mwangaza": {"school": "mwangaza"}, "baraka": {"school": "baraka"}}


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("Authorization: Bearer abcdef123456", "abcdef123456"),
        ("headers {'Authorization': 'Basic dXNlcjpwdw=='}", "dXNlcjpwdw"),
        ("Cookie: theme=dark; sessionid=9f8e7d6c5b", "9f8e7d6c5b"),
        ("Set-Cookie: sessionid=9f8e7d6c5b; Secure", "9f8e7d6c5b"),
        ("login with password=hunter2 failed", "hunter2"),
        ('body {"password": "hunter two", "x": 1}', "hunter two"),
        ("client_secret=s3cr3t&grant_type=client_credentials", "s3cr3t"),
        ("GET /x/?access_token=tok123&y=1", "tok123"),
        ("csrftoken=Zm9vYmFy", "Zm9vYmFy"),
        ("used the key sk_live_ABCDEF123456", "ABCDEF123456"),
        ("sent bearer eyJhbGciOi.J9 on", "eyJhbGciOi"),
        ("cannot reach redis://default:p4ss@10.0.0.1:6379/0", "p4ss"),
        ("postgresql://shule:p4ss@localhost/shule refused", "p4ss"),
        ("mail to wanjiru.kamau@example.ac.ke bounced", "wanjiru"),
        ("texted +254 712 345 678 twice", "345"),
        ("texted +254712345678", "712345678"),
        ("texted 0712345678 twice", "0712345678"),
        ("from 254112345678", "254112345678"),
        ("calls +256 772 123456", "772"),
        ("Not Found: /verify/8b1f6a9c0d2e4f5a6b7c8d9e0f1a2b3c", "8b1f6a9c"),
        ("Not Found: /calendar/Zk3vQ9xT1mN8bV5cR2wL7pYs.ics", "Zk3vQ9xT1mN8bV5cR2wL7pYs"),
        ("/callbacks/pay/8b1f6a9c0d2e4f5a6b7c8d9e0f1a2b3c/confirm", "8b1f6a9c"),
        ("DETAIL:  Key (phone)=(0712 Wanjiru) already exists.", "Wanjiru"),
        ("DETAIL:  Key (lower(username::text))=(wanjiru) already exists.", "wanjiru)"),
        ("DETAIL:  Failing row contains (17, Wanjiru, Kamau, null).", "Kamau"),
    ],
)
def test_a_secret_or_a_person_in_the_text_is_blotted_out(log: Log, said: str, secret: str) -> None:
    log.logger.warning("%s", said)

    assert secret not in log.text
    assert shule_logging.BLOT in log.last["message"]


@pytest.mark.parametrize(
    "said",
    [
        "GET /students/0192f3a4-7c1b-7def-8a01-23456789abcd/ answered",
        "photo 0192f3a4-7c1b-7def-8a01-23456789abcd made in 1234567 ms",
        "registers of 2026-02-14 07:12:34.567890 kept",
        "imported 772 rows in 20260214071234 of 1000000",
        "token expired",
        "/static/web/school-settings-and-colours-page.css",
        "request 0712345678abcdef0712345678abcdef ended",
        "Chapter 11: the keys of the house",
    ],
)
def test_ids_dates_and_counts_stay(log: Log, said: str) -> None:
    log.logger.info("%s", said)

    assert log.last["message"] == said


def test_private_keys_of_extras_are_blotted_however_deep(log: Log) -> None:
    log.logger.info(
        "saved",
        extra={
            "phone": "0712",
            "changes": {"first_name": ["Achieng", "Akinyi"], "status": ["active", "left"], "api_key": "k"},
            "headers": [{"Cookie": "a=b"}, ("x", b"\x00bytes")],
            "student_id": "0192aa",
        },
    )

    line = log.last
    assert line["phone"] == shule_logging.BLOT
    assert line["changes"] == {
        "first_name": shule_logging.BLOT,
        "status": ["active", "left"],
        "api_key": shule_logging.BLOT,
    }
    assert line["headers"] == [{"Cookie": shule_logging.BLOT}, ["x", "6 bytes"]]
    assert line["student_id"] == "0192aa"


def test_an_exception_is_written_without_the_row_it_quotes(log: Log) -> None:
    try:
        raise ValueError("null value\nDETAIL:  Failing row contains (17, Wanjiru, +254712345678).")
    except ValueError:
        log.logger.exception("not saved")

    assert "Wanjiru" not in log.text
    assert "ValueError: null value" in log.last["exc_info"]
    assert "test_logging.py" in log.last["exc_info"]
    assert len(log.text.splitlines()) == 1


def test_the_request_django_attaches_is_not_written(log: Log) -> None:
    log.logger.warning("Not Found: /x/", extra={"request": object(), "status_code": 404})

    assert log.last["status_code"] == 404
    assert "request" not in log.last


def test_odd_values_do_not_lose_the_line(log: Log) -> None:
    log.logger.info(
        "odd \udce9 text",
        extra={"big": 2**80, "nothing": None, "moment": time.struct_time([1] * 9), "nan": float("nan")},
    )

    assert log.last["message"] == "odd ? text"
    assert log.last["big"] == str(2**80)
    assert log.last["nan"] is None


def test_a_line_from_a_stranger_can_neither_forge_another_nor_take_long(log: Log) -> None:
    began = time.monotonic()
    for filler in ("a", "a.", "a-", "password", "Key (", "://", "+254 ", "/a1", "Failing row contains ("):
        log.logger.info("%s", filler * 200_000 + '\n{"level": "info"}')

    assert time.monotonic() - began < 5
    lines = log.text.splitlines()
    assert len(lines) == 9
    assert max(map(len, lines)) < shule_logging.LONGEST * 2


@pytest.mark.parametrize(
    ("environment", "formatter"), [("development", "line"), ("demo", "json"), ("production", "json")]
)
def test_machines_read_json_and_developers_read_lines(environment: str, formatter: str) -> None:
    config = shule_logging.config(environment, "WARNING")

    assert config["handlers"]["stderr"]["formatter"] == formatter
    assert config["root"]["level"] == "WARNING"
    assert config["loggers"]["django.db.backends"]["level"] == "WARNING"
    logging.config.DictConfigurator(config)  # accepted by the standard library


def test_a_developers_line_is_readable_and_as_discreet() -> None:
    log = Log(shule_logging.LineFormatter())
    shule_logging.bind(school="mwangaza", request_id="r1")
    try:
        raise ValueError("password=hunter2")
    except ValueError:
        log.logger.error("not saved for %s", "+254712345678", exc_info=sys.exc_info())
    log.logger.handlers = []

    first = log.text.splitlines()[0]
    assert first.endswith("error   shule.test: not saved for [redacted]  school=mwangaza request_id=r1")
    assert "hunter2" not in log.text
    assert "Traceback" in log.text
