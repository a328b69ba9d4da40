"""Shule overview: is it up, is it fast, does the work behind it move, and who is using it."""

from monitoring.grafana.board import Board

FIVES = 'status_class="5xx"'
ROUTES = 'route=~"$route"'


def board() -> Board:
    """The first dashboard anyone opens."""
    overview = Board(
        uid="shule-overview",
        title="Shule overview",
        description="One deployment, all its schools: requests, background work, schools and processes.",
    )
    overview.choice(name="route", label="Route", metric="shule_http_requests_total")
    _now(overview)
    _requests(overview)
    _database_and_cache(overview)
    _jobs(overview)
    _shares(overview)
    _schools(overview)
    _processes(overview)
    return overview


def _now(overview: Board) -> None:
    """Six figures that answer "is anything wrong?"."""
    overview.row("Now")
    overview.figure(
        title="Requests",
        description="Requests answered per second, all schools together.",
        unit="reqps",
        expr="sum(rate(shule_http_requests_total[$__rate_interval]))",
    )
    overview.figure(
        title="Errors",
        description="Share of requests answered with 5xx. The promise is 99.9 % without.",
        unit="percentunit",
        expr=f"sum(rate(shule_http_requests_total{{{FIVES}}}[$__rate_interval]))"
        " / sum(rate(shule_http_requests_total[$__rate_interval]))",
        steps=((None, "green"), (0.001, "orange"), (0.0144, "red")),
        decimals=2,
    )
    overview.figure(
        title="p95 of reads",
        description="95 of 100 GET requests are answered within this time. The promise is 200 ms.",
        unit="s",
        expr="histogram_quantile(0.95, sum by (le)"
        ' (rate(shule_http_request_duration_seconds_bucket{method="GET"}[$__rate_interval])))',
        steps=((None, "green"), (0.2, "orange"), (0.4, "red")),
    )
    overview.figure(
        title="Cache hits",
        description="Share of cache reads that the cache answered.",
        unit="percentunit",
        expr="sum(rate(shule_cache_hits_total[$__rate_interval]))"
        " / (sum(rate(shule_cache_hits_total[$__rate_interval])) "
        "+ sum(rate(shule_cache_misses_total[$__rate_interval])))",
        steps=((None, "red"), (0.5, "orange"), (0.8, "green")),
    )
    overview.figure(
        title="Oldest waiting job",
        description="Time that the job waiting longest in any queue has waited.",
        unit="s",
        expr="max(shule_queue_oldest_age_seconds)",
        steps=((None, "green"), (30, "orange"), (300, "red")),
    )
    overview.figure(
        title="Open schools",
        description="Schools that people can use now.",
        unit="short",
        expr='sum(shule_schools{state=~"live|read_only"})',
        decimals=0,
    )


def _requests(overview: Board) -> None:
    """Rate, errors, duration."""
    overview.row("Requests")
    overview.graph(
        title="Requests by class of status",
        description="Requests per second: 2xx answered, 3xx sent elsewhere, 4xx refused, 5xx failed.",
        unit="reqps",
        queries=[
            (
                f"sum by (status_class) (rate(shule_http_requests_total{{{ROUTES}}}[$__rate_interval]))",
                "{{status_class}}",
            )
        ],
        stacked=True,
    )
    overview.graph(
        title="Errors by route",
        description="Requests per second answered with 5xx, by route. A quiet deployment shows a line at 0.",
        unit="reqps",
        queries=[
            (
                f"topk(10, sum by (route) (rate(shule_http_requests_total{{{FIVES}, {ROUTES}}}[$__rate_interval])))",
                "{{route}}",
            )
        ],
    )
    overview.graph(
        title="Duration",
        description="Half, 95 and 99 of 100 requests are answered within these times, over the chosen routes.",
        unit="s",
        queries=[
            (
                f"histogram_quantile({quantile}, sum by (le)"
                f" (rate(shule_http_request_duration_seconds_bucket{{{ROUTES}}}[$__rate_interval])))",
                name,
            )
            for quantile, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
        ],
        steps=((None, "transparent"), (0.4, "red")),
    )
    overview.table(
        title="Duration by route",
        description="p50, p95 and p99 of each chosen route over the last 10 minutes, the longest p99 first.",
        unit="s",
        key="route",
        columns=[
            (
                f"histogram_quantile({quantile}, sum by (le, route)"
                f" (rate(shule_http_request_duration_seconds_bucket{{{ROUTES}}}[10m]))) >= 0",
                name,
            )
            for quantile, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
        ],
    )
    overview.graph(
        title="p95 by route",
        description="The ten slowest routes: 95 of 100 of their requests are answered within this time.",
        unit="s",
        queries=[
            (
                "topk(10, histogram_quantile(0.95, sum by (le, route)"
                f" (rate(shule_http_request_duration_seconds_bucket{{{ROUTES}}}[$__rate_interval]))))",
                "{{route}}",
            )
        ],
        span=12,
    )


