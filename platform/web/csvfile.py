"""CSV that a spreadsheet opens safely: a cell never begins a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.text import slugify

FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def safe(value: object) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets an apostrophe in front (OWASP)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV text with CRLF (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def response(name: str, head: Sequence[object], batches: Iterator[str]) -> StreamingHttpResponse:
    """A download that is written while it is read: the head, then batches of `lines`."""

    def pieces() -> Iterator[str]:
        yield BOM + lines([head])
        yield from batches

    answer = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "list"}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
