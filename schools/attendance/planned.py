"""What is known of a day beforehand: other domains say who is expected to be away, and registers start from it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Planned:
    """That a student is expected to be away: the school's code, the code of a reason, and words for the teacher.

    `fills` is False when it is only to be seen, as while nobody has approved it.
    """

    code: str
    counts_as: str
    words: str
    reason: str = ""
    fills: bool = True


Source = Callable[[Collection[UUID], date, str], Mapping[UUID, Planned]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a domain that knows; called from AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def of(student_ids: Collection[UUID], day: date, session: str) -> dict[UUID, Planned]:
    """What is planned for these students in a session of a day; who registered last wins."""
    found: dict[UUID, Planned] = {}
    for source in _sources:
        found.update(source(student_ids, day, session))
    return found
