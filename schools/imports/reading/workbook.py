"""Excel workbooks, opened only after their sizes are known to be harmless; formulas are seen and never calculated."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from django.utils.translation import gettext as _

from schools.imports.reading.table import MOST_COLUMNS, Line, Table, Unreadable, gather

MOST_UNPACKED = 60_000_000
MOST_RATIO = 200
RATIO_FROM = 1_000_000
MOST_PARTS = 2_000
MOST_SHEET_ROWS = 1_048_576
WIDEST = 16_384
_COLUMN = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{4,})')


def read(content: bytes) -> Table:
    """The table of the first sheet that holds anything; raises Unreadable."""
    _check_package(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        except Unreadable:
            raise
        except Exception as error:  # openpyxl raises whatever a damaged part makes of it: KeyError, ValueError, …
            raise _broken() from error
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            for sheet in sheets:
                if _holds_anything(sheet):
                    return gather(_lines(sheet), f"Excel, {sheet.title}"[:120])
        except Unreadable:
            raise
        except Exception as error:  # the same, for a damaged or hostile sheet
            raise _broken() from error
        finally:
            book.close()
    raise Unreadable(_("The workbook is empty."))


def _check_package(content: bytes) -> None:
    """What the archive says of itself, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            unpacked = sum(part.file_size for part in parts)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable(_("This workbook has a password. Save it without one."))
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or any(_is_bomb(part) for part in parts):
                raise Unreadable(_("The workbook is far larger inside than outside and is not opened."))
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Unreadable(
                    _("Workbooks with macros are not opened. Save it as .xlsx or CSV and choose that file.")
                )
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise Unreadable(
                    _("The name ends in .xlsx, but this is no Excel workbook. Save it again as .xlsx or CSV.")
                )
            for name in names:
                if name.startswith("xl/worksheets/") and _is_too_wide(package, name):
                    raise Unreadable(
                        _("The sheet has more than %(n)d columns. Take away the columns that are not needed.")
                        % {"n": MOST_COLUMNS}
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise _broken() from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise _broken() from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)


def _is_too_wide(package: zipfile.ZipFile, name: str) -> bool:
    """True when a cell stands in a column of four letters or more, which no spreadsheet has."""
    with package.open(name) as part:
        tail = b""
        while piece := part.read(1 << 20):
            if _COLUMN.search(tail + piece):
                return True
            tail = piece[-200:]
    return False


def _broken() -> Unreadable:
    return Unreadable(_("The workbook is damaged or cut off. Open it in Excel, save it again, and choose that file."))


def _holds_anything(sheet: Any) -> bool:
    return any(any(cell.strip() for cell in line.cells) for line in _lines(sheet))


def _lines(sheet: Any) -> Iterator[Line]:
    told = sheet.max_column
    sheet.reset_dimensions()
    width = MOST_COLUMNS + 1 if told is not None and told <= MOST_COLUMNS else min(told or 400, WIDEST)
    blank: Any = None  # openpyxl hands out one and the same row for every gap, and gaps may be a million long
    for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
        if number > MOST_SHEET_ROWS:
            raise _broken()
        if row is blank:
            continue
        cells: list[str] = []
        formulas: list[int] = []
        for place, cell in enumerate(row):
            value = cell.value
            if value is None:
                cells.append("")
            elif cell.data_type == "f":
                cells.append(str(getattr(value, "text", value)))
                formulas.append(place)
            else:
                cells.append(_text(value))
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank = row
        yield Line(number, cells, formulas)


def _text(value: Any) -> str:
    """A cell as a person would type it: whole numbers without a point, days as 2015-03-04."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{Decimal(repr(value)):f}"
    return str(value).replace("\0", "")
