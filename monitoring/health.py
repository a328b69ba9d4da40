"""Whether this process lives and may be given work: a registry of checks, asked together."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from monitoring import metrics, probes

Answer = tuple[int, dict[str, object]]

_log = logging.getLogger("shule.health")


@dataclass
class _Check:
    """A part of the platform that is asked whether it works."""

    probe: probes.Probe
    critical: bool
    failing: bool = False


@dataclass
class _Checks:
    """All registered checks, and whether the critical ones have ever all passed in this process."""

    by_name: dict[str, _Check] = field(default_factory=dict)
    started: bool = False
    guard: threading.Lock = field(default_factory=threading.Lock)


_checks = _Checks()


def register(name: str, check: Callable[[], object], critical: bool, timeout: float = 1.0) -> None:
    """Add a check: it raises when its part does not work; without a critical part no request can be served."""
    _checks.by_name[name] = _Check(probes.Probe(name, check, timeout), critical)
    metrics.HEALTH_FAILURES.labels(name)


def clear() -> None:
    """Forget all checks (tests)."""
    _checks.by_name.clear()
    _checks.started = False


def live() -> Answer:
    """This process answers; nothing else is asked."""
    return 200, {"status": "ok"}


def ready() -> Answer:
    """Whether requests may be sent here: 503 without a critical part, 200 and "degraded" without another."""
    checks = list(_checks.by_name.values())
    outcomes = probes.ask([check.probe for check in checks])
    for check, outcome in zip(checks, outcomes, strict=True):
        _note(check, outcome)
    failing = [outcome.name for outcome in outcomes if outcome.error]
    unavailable = any(check.critical and outcome.error for check, outcome in zip(checks, outcomes, strict=True))
    if not unavailable:
        _checks.started = True
    status = "unavailable" if unavailable else "degraded" if failing else "ok"
    return 503 if unavailable else 200, {
        "status": status,
        "failing": failing,
        "checks": {
            outcome.name: {
                "status": _word(outcome),
                "critical": check.critical,
                "ms": round(outcome.seconds * 1000, 1),
            }
            for check, outcome in zip(checks, outcomes, strict=True)
        },
    }


def startup() -> Answer:
    """503 until every critical part has worked once in this process; then 200 for good."""
    if not _checks.started:
        ready()
    return (200, {"status": "ok"}) if _checks.started else (503, {"status": "starting"})


def summary(**facts: str) -> Answer:
    """What a person wants to see at once: the given facts (version, environment) and whether all parts work."""
    code, answer = ready()
    return code, {**facts, **answer}


def _word(outcome: probes.Outcome) -> str:
    """The outcome in one word; why it failed is for the log, not for whoever asks."""
    if outcome.error is None:
        return "ok"
    return "timeout" if isinstance(outcome.error, probes.TooSlowError) else "failing"


def _note(check: _Check, outcome: probes.Outcome) -> None:
    """Count a failure, and log a change once instead of every second."""
    if outcome.error is not None:
        metrics.HEALTH_FAILURES.labels(outcome.name).inc()
    with _checks.guard:
        changed, check.failing = check.failing != (outcome.error is not None), outcome.error is not None
    if changed and outcome.error is not None:
        _log.warning("%s does not work: %s", outcome.name, outcome.error, extra={"check": outcome.name})
    elif changed:
        _log.info("%s works again", outcome.name, extra={"check": outcome.name})
