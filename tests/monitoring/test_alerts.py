"""Alert rules: accepted by Prometheus, tested in both directions, each with a page that says what to do."""

import pathlib
import re
import subprocess
from typing import Any

import pytest
import yaml

from monitoring import metrics

ROOT = pathlib.Path(__file__).parents[2]
MONITORING = ROOT / "monitoring"
ALERTS = MONITORING / "alerts"
RULES = sorted(ALERTS.glob("*.yml"))
TESTS = sorted((ALERTS / "tests").glob("*.yml"))


def rules() -> list[dict[str, Any]]:
    """All rules of all files."""
    return [
        rule
        for file in RULES
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


ALERTING = [rule for rule in rules() if "alert" in rule]
NAMES = [rule["alert"] for rule in ALERTING]


@pytest.mark.parametrize("rule", ALERTING, ids=NAMES)
def test_an_alert_says_how_urgent_it_is_what_is_wrong_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "ticket", "none"}
    assert rule["annotations"]["summary"] and rule["annotations"]["description"].endswith((".", "stops."))
    page = ROOT / rule["annotations"]["runbook_url"]
    assert page.parent == ROOT / "docs" / "runbooks"
    assert rule["alert"] in page.read_text(encoding="utf-8").splitlines()[0]


def test_every_runbook_belongs_to_an_alert_and_is_listed() -> None:
    folder = ROOT / "docs" / "runbooks"
    pages = {page.name for page in folder.glob("*.md")} - {"README.md"}
    assert pages == {pathlib.Path(rule["annotations"]["runbook_url"]).name for rule in ALERTING}

    index = (folder / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == pages
    assert all(name in index for name in NAMES)


def test_every_metric_in_a_rule_is_exported_or_recorded() -> None:
    known = set(metrics.series())
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        expression = rule["expr"]
        assert set(re.findall(r"\b(?:job|job_\w+):[\w:]+", expression)) <= recorded
        plain = re.sub(r"\b(?:job|job_\w+):[\w:]+", "", expression)
        assert set(re.findall(r"\bshule_\w+", plain)) <= known, expression


def test_recorded_names_follow_level_metric_operations() -> None:
    for rule in rules():
        if "record" in rule:
            assert re.fullmatch(r"job(?:_[a-z]+)*:shule_[a-z_]+:[a-z0-9_]+", rule["record"])


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_is_tested_to_fire_and_to_stay_silent(name: str) -> None:
    cases = [
        case
        for file in TESTS
        for test in yaml.safe_load(file.read_text(encoding="utf-8"))["tests"]
        for case in test.get("alert_rule_test", [])
        if case["alertname"] == name
    ]

    assert any(case["exp_alerts"] for case in cases)
    if name != "Watchdog":  # it never is silent: that is its news
        assert any(not case["exp_alerts"] for case in cases)


def run(*command: str) -> None:
    """Run a checker, showing what it says when it refuses."""
    ended = subprocess.run(command, cwd=ALERTS / "tests", capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_prometheus_accepts_the_configuration_and_the_rules(promtool: str) -> None:
    run(promtool, "check", "config", str(MONITORING / "prometheus" / "prometheus.yml"))
    run(promtool, "check", "rules", "--lint-fatal", *map(str, RULES))


def test_the_rules_fire_and_stay_silent_as_their_tests_say(promtool: str) -> None:
    run(promtool, "test", "rules", *map(str, TESTS))


def test_the_configuration_scrapes_the_demos_exporter_and_reads_the_rules() -> None:
    config = yaml.safe_load((MONITORING / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}

    assert jobs["shule"]["static_configs"] == [{"targets": ["127.0.0.1:9464"]}]
    assert jobs["shule"]["sample_limit"] > 0
    assert config["rule_files"] == ["../alerts/*.yml"]
