"""Everything the platform counts and times: each metric's definition, and one small function to record each event.

Processes that share a metrics directory (PROMETHEUS_MULTIPROC_DIR) write their figures there and `monitoring.serve`
adds them up; without the variable the figures stay in this process. Labels are few and bounded: a route's pattern and
never its address, no person, and a school only where it stands out, fifty at most.
"""

# mypy: allow-untyped-calls

import dataclasses
import functools
import typing
from collections.abc import Mapping

import prometheus_client
from prometheus_client import values

from monitoring import processes

if processes.directory() is not None:
    # Before the first metric exists: files are named by a process's identity instead of its bare number.
    values.ValueClass = values.MultiProcessValue(processes.identity)

REGISTRY = prometheus_client.CollectorRegistry(auto_describe=True)

StatusClass = typing.Literal["1xx", "2xx", "3xx", "4xx", "5xx"]
JobState = typing.Literal["succeeded", "failed", "retried", "rejected"]
SignIn = typing.Literal["succeeded", "refused", "throttled"]
Provisioning = typing.Literal["succeeded", "failed"]
Refusal = typing.Literal["rate", "work", "concurrency"]

OTHER = "other"  # the schools that are not named
MOST_NAMES = 51  # fifty schools, and the others
_names = {OTHER}
UNMATCHED = "unmatched"  # the route of a request that no pattern answers
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.75, 1.0, 2.5, 5.0, 10.0)  # 0.2 and 0.4 are the targets
LONG_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
STATEMENTS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 100)

