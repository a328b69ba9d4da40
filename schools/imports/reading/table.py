"""A table as every kind of file gives it: text in rows, with the numbers that a spreadsheet shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from core.errors import Unprocessable

LARGEST = 12 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
MOST_TEXT = 40_000_000


class Unreadable(Unprocessable):
    """The file cannot be brought in; the message says what is wrong and where."""

    code = "unreadable_file"

    def __init__(self, message: str) -> None:
        super().__init__(message, errors={"file": [message]})


@dataclass(slots=True)
class Line:
    """One row of the file: its number as a spreadsheet shows it, its cells, and which of them are formulas."""

    number: int
    cells: list[str]
    formulas: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A head and rows under it; `source` tells how the file was read."""

    header: list[str]
    lines: list[Line]
    source: str


def gather(lines: Iterable[Line], source: str) -> Table:
    """Check the limits while reading; blank rows are passed over, and the first other row is the head."""
    found = _within_limits(lines)
    head = next(found, None)
    if head is None:
        raise Unreadable(_("The file is empty."))
    rows = list(found)
    if not rows:
        raise Unreadable(_("The file has a head and no rows under it."))
    width = max(len(head.cells), *(len(row.cells) for row in rows))
    while width and not any(len(row.cells) >= width and row.cells[width - 1].strip() for row in (head, *rows)):
        width -= 1
    if width > MOST_COLUMNS:
        raise _too_wide(head.number)
    for row in rows:
        row.cells = (row.cells + [""] * width)[:width]
    return Table(_named((head.cells + [""] * width)[:width]), rows, source)


def _within_limits(lines: Iterable[Line]) -> Iterator[Line]:
    number = total = 0
    for line in lines:
        if not any(cell.strip() for cell in line.cells):
            continue
        if len(line.cells) > MOST_COLUMNS and any(cell.strip() for cell in line.cells[MOST_COLUMNS:]):
            raise _too_wide(line.number)
        line.cells = line.cells[:MOST_COLUMNS]
        for place, cell in enumerate(line.cells, 1):
            if len(cell) > LONGEST_CELL:
                raise Unreadable(
                    _("Row %(row)d, column %(column)d has more than %(n)s characters.")
                    % {"row": line.number, "column": place, "n": f"{LONGEST_CELL:,}"}
                )
            total += len(cell)
        number += 1
        if number > MOST_ROWS + 1:
            raise Unreadable(_("The file has more than %(n)s rows. Divide it.") % {"n": f"{MOST_ROWS:,}"})
        if total > MOST_TEXT:
            raise Unreadable(_("The file holds too much text. Divide it."))
        yield line


def _too_wide(number: int) -> Unreadable:
    return Unreadable(
        _("Row %(row)d has more than %(n)d columns. Take away the columns that are not needed.")
        % {"row": number, "n": MOST_COLUMNS}
    )


def _named(head: Sequence[str]) -> list[str]:
    """Each column with a name of its own: what is empty is called by its letter, what repeats is numbered."""
    names: list[str] = []
    for place, cell in enumerate(head):
        name = " ".join(cell.split())[:120] or _("Column %(letter)s") % {"letter": letter(place)}
        same, number = name, 2
        while same in names:
            same, number = f"{name} ({number})", number + 1
        names.append(same)
    return names


def letter(place: int) -> str:
    """The letters a spreadsheet gives the column, counted from 0."""
    said = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        said = chr(65 + rest) + said
    return said
