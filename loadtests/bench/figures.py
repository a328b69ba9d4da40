"""One measured figure beside what was promised, and the page that keeps them: a section for each command."""

import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
HEAD = "# Performance\n\nWall times are noisy on shared cores; ratios and bytes hold.\n"


@dataclass(frozen=True)
class Figure:
    """What was measured, how much it was and how much it may be (None: nothing was promised), in the same unit."""

    what: str
    measured: float
    at_most: float | None
    unit: str

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.at_most is None or self.measured <= self.at_most

    def row(self) -> str:
        """A line of the table."""
        unit = f" {self.unit}" if self.unit else ""
        promised = "" if self.at_most is None else f"≤ {_short(self.at_most)}{unit}"
        word = "" if self.at_most is None else _word(self.kept)
        return f"| {self.what} | {_short(self.measured)}{unit} | {promised} | {word} |"


def section(title: str, command: str, figures: Iterable[Figure]) -> str:
    """A table with machine and date."""
    rows = "\n".join(figure.row() for figure in figures)
    return (
        f"## {title}\n\nMeasured by `{command}` on {datetime.now(UTC):%d %B %Y}: {machine()}.\n\n"
        f"| figure | measured | promised | |\n|---|---|---|---|\n{rows}\n"
    )


def keep(path: Path, title: str, text: str) -> None:
    """Put a section into the page, in the place of the one of its title or at the end."""
    head, *sections = re.split(r"^(?=## )", path.read_text() if path.exists() else HEAD, flags=re.MULTILINE)
    kept = {part.partition("\n")[0].removeprefix("## "): part.rstrip("\n") for part in sections}
    kept[title] = text.rstrip("\n")
    path.write_text("\n\n".join([head.rstrip("\n"), *kept.values()]) + "\n")


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