HTTP_REQUESTS = prometheus_client.Counter(
    "shule_http_requests_total",
    "Requests answered, by route pattern, method and class of status.",
    ("route", "method", "status_class"),
    registry=REGISTRY,
)
HTTP_DURATION = prometheus_client.Histogram(
    "shule_http_request_duration_seconds",
    "Time from the request's arrival to its answer, by route pattern and method.",
    ("route", "method"),
    buckets=SECONDS,
    registry=REGISTRY,
)
HTTP_QUERIES = prometheus_client.Histogram(
    "shule_http_request_db_queries",
    "Database statements run for one request, by route pattern.",
    ("route",),
    buckets=STATEMENTS,
    registry=REGISTRY,
)
HTTP_DB_SECONDS = prometheus_client.Counter(
    "shule_http_db_seconds_total",
    "Time that requests spent in the database, by route pattern.",
    ("route",),
    registry=REGISTRY,
)
CACHE_HITS = prometheus_client.Counter(
    "shule_cache_hits_total", "Reads that the cache answered.", ("cache",), registry=REGISTRY
)
CACHE_MISSES = prometheus_client.Counter(
    "shule_cache_misses_total",
    "Reads that the cache could not answer, or was not there to answer.",
    ("cache",),
    registry=REGISTRY,
)
JOBS = prometheus_client.Counter(
    "shule_jobs_total",
    "Background jobs finished, by task, queue and how they ended.",
    ("task", "queue", "state"),
    registry=REGISTRY,
)
JOB_DURATION = prometheus_client.Histogram(
    "shule_job_duration_seconds",
    "Time that a background job ran, by task.",
    ("task",),
    buckets=LONG_SECONDS,
    registry=REGISTRY,
)
JOB_START_DELAY = prometheus_client.Histogram(
    "shule_job_start_delay_seconds",
    "Time from the moment that a job was due to its start, by queue.",
    ("queue",),
    buckets=LONG_SECONDS,
    registry=REGISTRY,
)
REQUESTS_REFUSED = prometheus_client.Counter(
    "shule_requests_refused_total",
    "Requests refused because their school asked for more than its share, by kind.",
    ("kind",),
    registry=REGISTRY,
)
SCHOOL_REFUSED = prometheus_client.Counter(
    "shule_school_requests_refused_total",
    "The same by school: of fifty by name, and of all others together.",
    ("school",),
    registry=REGISTRY,
)
SCHOOL_SECONDS = prometheus_client.Counter(
    "shule_school_request_seconds_total",
    "Processor time of answering in minutes in which a school stood out: of fifty by name, of all others together.",
    ("school",),
    registry=REGISTRY,
)
SIGN_INS = prometheus_client.Counter(
    "shule_sign_ins_total", "Attempts to sign in, by result.", ("result",), registry=REGISTRY
)
AUDIT_SEALED = prometheus_client.Counter(
    "shule_audit_rows_sealed_total", "Audit rows sealed into the schools' hash chains.", registry=REGISTRY
)
PROVISIONING = prometheus_client.Histogram(
    "shule_school_provisioning_seconds",
    "Time to provision a school, by result.",
    ("result",),
    buckets=LONG_SECONDS,
    registry=REGISTRY,
)
HEALTH_FAILURES = prometheus_client.Counter(
    "shule_health_check_failures_total", "Health checks that failed, by check.", ("check",), registry=REGISTRY
)
COLLECTOR_ERRORS = prometheus_client.Counter(
    "shule_collector_errors_total",
    "Figures that could not be collected at a scrape, by collector.",
    ("collector",),
    registry=REGISTRY,
)
PROCESSES = prometheus_client.Gauge(
    "shule_processes",
    "Living processes, by kind.",
    ("kind",),
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
BUILD_INFO = prometheus_client.Gauge(
    "shule_build_info",
    "1 for each version of the platform that is running.",
    ("version", "revision"),
    multiprocess_mode="livemax",
    registry=REGISTRY,
)


METRICS = (
    HTTP_REQUESTS,
    HTTP_DURATION,
    HTTP_QUERIES,
    HTTP_DB_SECONDS,
    CACHE_HITS,
    CACHE_MISSES,
    JOBS,
    JOB_DURATION,
    JOB_START_DELAY,
    REQUESTS_REFUSED,
    SCHOOL_REFUSED,
    SCHOOL_SECONDS,
    SIGN_INS,
    AUDIT_SEALED,
    PROVISIONING,
    HEALTH_FAILURES,
    COLLECTOR_ERRORS,
    PROCESSES,
    BUILD_INFO,
)
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


@dataclasses.dataclass(frozen=True)
class ScrapedGauge:
    """A gauge that nobody sets: the exporter asks for its readings at each scrape."""

    name: str
    documentation: str
    labels: tuple[str, ...] = ()

    def reading(self, value: float, **labels: str) -> "Reading":
        """One value with its labels, all of which must be given."""
        if set(labels) != set(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, not {tuple(labels)}")
        return Reading(self, tuple(labels[label] for label in self.labels), float(value))


@dataclasses.dataclass(frozen=True)
class Reading:
    """What one scraped gauge shows at one moment."""

    gauge: ScrapedGauge
    labels: tuple[str, ...]
    value: float


SCHOOLS = ScrapedGauge("shule_schools", "Schools, by state.", ("state",))
FLEET = ScrapedGauge("shule_fleet_schools", "Schools by where their tables stand against this version.", ("state",))
QUEUE_LENGTH = ScrapedGauge("shule_queue_length", "Jobs that are due and wait for their turn, by queue.", ("queue",))
QUEUE_OLDEST = ScrapedGauge(
    "shule_queue_oldest_age_seconds", "Time that the oldest waiting job has waited, by queue.", ("queue",)
)
OUTBOX_PENDING = ScrapedGauge("shule_outbox_pending", "Jobs that are due and that the broker was not told of.")
OUTBOX_OLDEST = ScrapedGauge(
    "shule_outbox_oldest_age_seconds", "Time that the oldest job has waited that the broker was not told of."
)
COLLECTOR_DURATION = ScrapedGauge(
    "shule_collector_duration_seconds", "Time that collecting took at this scrape, by collector.", ("collector",)
)
BACKUP_AGE = ScrapedGauge(
    "shule_backup_age_seconds",
    "Time since the last good backup: of the cluster, and of the open school whose archive is the oldest.",
    ("kind",),
)
DRILL_AGE = ScrapedGauge(
    "shule_restore_drill_age_seconds", "Time since a school was last proved to come back out of its archive."
)
SCRAPED = (
    SCHOOLS, FLEET, QUEUE_LENGTH, QUEUE_OLDEST, OUTBOX_PENDING, OUTBOX_OLDEST, BACKUP_AGE, DRILL_AGE,
    COLLECTOR_DURATION,
)  # fmt: skip


def observe_request(route: str, method: str, status: int, seconds: float, queries: int, db_seconds: float) -> None:
    """Record one answered request; `route` is the pattern that matched (UNMATCHED for none)."""
    method = method if method in METHODS else "OTHER"  # whoever calls may invent methods, and each would be a series
    of_its_kind = _series_of(route, method, f"{status // 100}xx")
    of_its_kind.requests.inc()
    of_its_kind.duration.observe(seconds)
    of_its_kind.statements.observe(queries)
    if db_seconds:
        of_its_kind.database.inc(db_seconds)


def cache_hit(cache: str = "default") -> None:
    """Record a read that the cache answered."""
    _child(CACHE_HITS, cache).inc()


def cache_miss(cache: str = "default") -> None:
    """Record a read that the cache did not answer."""
    _child(CACHE_MISSES, cache).inc()


def declare_task(task: str, queue: str) -> None:
    """Show a task's figures as 0 before its first run; the worker declares every task it knows at its start."""
    for state in typing.get_args(JobState):
        JOBS.labels(task, queue, state)
    JOB_DURATION.labels(task)
    JOB_START_DELAY.labels(queue)


def job_started(queue: str, delay: float) -> None:
    """Record how many seconds a job waited between its publication and its start."""
    JOB_START_DELAY.labels(queue).observe(max(delay, 0.0))  # clocks of two machines differ


def job_finished(task: str, queue: str, state: JobState, seconds: float) -> None:
    """Record one finished run of a job; one that was rejected before it began took no time worth keeping."""
    JOBS.labels(task, queue, state).inc()
    if state != "rejected":
        JOB_DURATION.labels(task).observe(seconds)


def request_refused(kind: Refusal, school: str) -> None:
    """Record a request that was refused because the school asked for more than its share."""
    REQUESTS_REFUSED.labels(kind).inc()
    SCHOOL_REFUSED.labels(_named(school)).inc()


def school_served(school: str, seconds: float) -> None:
    """Record how much work an answer was, of a school that takes a good part of a process."""
    SCHOOL_SECONDS.labels(_named(school)).inc(seconds)


def signed_in(result: SignIn) -> None:
    """Record an attempt to sign in."""
    SIGN_INS.labels(result).inc()


def audit_sealed(rows: int) -> None:
    """Record that so many audit rows joined a school's chain."""
    AUDIT_SEALED.inc(rows)


def school_provisioned(seconds: float, result: Provisioning = "succeeded") -> None:
    """Record how long a school's provisioning took."""
    PROVISIONING.labels(result).observe(seconds)


def process_started(kind: str, *, version: str, revision: str) -> None:
    """Count this process among the living of its kind (web, worker, beat) until it dies."""
    PROCESSES.labels(kind).set(1)
    BUILD_INFO.labels(version, revision).set(1)


def schools_by_state(counts: Mapping[str, int]) -> list[Reading]:
    """Readings of how many schools are in each state; give every state, those with none as 0."""
    return [SCHOOLS.reading(count, state=state) for state, count in counts.items()]


def fleet_by_state(counts: Mapping[str, int]) -> list[Reading]:
    """Readings of how many schools are at head, behind, failed and ahead; give every state, empty ones as 0."""
    return [FLEET.reading(count, state=state) for state, count in counts.items()]


def queue_state(queue: str, *, length: int, oldest_age: float) -> list[Reading]:
    """Readings of one queue: jobs waiting, and the seconds the oldest has waited (0 when none waits)."""
    return [QUEUE_LENGTH.reading(length, queue=queue), QUEUE_OLDEST.reading(oldest_age, queue=queue)]


def outbox_state(*, pending: int, oldest_age: float) -> list[Reading]:
    """Readings of the outbox: jobs not yet published, and the seconds the oldest has waited (0 when none waits)."""
    return [OUTBOX_PENDING.reading(pending), OUTBOX_OLDEST.reading(oldest_age)]


def backups(*, cluster: float, school: float, drill: float) -> list[Reading]:
    """Readings of how long ago the last good backups and the last good drill were, in seconds."""
    return [
        BACKUP_AGE.reading(cluster, kind="cluster"),
        BACKUP_AGE.reading(school, kind="school"),
        DRILL_AGE.reading(drill),
    ]


def _named(school: str) -> str:
    """The school's own label while there is room for one: a thousand schools would be a thousand series."""
    if school in _names or len(_names) < MOST_NAMES:
        _names.add(school)
        return school
    return OTHER


def series() -> dict[str, frozenset[str]]:
    """Names of all series that panels and rules may use, with their labels."""
    known: dict[str, frozenset[str]] = {}
    for family in METRICS:
        labels = frozenset(family._labelnames)
        for suffix in SUFFIXES[family._type]:
            known[f"{family._name}{suffix}"] = labels | {"le"} if suffix == "_bucket" else labels
    return known | {gauge.name: frozenset(gauge.labels) for gauge in SCRAPED}


@functools.cache
def _child(counter: prometheus_client.Counter, label: str) -> prometheus_client.Counter:
    """One series of a counter that is added to many times a request, found once."""
    return counter.labels(label)


class _Series(typing.NamedTuple):
    """Where the requests of one kind are counted."""

    requests: prometheus_client.Counter
    duration: prometheus_client.Histogram
    statements: prometheus_client.Histogram
    database: prometheus_client.Counter


@functools.cache
def _series_of(route: str, method: str, status_class: str) -> _Series:
    """The series that a request of this kind belongs to, found once.

    All classes of status of a route show from its first request: no error is a rate of 0, not of nothing.
    """
    for shown in typing.get_args(StatusClass)[1:]:
        HTTP_REQUESTS.labels(route, method, shown)
    return _Series(
        HTTP_REQUESTS.labels(route, method, status_class),
        HTTP_DURATION.labels(route, method),
        HTTP_QUERIES.labels(route),
        HTTP_DB_SECONDS.labels(route),
    )


_series_of(UNMATCHED, "GET", "4xx")
for _kind in typing.get_args(Refusal):
    REQUESTS_REFUSED.labels(_kind)
SCHOOL_REFUSED.labels(OTHER)
SCHOOL_SECONDS.labels(OTHER)
for _result in typing.get_args(SignIn):
    SIGN_INS.labels(_result)
for _result in typing.get_args(Provisioning):
    PROVISIONING.labels(_result)
CACHE_HITS.labels("default")
CACHE_MISSES.labels("default")
