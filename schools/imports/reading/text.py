"""CSV as spreadsheets write it: any usual separator, and the encodings that Excel uses."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from schools.imports.reading.table import LONGEST_CELL, MOST_COLUMNS, Line, Table, Unreadable, gather

SEPARATORS = ",;\t|"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")
_NUMBER = re.compile(r"^[+-][\d\s().,/-]*\d[\d\s().,/-]*%?$")
_BREAK = re.compile(r"\r\n|\n|\r")
LONGEST_LINE = LONGEST_CELL * MOST_COLUMNS


def read(content: bytes) -> Table:
    """The table of a CSV file; raises Unreadable."""
    written, encoding = _decode(content)
    found = _BINARY.search(written)
    if found is not None:
        row = len(_BREAK.findall(written, 0, found.start())) + 1
        if found.group() == "\0":
            raise Unreadable(_("Row %(row)d holds a NUL character: this is not a CSV file.") % {"row": row})
        raise Unreadable(_("Row %(row)d holds characters of no writing: this is not a CSV file.") % {"row": row})
    said = re.match(r"sep=(.)\r?\n", written)
    skipped = 0
    if said is not None:
        written, skipped = written[said.end() :], 1
    for number, line in enumerate(_BREAK.split(written), 1):
        if len(line) > LONGEST_LINE or sum(line.count(one) for one in SEPARATORS) > LONGEST_LINE // 2:
            raise Unreadable(
                _("Row %(row)d has more than %(n)d columns. Take away the columns that are not needed.")
                % {"row": number + skipped, "n": MOST_COLUMNS}
            )
    separator = said.group(1) if said is not None and said.group(1) in SEPARATORS else _separator(written)
    return gather(_lines(written, separator, skipped), f"CSV, {encoding}")


def _decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: a byte-order mark tells, then UTF-8 if it fits, then Windows Latin."""
    tries: list[str]
    if content.startswith(codecs.BOM_UTF8):
        tries = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        tries = ["utf-32"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    else:
        tries = [*_without_mark(content), "utf-8", "cp1252"]
    for encoding in tries:
        try:
            return content.decode(encoding), {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}.get(
                encoding, encoding.upper()
            )
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The letters of this file cannot be read. Save it as “CSV UTF-8” and choose that file."))


def _without_mark(content: bytes) -> list[str]:
    """UTF-16 without its mark shows in every second byte of plain letters being zero."""
    sample = content[:400]
    if len(sample) < 4:
        return []
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.6 and even < 0.1:
        return ["utf-16-le"]
    if even > 0.6 and odd < 0.1:
        return ["utf-16-be"]
    return []


def _separator(written: str) -> str:
    """The separator that gives the head most columns while the first rows keep to its width."""
    best, chosen = (0.0, 0), ","
    for one in SEPARATORS:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(io.StringIO(written, newline=""), delimiter=one):
                if any(cell.strip() for cell in row):
                    rows.append(row)
                if len(rows) == 50:
                    break
        except csv.Error:
            pass
        width = len(rows[0]) if rows else 0
        same = sum(1 for row in rows if len(row) == width)
        if width > 1 and (score := (round(same / len(rows), 1), width)) > best:
            best, chosen = score, one
    return chosen


def _lines(written: str, separator: str, skipped: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
    number = skipped
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                raise Unreadable(
                    _("Row %(row)d has a cell of more than %(n)s characters.")
                    % {"row": number, "n": f"{LONGEST_CELL:,}"}
                ) from None
            raise Unreadable(
                _("The quotation marks of row %(row)d do not close, or the file is cut off there.") % {"row": number}
            ) from None
        yield Line(number, [plain(cell) for cell in row], [n for n, cell in enumerate(row) if is_formula(cell)])


def is_formula(cell: str) -> bool:
    """True for a cell that a spreadsheet would calculate; +254 722 418 093 and -3 are none."""
    cell = cell.lstrip()
    return cell.startswith(("=", "@")) or (cell[:1] in ("+", "-") and len(cell) > 1 and not _NUMBER.match(cell))


def plain(cell: str) -> str:
    """The text behind a cell that was made safe with an apostrophe."""
    quoted = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and quoted.startswith(FORMULA) else cell


def safe(cell: str) -> str:
    """The cell as a file holds it without beginning a formula; `plain` gives it back exactly."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell
