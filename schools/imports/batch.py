"""Some rows on their way in."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from identity.models import User
from schools.bulk.ledger import Ledger
from schools.imports.choices import Mode, Outcome
from schools.imports.models import Run


class Wrong(ValueError):
    """A cell that is not what its column should hold; the message is a sentence."""


@dataclass(slots=True)
class Row:
    """One row: `number` as the spreadsheet shows it, `index` counted under the head, what was typed and what it means.

    Parts leave what they found or made in `found` for the parts above them.
    """

    number: int
    index: int
    columns: Mapping[str, str]
    typed: dict[str, str]
    values: dict[str, Any]
    misread: list[tuple[str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    outcome: Outcome | None = None
    found: dict[str, Any] = field(default_factory=dict)

    def fresh(self) -> "Row":
        """The same row before anybody prepared it."""
        return Row(self.number, self.index, self.columns, self.typed, self.values, self.misread, list(self.misread))

    def refuse(self, key: str, message: str) -> None:
        """Say what is wrong with a field of the row; "" for the row as a whole."""
        if (key, message) not in self.problems:
            self.problems.append((key, message))


@dataclass(slots=True)
class Batch:
    """Rows that are prepared and written together. `memory` lasts from batch to batch."""

    rows: list[Row]
    run: Run
    mapped: Collection[str]
    ledger: Ledger
    memory: dict[str, Any]
    by: User | None
    at: datetime

    def working(self) -> Iterator[Row]:
        """The rows that nobody refused and that are not left as they are."""
        return (row for row in self.rows if not row.problems and row.outcome is not Outcome.SKIP)

    def option(self, part: str, name: str, default: Any = None) -> Any:
        """What was chosen in a part's form."""
        return self.run.options.get(part, {}).get(name, default)

    @property
    def adds(self) -> bool:
        """True when rows may become new records."""
        return self.run.mode in (Mode.INSERT, Mode.BOTH, Mode.SYNC)

    @property
    def changes(self) -> bool:
        """True when rows may change records that are there."""
        return self.run.mode in (Mode.UPDATE, Mode.BOTH, Mode.SYNC)