def _database_and_cache(overview: Board) -> None:
    """What a request costs behind the scenes."""
    overview.row("Database and cache")
    overview.graph(
        title="Statements per request",
        description="Database statements that a request runs on average, the ten hungriest routes.",
        unit="short",
        queries=[
            (
                f"topk(10, sum by (route) (rate(shule_http_request_db_queries_sum{{{ROUTES}}}[$__rate_interval]))"
                f" / sum by (route) (rate(shule_http_request_db_queries_count{{{ROUTES}}}[$__rate_interval])))",
                "{{route}}",
            )
        ],
    )
    overview.graph(
        title="Share of time in the database",
        description="Of the time that requests take, the part spent waiting for PostgreSQL.",
        unit="percentunit",
        most=1,
        queries=[
            (
                f"sum(rate(shule_http_db_seconds_total{{{ROUTES}}}[$__rate_interval]))"
                f" / sum(rate(shule_http_request_duration_seconds_sum{{{ROUTES}}}[$__rate_interval]))",
                "database",
            )
        ],
    )
    overview.graph(
        title="Cache hit ratio",
        description="Share of reads that each cache answered. It falls to 0 when Redis is away.",
        unit="percentunit",
        most=1,
        queries=[
            (
                "sum by (cache) (rate(shule_cache_hits_total[$__rate_interval]))"
                " / (sum by (cache) (rate(shule_cache_hits_total[$__rate_interval]))"
                " + sum by (cache) (rate(shule_cache_misses_total[$__rate_interval])))",
                "{{cache}}",
            )
        ],
    )


def _jobs(overview: Board) -> None:
    """The work behind the pages."""
    overview.row("Background jobs")
    overview.graph(
        title="Jobs by queue and state",
        description="Jobs finished per second, by queue and how they ended.",
        unit="ops",
        queries=[
            ("sum by (queue, state) (rate(shule_jobs_total[$__rate_interval]))", "{{queue}} {{state}}"),
        ],
        stacked=True,
    )
    overview.graph(
        title="Waiting jobs",
        description="Jobs that are due and wait for their turn, by queue.",
        unit="short",
        queries=[("max by (queue) (shule_queue_length)", "{{queue}}")],
    )
    overview.graph(
        title="Age of the oldest waiting job",
        description="A long queue that moves is busy; an old one is stuck.",
        unit="s",
        queries=[("max by (queue) (shule_queue_oldest_age_seconds)", "{{queue}}")],
    )
    overview.graph(
        title="Start delay, p95",
        description="95 of 100 jobs start within this time of being due. The promise is 30 s.",
        unit="s",
        queries=[
            (
                "histogram_quantile(0.95, sum by (le, queue)"
                " (rate(shule_job_start_delay_seconds_bucket[$__rate_interval])))",
                "{{queue}}",
            )
        ],
        steps=((None, "transparent"), (30, "red")),
    )
    overview.graph(
        title="Run time by task, p95",
        description="95 of 100 runs of a task take no longer than this; the ten longest tasks.",
        unit="s",
        queries=[
            (
                "topk(10, histogram_quantile(0.95, sum by (le, task)"
                " (rate(shule_job_duration_seconds_bucket[$__rate_interval]))))",
                "{{task}}",
            )
        ],
    )
    overview.graph(
        title="Outbox",
        description="Jobs committed with their data, not yet handed to the broker; it grows while the broker is away.",
        unit="short",
        queries=[("max(shule_outbox_pending)", "pending")],
    )


