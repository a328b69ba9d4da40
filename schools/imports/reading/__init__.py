"""From an uploaded file to a table of text, or to one sentence that says why not."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from schools.imports.reading import text, workbook
from schools.imports.reading.table import LARGEST, Table, Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXTS = {".csv", ".txt", ".tsv"}
_REFUSED = {
    ".xls": "old",
    ".xlsm": "macro",
    ".xltm": "macro",
    ".xlsb": "binary",
    ".ods": "other",
    ".numbers": "other",
}


def read(name: str, content: bytes) -> Table:
    """The file's table; raises Unreadable naming what is wrong and where."""
    ending = PurePath(name).suffix.lower()
    if ending in _REFUSED:
        if _REFUSED[ending] == "macro":
            raise Unreadable(_("Workbooks with macros are not opened. Save it as .xlsx or CSV and choose that file."))
        raise Unreadable(
            _("%(ending)s files cannot be read. Save it as .xlsx or CSV and choose that file.") % {"ending": ending}
        )
    if ending not in TEXTS and ending != ".xlsx":
        raise Unreadable(_("Choose a CSV file or an Excel workbook (.xlsx)."))
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > LARGEST:
        raise Unreadable(_("The file has more than %(n)d MB. Divide it.") % {"n": LARGEST // 1024 // 1024})
    if content.startswith(OLE):
        raise Unreadable(
            _("This workbook has a password, or is of the old .xls kind. Save it as .xlsx without a password.")
        )
    packed = content.startswith((ZIP, b"PK\x05\x06"))
    if packed and ending != ".xlsx":
        raise Unreadable(
            _("The name ends in %(ending)s, but this is a workbook or an archive. A workbook's name ends in .xlsx.")
            % {"ending": ending}
        )
    if ending == ".xlsx":
        if not packed:
            raise Unreadable(_("The name ends in .xlsx, but this is no Excel workbook. Save it again as .xlsx or CSV."))
        return workbook.read(content)
    return text.read(content)
