"""From records to PDFs: cards, labels, tick lists and letters."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import clock, scope, storage, typeset
from schools.papers import markup, queries, tokens
from schools.papers.choices import Layout
from schools.papers.models import Card, Letter
from schools.people.models import Photo, Student
from schools.records import queries as records
from schools.records.choices import Purpose
from web import school

FOLDER = Path(__file__).parent / "typst"
PHOTO_WIDTH = "256"
ANY_MASK = 3


def address_of(token: str) -> str:
    """What the QR code opens: the school's own host."""
    scheme, _colon, _rest = settings.PUBLIC_URL.partition("://")
    host = scope.current().host or settings.PUBLIC_URL.partition("://")[2]
    return f"{scheme}://{host}/verify/{token}"


def cards(found: Sequence[Card], layout: str) -> bytes:
    """ID cards of 85.6 × 54 mm (ISO/IEC 7810 ID-1), ten on a page or one."""
    students = [card.student for card in found if card.student is not None]
    classes = queries.classes_of(students)
    photos = _photos([s.pk for s in students], [card.staff.pk for card in found if card.staff is not None])
    files: dict[str, bytes] = {}
    shown: list[dict[str, Any]] = []
    for place, card in enumerate(found):
        holder = card.holder
        photo = photos.get(holder.pk)
        if photo is not None:
            files[f"p{place}.jpg"] = photo
        files[f"q{place}.png"] = _qr(address_of(tokens.token_of(tokens.CARD, card.pk)))
        shown.append(
            {
                "name": holder.full_name,
                "line": classes.get(holder.pk, "") if isinstance(holder, Student) else holder.job_title,
                "number": holder.admission_number if isinstance(holder, Student) else holder.staff_number,
                "kind": _("Student") if isinstance(holder, Student) else _("Staff"),
                "until": date_format(card.valid_until, "j M Y"),
                "initials": "".join(part[0] for part in (holder.first_name, holder.last_name) if part).upper(),
                "photo": f"p{place}.jpg" if photo is not None else "",
                "qr": f"q{place}.png",
            }
        )
    words = {"until": _("Valid until"), "number": _("No.")}
    data = {"school": _school(), "cards": shown, "sheet": layout == Layout.SHEET, "words": words}
    return typeset.pdf(FOLDER / "cards.typ", data, files=files, tagged=False)


def labels(students: Sequence[Student]) -> bytes:
    """Labels on A4 sheets of three by eight (63.5 × 33.9 mm): name, class, admission number."""
    classes = queries.classes_of(students)
    shown = [{"name": s.full_name, "line": classes.get(s.pk, ""), "number": s.admission_number} for s in students]
    return typeset.pdf(FOLDER / "labels.typ", {"school": scope.current().name, "labels": shown})


def tick_list(title: str, students: Sequence[Student], columns: Sequence[str]) -> bytes:
    """A list with empty columns to tick or write in."""
    data = {
        "school": scope.current().name,
        "title": title,
        "printed": date_format(clock.today(), "j F Y"),
        "head": [_("No."), _("Name")],
        "columns": list(columns),
        "rows": [[s.admission_number, s.full_name] for s in students],
    }
    return typeset.pdf(FOLDER / "ticks.typ", data)


def letter(found: Letter, *, preview: bool = False) -> bytes:
    """A letter as it was issued; set again it reads the same."""
    with translation.override(found.language):
        token = "" if preview else tokens.token_of(tokens.LETTER, found.pk)
        files = {} if preview else {"qr.png": _qr(address_of(token))}
        data: Mapping[str, Any] = {
            "school": _school(),
            "title": found.title,
            "reference": "" if preview else found.reference,
            "day": date_format(found.issued_at, "j F Y"),
            "blocks": markup.blocks(found.text),
            "signed_by": found.signed_by,
            "role": _("Head of the school"),
            "verify": _("Scan to verify"),
            "preview": _("Preview") if preview else "",
            "revoked": _("No longer valid") if found.revoked_at else "",
            "language": found.language,
        }
        return typeset.pdf(FOLDER / "letter.typ", data, files=files)


def plain_letter(*, title: str, text: str, language: str, signed_by: str) -> bytes:
    """A letter on the school's paper that is numbered and verified elsewhere, such as an offer of a place."""
    data: Mapping[str, Any] = {
        "school": _school(), "title": title, "reference": "", "day": date_format(clock.today(), "j F Y"),
        "blocks": markup.blocks(text), "signed_by": signed_by, "role": _("Head of the school"), "verify": "",
        "preview": "", "revoked": "", "language": language,
    }  # fmt: skip
    return typeset.pdf(FOLDER / "letter.typ", data)


def _school() -> dict[str, str]:
    facts = school.current()
    here = scope.current()
    accent = facts.accent if facts else "#0b6e4f"
    return {
        "name": here.name, "place": facts.place if facts else "", "motto": facts.motto if facts else "",
        "accent": accent if len(accent) == 7 else "#0b6e4f",
    }  # fmt: skip


def _photos(student_ids: Sequence[UUID], staff_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The JPEG that a card needs, of those who have a usable photo and whose guardians did not refuse it."""
    refused = records.refused(student_ids, Purpose.PHOTO_SCHOOL)
    rows = [*Photo.objects.filter(student__in=set(student_ids) - refused), *Photo.objects.filter(staff__in=staff_ids)]
    found: dict[UUID, bytes] = {}
    for photo in rows:
        path = photo.variants.get(PHOTO_WIDTH, {}).get("jpeg", "")
        owner = photo.student_id or photo.staff_id
        if path and owner:
            found[owner] = storage.read(path)
    return found


def _qr(address: str) -> bytes:
    """A picture of one point per module. A sealed token is as good as random, so no mask is better than another."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, boost_error=False, mask=ANY_MASK).save(out, kind="png", border=0)
    return out.getvalue()


def end_of(year_ends: date | None) -> date:
    """How long a new card is valid: to the end of the school year, else for a year."""
    today = clock.today()
    if year_ends is not None and year_ends > today:
        return year_ends
    return today.replace(year=today.year + 1, day=min(today.day, 28))
