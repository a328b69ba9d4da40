"""What goes along with a student: one file with the record, sealed by the platform for the school.

A ZIP of `record.json`, the files that it names with their SHA-256, and `seal.txt`: an HMAC-SHA256 over `record.json`
and the sending school's id. A byte that was changed anywhere makes it unreadable.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from core import saving, scope, storage
from schools.academics import queries as academics
from schools.people.choices import IdentifierType
from schools.people.models import Photo, Student
from schools.records.models import Care, Document
from schools.records.policies import FIELDS
from schools.transfers.models import Transfer

_SALT = "schools.transfers.package"
LARGEST = 60 * 1024 * 1024
MOST_FILES = 80
TRAVELS = [one.value for one in IdentifierType if one != IdentifierType.PREVIOUS]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was opened: whose seal it bears, the record, and the files by name."""

    school: str
    record: dict[str, Any]
    files: dict[str, bytes]


def write(transfer: Transfer, student: Student) -> bytes:
    """The package of a student of the current school."""
    here = scope.current_school()
    files: dict[str, bytes] = {}
    record = {
        "format": 1,
        "school": {"id": here.id, "name": here.name},
        "student": {
            name: _plain(getattr(student, name))
            for name in ("first_name", "middle_name", "last_name", "date_of_birth", "sex", "boarding", "nationality",
                         "county", "admission_number", "admitted_on")
        },
        "identifiers": [
            {"type": one.type, "value": one.value, "issued_on": _plain(one.issued_on)}
            for one in student.identifiers.filter(type__in=TRAVELS)
        ],
        "guardians": [
            {
                "first_name": tie.guardian.first_name, "last_name": tie.guardian.last_name, "phone": tie.guardian.phone,
                "email": tie.guardian.email, "relationship": tie.relationship,
            }
            for tie in student.guardianships.select_related("guardian").order_by("call_order", "pk")
            if not tie.is_restricted
        ],
        "classes": [
            {"class": one.school_class.name, "year": one.school_class.year.name, "from": _plain(one.starts_on),
             "to": _plain(one.ends_on)}
            for one in academics.history_of(student)
        ],
        "last_day": _plain(transfer.last_day),
        "reason": transfer.reason,
        "photo": _photo(student, files),
        "documents": _documents(student, files) if transfer.with_documents else [],
        "care": _care(student) if transfer.with_care else {},
    }  # fmt: skip
    record["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    packed = orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.json", packed)
        archive.writestr("seal.txt", _seal(here.id, packed))
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(content: bytes) -> Package:
    """Open a package; raises DomainError naming `file` for one that is broken, changed, or from elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if len(names) > MOST_FILES + 2 or sum(one.file_size for one in archive.infolist()) > LARGEST:
                raise saving.wrong("file", _("This package is too large."))
            held = {name: archive.read(name) for name in names}
        record = orjson.loads(held.pop("record.json"))
        seal, school = held.pop("seal.txt").decode(), str(record["school"]["id"])
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, TypeError, ValueError, RuntimeError, OSError, EOFError):
        raise saving.wrong("file", _("This is no package of a transfer.")) from None
    packed = orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    if not constant_time_compare(seal, _seal(school, packed)) or sums != record["files"]:
        raise saving.wrong("file", _("This package was changed after the school sealed it, or comes from elsewhere."))
    return Package(school, record, held)


def _seal(school: str, packed: bytes) -> str:
    return salted_hmac(f"{_SALT}:{school}", packed, algorithm="sha256").hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _photo(student: Student, files: dict[str, bytes]) -> str:
    photo = Photo.objects.filter(student=student).first()
    if photo is None or not storage.exists(photo.original):
        return ""
    files["photo.jpg"] = storage.read(photo.original)
    return "photo.jpg"


def _documents(student: Student, files: dict[str, bytes]) -> list[dict[str, Any]]:
    found = []
    for number, one in enumerate(Document.objects.filter(student=student)[: MOST_FILES - 1], 1):
        if not storage.exists(one.file):
            continue
        name = f"document-{number}.{one.file.rsplit('.', 1)[-1]}"
        files[name] = storage.read(one.file)
        found.append({"file": name, "kind": one.kind, "name": one.name, "expires_on": _plain(one.expires_on)})
    return found


def _care(student: Student) -> dict[str, str]:
    care = Care.objects.filter(student=student).first()
    fields = [name for group in FIELDS.values() for name in group]
    return {name: getattr(care, name) for name in fields if getattr(care, name)} if care else {}
