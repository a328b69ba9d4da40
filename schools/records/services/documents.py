"""Documents come into a file and leave it."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import ids, saving, storage
from identity.models import User
from schools.people.models import Staff, Student
from schools.records.models import Document

KINDS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
MOST = 60


@transaction.atomic
def add_document(
    *, person: Student | Staff, kind: str, name: str, content: bytes, by: User | None, at: datetime,
    expires_on: date | None = None,
) -> Document:  # fmt: skip
    """Keep a PDF or picture in somebody's file; what it is is read from its first bytes, not from its name."""
    errors: dict[str, list[str]] = {}
    suffix = next((suffix for start, suffix in KINDS.items() if content.startswith(start)), "")
    if not content or not suffix:
        errors["file"] = [_("Choose a PDF, JPEG or PNG file.")]
    elif len(content) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        errors["file"] = [_("This file is larger than %(max)s MB. Choose a smaller one.") % {"max": most}]
    field = "student" if isinstance(person, Student) else "staff"
    if Document.objects.filter(**{field: person}).count() >= MOST:
        errors["file"] = [_("There are %(n)s documents already. Remove one first.") % {"n": MOST}]
    document = Document(**{field: person}, added_by=by, size=len(content), file="-")
    saving.put(document, {"kind": kind, "name": name, "expires_on": expires_on})
    saving.check(document, errors)
    document.file = storage.save(f"documents/{ids.uuid7()}.{suffix}", content)
    document.save()
    said = {"document": [None, str(document)], "expires_on": str(expires_on or "")}
    audit.record("document.added", on=person, by=by, at=at, changes=said)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: User | None, at: datetime) -> None:
    """Take a document out of the file; its bytes go with it."""
    document = Document.objects.lock(document.pk)
    path = document.file
    audit.record("document.removed", on=document.person, by=by, at=at, changes={"document": [str(document), None]})
    document.delete()
    transaction.on_commit(lambda: storage.delete(path))
