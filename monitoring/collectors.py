"""Figures that are counted when the exporter is asked for them: schools by state, queues, the outbox."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from prometheus_client import core

from monitoring import metrics, probes

Collect = Callable[[], Iterable[metrics.Reading]]

_log = logging.getLogger("shule.metrics")
_registered: dict[str, probes.Probe] = {}


def register(name: str, collect: Collect, timeout: float = 3.0) -> None:
    """Add a collector: it gives readings of scraped gauges; raising or answering late costs only its own figures."""
    _registered[name] = probes.Probe(name, lambda: _readings(collect), timeout)
    metrics.COLLECTOR_ERRORS.labels(name)


def clear() -> None:
    """Forget all collectors (tests)."""
    _registered.clear()


class ScrapedGauges:
    """The scraped gauges as one Prometheus collector, for the exporter's own process only."""

    def collect(self) -> Iterator[core.Metric]:
        """Ask every registered collector at once and give what they read, one family per gauge."""
        readings: list[metrics.Reading] = []
        for outcome in probes.ask(list(_registered.values())):
            readings.append(metrics.COLLECTOR_DURATION.reading(outcome.seconds, collector=outcome.name))
            if outcome.error is None:
                readings.extend(cast(list[metrics.Reading], outcome.value))
            else:
                metrics.COLLECTOR_ERRORS.labels(outcome.name).inc()
                _log.warning("%s could not be collected: %s", outcome.name, outcome.error)
        for gauge in metrics.SCRAPED:
            family = core.GaugeMetricFamily(gauge.name, gauge.documentation, labels=gauge.labels)
            for reading in readings:
                if reading.gauge == gauge:
                    family.add_metric(reading.labels, reading.value)
            if family.samples:
                yield family


def _readings(collect: Collect) -> list[metrics.Reading]:
    """What a collector reads, checked here in its own thread, where a mistake costs only its own figures."""
    readings = list(collect())
    for reading in readings:
        if not isinstance(reading, metrics.Reading):
            raise TypeError(f"{reading!r} is no reading of a gauge")
    return readings
