"""What every new school starts with; each domain registers its own part."""

from collections.abc import Callable
from datetime import datetime

from tenants.models import School

Seed = Callable[[School, datetime], None]
_seeds: dict[str, tuple[int, Seed]] = {}


def register(name: str, seed: Seed, *, order: int = 50) -> None:
    """Add a domain's first rows; called inside the new school's schema and the step's transaction."""
    _seeds[name] = (order, seed)


def sow(school: School, at: datetime) -> None:
    """Run every registered seed, lowest order first."""
    for _order, seed in sorted(_seeds.values(), key=lambda entry: entry[0]):
        seed(school, at)
