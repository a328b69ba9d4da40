"""Whether a run kept to its budgets."""

import tomllib
from pathlib import Path
from typing import Any

from locust.stats import RequestStats

FILE = Path(__file__).parent / "budgets.toml"


def broken(stats: RequestStats, budgets: dict[str, Any] | None = None) -> list[str]:
    """One line for each budget that the run broke."""
    given = tomllib.loads(FILE.read_text()) if budgets is None else budgets
    total, lines = stats.total, []
    if total.num_requests < given["all"]["requests"]:
        lines.append(f"only {total.num_requests} requests were made, {given['all']['requests']} are the least")
    if total.num_failures > given["all"]["failures"]:
        lines.append(f"{total.num_failures} failures, {given['all']['failures']} are allowed")
    measured = {f"{entry.method} {entry.name}": entry for entry in stats.entries.values()}
    for name, most in given["p95_ms"].items():
        if name not in measured:
            lines.append(f"{name} was never asked for")
        elif (p95 := measured[name].get_response_time_percentile(0.95)) > most:
            lines.append(f"{name}: p95 {p95:.0f} ms, {most} ms are allowed")
    return lines
