"""How far a rollout is, at what rate, and how long it still takes."""

import time
from dataclasses import dataclass

from tenants import context
from tenants.fleet import claim
from tenants.models import UpgradeState


@dataclass(frozen=True, slots=True)
class Progress:
    """One look at a rollout; `rate` is schools in a second since this run began."""

    total: int
    done: int
    failed: int
    rate: float

    @property
    def left(self) -> int:
        """Schools still to come."""
        return self.total - self.done - self.failed

    def __str__(self) -> str:
        said = f"{self.done:,} of {self.total:,} schools"
        if self.failed:
            said += f", {self.failed:,} failed"
        if self.rate and self.left:
            said += f", {self.rate:.1f} a second, about {self.left / self.rate:,.0f} s to go"
        return said


class Watch:
    """Looks at one rollout from the moment this run began."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._began = time.monotonic()
        self._before = self._counts()

    def look(self) -> Progress:
        """How far it is now."""
        total, done, failed = self._counts()
        moved = done + failed - self._before[1] - self._before[2]
        return Progress(total, done, failed, moved / max(time.monotonic() - self._began, 0.001))

    def _counts(self) -> tuple[int, int, int]:
        with context.in_public():
            counts = claim.counts_by_wave(self._target)
        by_state = {
            state: sum(n for (_wave, s), n in counts.items() if s == state)
            for state in (UpgradeState.DONE, UpgradeState.FAILED)
        }
        return sum(counts.values()), by_state[UpgradeState.DONE], by_state[UpgradeState.FAILED]
