"""The empty file of an importer, as CSV or as a workbook whose choices are lists."""

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from schools.imports import registry
from schools.imports.records import Words
from web import csvfile

ROWS = 2000
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(importer: registry.Importer, kind: str) -> bytes:
    """The file: a head of every field that is known, and one example."""
    fields = list(importer.fields({}).values())
    return _xlsx(importer, fields) if kind == "xlsx" else _csv(fields)


def _csv(fields: list[registry.Field]) -> bytes:
    head, example = [str(field.label) for field in fields], [field.example for field in fields]
    return (csvfile.BOM + csvfile.lines([head, example])).encode()


def _xlsx(importer: registry.Importer, fields: list[registry.Field]) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = str(importer.label)[:31]
    sheet.freeze_panes = "A2"
    for place, field in enumerate(fields, 1):
        head = sheet.cell(1, place, str(field.label))
        head.font = Font(bold=True)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, len(str(field.label)) + 2)
        # Numbers with leading zeros and dates stay as they are typed.
        sheet.column_dimensions[letter].number_format = "@"
        sheet.cell(2, place, field.example).number_format = "@"
        if field.hint:
            head.comment = Comment(str(field.hint), "")
        if isinstance(field.parse, Words):
            _offer(sheet, letter, field.parse.offered())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer(sheet: Any, letter: str, words: list[str]) -> None:
    """A list to choose from; a spreadsheet takes at most 255 characters of it."""
    said = ",".join(word.replace(",", " ") for word in words)
    if len(said) > 250:
        return
    known = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True, errorTitle=_("Choose from the list"))
    sheet.add_data_validation(known)
    known.add(f"{letter}2:{letter}{ROWS}")
