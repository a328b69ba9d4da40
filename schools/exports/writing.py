"""A table as CSV, as an Excel workbook, or on paper."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core import clock, scope, typeset
from core.errors import Unprocessable
from schools.exports.sheets import Table
from web import csvfile

MOST_ON_PAPER = 10_000
LANDSCAPE_FROM = 7
LIST = Path(__file__).parent / "typst" / "list.typ"
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def write(kind: str, title: str, table: Table) -> tuple[bytes, int]:
    """The file, and how many rows it holds; raises Unprocessable when they are too many for paper."""
    writer = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}[kind]
    return writer(title, table)


def _csv(title: str, table: Table) -> tuple[bytes, int]:
    pieces, rows = [csvfile.BOM, csvfile.lines([table.head])], 0
    for batch in table.batches:
        pieces.append(csvfile.lines([[_plain(cell) for cell in row] for row in batch]))
        rows += len(batch)
    return "".join(pieces).encode(), rows


def _xlsx(title: str, table: Table) -> tuple[bytes, int]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(title))
    sheet.freeze_panes = "A2"
    for place, name in enumerate(table.head, 1):
        wide = table.wide[place - 1] if table.wide else 3
        sheet.column_dimensions[get_column_letter(place)].width = max(len(name) + 2, wide * 7)
    sheet.append([_bold(sheet, name) for name in table.head])
    rows = 0
    for batch in table.batches:
        for row in batch:
            sheet.append([_cell(sheet, value) for value in row])
        rows += len(batch)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), rows


def _pdf(title: str, table: Table) -> tuple[bytes, int]:
    lines: list[Sequence[str]] = []
    for batch in table.batches:
        lines += [[_shown(cell) for cell in row] for row in batch]
        if len(lines) > MOST_ON_PAPER:
            raise Unprocessable(
                _("More than %(n)s rows are too many for paper: narrow the list, or take it as Excel or CSV.")
                % {"n": f"{MOST_ON_PAPER:,}"}
            )
    data = {
        "school": scope.current().name,
        "title": title,
        "note": table.note,
        "printed": date_format(clock.today(), "j F Y"),
        "page": _("Page"),
        "of": _("of"),
        "empty": _("Nobody and nothing matches."),
        "head": list(table.head),
        "wide": list(table.wide or [3] * len(table.head)),
        "right": sorted(table.numbers),
        "rows": lines,
        "landscape": len(table.head) >= LANDSCAPE_FROM,
    }
    return typeset.pdf(LIST, data), len(lines)


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "List"


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, csvfile.safe(text))
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: object) -> Any:
    """Numbers and days stay what they are; a text that begins like a formula stays a text."""
    if value is None or (isinstance(value, (int, float, Decimal, date)) and not isinstance(value, (bool, datetime))):
        return value
    cell = WriteOnlyCell(sheet, _printable(_plain(value)))
    cell.data_type = "s"
    return cell


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.hex if isinstance(value, UUID) else str(value)


def _shown(value: object) -> str:
    return date_format(value, "j M Y") if isinstance(value, date) and not isinstance(value, datetime) else _plain(value)


def _printable(value: str) -> str:
    """Without the control characters that a workbook cannot hold."""
    return "".join(c for c in value if c >= " " or c in "\t\n")
