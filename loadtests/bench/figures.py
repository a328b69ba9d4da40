"""One measured figure beside what was promised."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """What was measured, how much it was and how much it may be, in the same unit."""

    what: str
    measured: float
    at_most: float
    unit: str

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.measured <= self.at_most

    def row(self) -> str:
        """A line of the table."""
        unit = f" {self.unit}" if self.unit else ""
        return f"| {self.what} | {_short(self.measured)}{unit} | ≤ {_short(self.at_most)}{unit} | {_word(self.kept)} |"


def page(figures: Iterable[Figure]) -> str:
    """The whole page, with machine and date."""
    rows = "\n".join(figure.row() for figure in figures)
    return (
        "# Performance\n\n"
        f"Measured by `make bench` on {datetime.now(UTC):%d %B %Y}: {machine()}.\n"
        "Wall times are noisy on shared cores; ratios and bytes hold.\n\n"
        f"| figure | measured | promised | |\n|---|---|---|---|\n{rows}\n"
    )


def machine() -> str:
    """Processor, cores, memory and Python, without a name that says whose it is."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def _word(kept: bool) -> str:
    return "kept" if kept else "**missed**"
