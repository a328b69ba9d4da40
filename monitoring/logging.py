"""One JSON object per event: what happened, for which request, school and user, never who they are.

Fields of the request in hand are bound once at the door and appear on every line below it. People are named by opaque
ids only: names, phones and secrets are blotted out wherever they come from, the values in a database error included.
"""

import contextlib
import contextvars
import functools
import logging
import re
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import orjson

FIELDS = ("request_id", "school", "user_id", "route", "status", "ms", "db_ms", "db_queries", "task_id")
HEAD = ("time", "level", "logger", "message")
# What the library keeps on a record of its own, and Django's extras: an object with everything, and a time we have.
_OF_A_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request", "server_time"}
BLOT = "[redacted]"
LONGEST = 16_000  # characters of one field; what is longer is cut

_PRIVATE_KEY = re.compile(
    r"authorization|cookie|passw|token|secret|session_?(id|key)|csrf|otp|^pin$|api_?key|^key$|credential"
    r"|phone|msisdn|e_?mail|username|date_of_birth|address$"
    r"|^names?$|(first|middle|last|full|display|given|family|other|sur|student|guardian|teacher|staff|user|person)_?names?$",
    re.IGNORECASE,
)
# What can hold none of the below, found in one step: nearly every field of nearly every line.
_HARMLESS = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?!sk_)[A-Za-z_.-]{0,64}")
# Every pattern is anchored or bounded, so that a line of any length takes linear time.
_PRIVATE_TEXT = (
    # a header holds several values: all that follows on its line
    (re.compile(r"(?i)((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s{0,3}[:=]\s{0,3})[^\n]+"), rf"\1\2{BLOT}"),
    # password=x, "token": "x", ?access_token=x
    (
        re.compile(
            r"(?i)((?:passw(?:or)?d|token|secret|api[_-]?key|csrf)[\w-]{0,40}['\"]?\s{0,3}[:=]\s{0,3})"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&)\]}]+)"
        ),
        rf"\1{BLOT}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,3}[\w.~+/=-]{8,}"), rf"\1 {BLOT}"),
    (re.compile(r"\bsk_\w{8,}"), BLOT),
    (re.compile(r"(://)[^\s/@:]{0,64}:[^\s/@]{0,128}@"), rf"\1{BLOT}@"),
    # PostgreSQL quotes the row: Key (phone)=(+2547…) already exists; Failing row contains (…)
    (re.compile(r"(?s)(Key \(.{1,200}?\)=\().*?(\)(?= already| is | conflicts|\.|\s*$))"), rf"\1{BLOT}\2"),
    (re.compile(r"(?s)(Failing row contains \().*?(\)\.?(?=\n|$))"), rf"\1{BLOT}\2"),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), BLOT),
    # phone numbers: +254 712 345 678, 254712345678, 0712345678
    (re.compile(r"(?<![\w.-])(?:\+\d{1,3}[ -]?\d{2,3}|(?:0|254)[17]\d{2})[ -]?\d{3}[ -]?\d{3,4}(?![\w-])"), BLOT),
    # a link that opens a door: /verify/<token>, /callbacks/pay/<token>/, /calendar/<token>.ics; ids of things stay
    (
        re.compile(
            r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)(?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{24,}(?=$|[/?#\s'\"]|\.ics)"
        ),
        BLOT,
    ),
)

# No line of ours shows them, and each costs a look at every record.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None  # Python's own logging HOWTO, "Optimization"

_bound: contextvars.ContextVar[Mapping[str, object]] = contextvars.ContextVar(
    "shule_log_fields", default=types.MappingProxyType({})
)


def bind(**fields: object) -> None:
    """Add fields to every following line of this request or job."""
    _bound.set({**_bound.get(), **fields})


def unbind(*names: str) -> None:
    """Drop the named fields, or all when none is named: a thread serves the next request with a clean slate."""
    _bound.set({name: value for name, value in _bound.get().items() if name not in names} if names else {})


def context() -> dict[str, object]:
    """The fields bound now."""
    return dict(_bound.get())


@contextlib.contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Bind fields for the length of a block and restore what was bound before."""
    token = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(token)


def redact(value: object) -> object:
    """The value without secrets and personal data, as deep as it goes."""
    if isinstance(value, str):
        return value if _HARMLESS.fullmatch(value) else _redact_short(value) if len(value) < 64 else _redact_text(value)
    if value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 63 else str(value)  # JSON readers, and orjson, take no more for a number
    if isinstance(value, Mapping):
        return {
            key: BLOT if isinstance(key, str) and _is_private(key) else redact(inner) for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _redact_text(str(value))


@functools.lru_cache(maxsize=1024)
def _is_private(key: str) -> bool:
    """Whether a field of this name is blotted whatever it holds."""
    return _PRIVATE_KEY.search(key) is not None


@functools.lru_cache(maxsize=1024)
def _redact_short(text: str) -> str:
    """The same for routes and messages, which repeat from line to line."""
    return _redact_text(text)


def _redact_text(text: str) -> str:
    """The text without what the patterns know, and fit to be written as UTF-8."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}… ({len(text) - LONGEST} more)"
    for pattern, replacement in _PRIVATE_TEXT:
        text = pattern.sub(replacement, text)
    return text


class JsonFormatter(logging.Formatter):
    """A line as JSON: time, level, logger, message, what is bound, what the caller added, the exception.

    Written out and not left to a library: there is a line for every request, and it costs half of what theirs does.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without what may not be kept; its head is ours and holds none."""
        line: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()) if not isinstance(record.msg, dict) else "",
        }
        said: dict[str, object] = {**_bound.get()}
        if isinstance(record.msg, dict):
            said |= record.msg
        said |= {key: value for key, value in record.__dict__.items() if key not in _OF_A_RECORD}
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            said["exc_info"] = record.exc_text
        if record.stack_info:
            said["stack_info"] = self.formatStack(record.stack_info)
        for key, value in said.items():
            if key not in HEAD:
                line[key] = BLOT if _is_private(key) else redact(value)
        return orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS).decode()


class LineFormatter(logging.Formatter):
    """The same for a developer's terminal: one readable line, and the exception under it."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message and the bound fields, blotted like the JSON."""
        fields = " ".join(f"{name}={value}" for name, value in _bound.get().items() if not _is_private(name))
        line = f"{_moment(record)[11:23]} {record.levelname.lower():7} {record.name}: {record.getMessage()}"
        line = f"{line}  {fields}" if fields else line
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return str(redact(line))


def config(environment: str, level: str = "INFO") -> dict[str, object]:
    """The dictConfig of every process: to standard error; readable lines for a developer, JSON anywhere else."""
    formatter = "line" if environment in ("development", "test") else "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "monitoring.logging.JsonFormatter"},
            "line": {"()": "monitoring.logging.LineFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Statements carry people's data in their parameters, so they are never logged, at no level.
            "django.db.backends": {"level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            # Strangers ask for hosts that are not ours all day: the answer is 404 and no news.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            "PIL": {"level": "INFO"},
            "asyncio": {"level": "WARNING"},
        },
    }


def _moment(record: logging.LogRecord) -> str:
    """When it happened, in UTC, to the millisecond."""
    return f"{_second(int(record.created))}.{int(record.msecs):03}Z"


@functools.lru_cache(maxsize=8)
def _second(moment: int) -> str:
    return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
