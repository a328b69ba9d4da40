"""Recording events: the figures of one process."""

import pytest

from monitoring import metrics


def sample(name: str, **labels: str) -> float | None:
    return metrics.REGISTRY.get_sample_value(name, labels)


def test_a_request_counts_once_with_its_time_and_statements() -> None:
    metrics.observe_request("/students/<uuid:pk>/", "GET", 200, 0.15, 4, 0.02)
    metrics.observe_request("/students/<uuid:pk>/", "GET", 503, 0.30, 6, 0.03)

    route = {"route": "/students/<uuid:pk>/"}
    assert sample("shule_http_requests_total", **route, method="GET", status_class="2xx") == 1
    assert sample("shule_http_requests_total", **route, method="GET", status_class="5xx") == 1
    assert sample("shule_http_request_duration_seconds_count", **route, method="GET") == 2
    assert sample("shule_http_request_duration_seconds_bucket", **route, method="GET", le="0.2") == 1
    assert sample("shule_http_request_duration_seconds_bucket", **route, method="GET", le="0.4") == 2
    assert sample("shule_http_request_db_queries_sum", **route) == 10
    assert sample("shule_http_db_seconds_total", **route) == pytest.approx(0.05)


def test_a_routes_first_request_shows_its_other_classes_of_status_as_0() -> None:
    metrics.observe_request("/classes/", "GET", 200, 0.01, 1, 0.001)

    shown = [
        sample("shule_http_requests_total", route="/classes/", method="GET", status_class=status)
        for status in ("2xx", "3xx", "4xx", "5xx")
    ]
    assert shown == [1, 0, 0, 0]


def test_an_invented_method_is_not_a_label_value() -> None:
    metrics.observe_request(metrics.UNMATCHED, "PROPFIND", 405, 0.001, 0, 0.0)
    metrics.observe_request(metrics.UNMATCHED, "X" * 500, 405, 0.001, 0, 0.0)

    counted = {"route": metrics.UNMATCHED, "status_class": "4xx"}
    assert sample("shule_http_requests_total", **counted, method="OTHER") == 2
    assert sample("shule_http_requests_total", **counted, method="PROPFIND") is None


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("shule_http_requests_total", {"route": "unmatched", "method": "GET", "status_class": "5xx"}),
        ("shule_cache_hits_total", {"cache": "default"}),
        ("shule_cache_misses_total", {"cache": "default"}),
        ("shule_sign_ins_total", {"result": "throttled"}),
        ("shule_audit_rows_sealed_total", {}),
        ("shule_school_provisioning_seconds_count", {"result": "failed"}),
    ],
)
def test_what_has_not_happened_yet_is_shown(name: str, labels: dict[str, str]) -> None:
    assert sample(name, **labels) is not None


def test_a_declared_task_shows_every_state_as_0_and_counts_its_runs() -> None:
    metrics.declare_task("people.make_photo_variants", "quiet")
    task = {"task": "people.make_photo_variants", "queue": "quiet"}
    states = ("succeeded", "failed", "retried", "rejected")
    assert [sample("shule_jobs_total", **task, state=state) for state in states] == [0, 0, 0, 0]

    metrics.job_started("quiet", 1.5)
    metrics.job_finished("people.make_photo_variants", "quiet", "succeeded", 2.0)
    metrics.job_finished("people.make_photo_variants", "quiet", "rejected", 0.0)

    assert [sample("shule_jobs_total", **task, state=state) for state in states] == [1, 0, 0, 1]
    assert sample("shule_job_duration_seconds_count", task="people.make_photo_variants") == 1
    assert sample("shule_job_start_delay_seconds_sum", queue="quiet") == 1.5


def test_a_job_published_by_a_machine_whose_clock_is_ahead_waited_no_time() -> None:
    metrics.job_started("interactive", -3.0)

    assert sample("shule_job_start_delay_seconds_sum", queue="interactive") == 0


def test_cache_sign_ins_audit_and_provisioning_count() -> None:
    before = {
        name: sample(name, **labels)
        for name, labels in (
            ("shule_cache_hits_total", {"cache": "default"}),
            ("shule_cache_misses_total", {"cache": "default"}),
            ("shule_sign_ins_total", {"result": "refused"}),
            ("shule_audit_rows_sealed_total", {}),
            ("shule_school_provisioning_seconds_sum", {"result": "succeeded"}),
        )
    }
    metrics.cache_hit()
    metrics.cache_hit()
    metrics.cache_miss()
    metrics.signed_in("refused")
    metrics.audit_sealed(250)
    metrics.school_provisioned(0.75)

    assert sample("shule_cache_hits_total", cache="default") == before["shule_cache_hits_total"] + 2
    assert sample("shule_cache_misses_total", cache="default") == before["shule_cache_misses_total"] + 1
    assert sample("shule_sign_ins_total", result="refused") == before["shule_sign_ins_total"] + 1
    assert sample("shule_audit_rows_sealed_total") == before["shule_audit_rows_sealed_total"] + 250
    assert (
        sample("shule_school_provisioning_seconds_sum", result="succeeded")
        == before["shule_school_provisioning_seconds_sum"] + 0.75
    )


def test_readings_carry_exactly_their_gauges_labels() -> None:
    assert metrics.schools_by_state({"active": 2, "suspended": 0}) == [
        metrics.Reading(metrics.SCHOOLS, ("active",), 2.0),
        metrics.Reading(metrics.SCHOOLS, ("suspended",), 0.0),
    ]
    assert metrics.queue_state("bulk", length=7, oldest_age=12.5) == [
        metrics.Reading(metrics.QUEUE_LENGTH, ("bulk",), 7.0),
        metrics.Reading(metrics.QUEUE_OLDEST, ("bulk",), 12.5),
    ]
    with pytest.raises(ValueError, match="has the labels"):
        metrics.QUEUE_LENGTH.reading(1, school="mwangaza")


def test_every_definition_is_listed_and_well_named() -> None:
    exposed = {family.name for family in metrics.REGISTRY.collect()}
    assert exposed == {metric._name for metric in metrics.METRICS}
    for name in metrics.series():
        assert name.startswith("shule_")
    for metric in metrics.METRICS:
        assert metric._documentation.endswith(".")
        assert not metric._name.endswith(("_bucket", "_sum", "_count"))


def test_no_series_names_a_person_and_only_two_name_a_school() -> None:
    labels = set().union(*metrics.series().values())

    assert labels == {
        *("route", "method", "status_class", "le", "cache", "task", "queue", "state", "result", "check"),
        *("collector", "kind", "version", "revision", "school"),
    }
    assert {name for name, labels in metrics.series().items() if "school" in labels} == {
        "shule_school_request_seconds_total",
        "shule_school_requests_refused_total",
    }