def _shares(overview: Board) -> None:
    """Who takes more than the others."""
    overview.row("Shares of the schools")
    overview.graph(
        title="Schools that stand out",
        description="Web processes that a school keeps busy by itself; those that take a twentieth of one are named.",
        unit="short",
        queries=[("topk(10, sum by (school) (rate(shule_school_request_seconds_total[5m])))", "{{school}}")],
        span=8,
    )
    overview.graph(
        title="Requests refused, by school",
        description="Answered 429 per second because the school asked for more than its share.",
        unit="reqps",
        queries=[("topk(10, sum by (school) (rate(shule_school_requests_refused_total[5m])))", "{{school}}")],
        span=8,
    )
    overview.graph(
        title="Requests refused, by kind",
        description="Too many in a second (rate), too much work (work), or too many at once (concurrency).",
        unit="reqps",
        queries=[("sum by (kind) (rate(shule_requests_refused_total[$__rate_interval]))", "{{kind}}")],
        span=8,
    )


def _schools(overview: Board) -> None:
    """The schools and the people in them."""
    overview.row("Schools")
    overview.graph(
        title="Schools by state",
        description="How many schools are in each state of their life.",
        unit="short",
        queries=[("max by (state) (shule_schools)", "{{state}}")],
        stacked=True,
        span=5,
    )
    overview.graph(
        title="Schools by version",
        description="How many schools have the tables of this version, of the one before, or of a later one.",
        unit="short",
        queries=[("max by (state) (shule_fleet_schools)", "{{state}}")],
        stacked=True,
        span=5,
    )
    overview.graph(
        title="Sign-ins",
        description="Attempts to sign in per second, by result. Many refused ones are somebody guessing.",
        unit="ops",
        queries=[("sum by (result) (rate(shule_sign_ins_total[$__rate_interval]))", "{{result}}")],
        span=5,
    )
    overview.graph(
        title="Provisioning, p95",
        description="95 of 100 new schools stand within this time. The promise is 60 s.",
        unit="s",
        queries=[
            (
                "histogram_quantile(0.95, sum by (le, result) (rate(shule_school_provisioning_seconds_bucket[6h])))",
                "{{result}}",
            )
        ],
        span=5,
    )
    overview.graph(
        title="Audit rows sealed",
        description="Audit rows that joined their school's hash chain, per second.",
        unit="ops",
        queries=[("sum(rate(shule_audit_rows_sealed_total[$__rate_interval]))", "rows")],
        span=4,
    )


def _processes(overview: Board) -> None:
    """The machinery itself."""
    overview.row("Processes")
    overview.graph(
        title="Living processes",
        description="Processes by kind. The dead leave this picture at the next scrape.",
        unit="short",
        queries=[("sum by (kind) (shule_processes)", "{{kind}}")],
        span=6,
    )
    overview.graph(
        title="Failed health checks",
        description="Failures of /health/ready per second, by check.",
        unit="ops",
        queries=[("sum by (check) (rate(shule_health_check_failures_total[$__rate_interval]))", "{{check}}")],
        span=6,
    )
    overview.graph(
        title="Failed collectors",
        description="Figures that the exporter could not count, per second: panels above show no value for them.",
        unit="ops",
        queries=[("sum by (collector) (rate(shule_collector_errors_total[$__rate_interval]))", "{{collector}}")],
        span=6,
    )
    overview.table(
        title="Running versions",
        description="Versions of the platform that are running; two during an upgrade, one otherwise.",
        unit="short",
        key="version",
        columns=[("max by (version, revision) (shule_build_info)", "running")],
        span=6,
    )
