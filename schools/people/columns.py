"""The student list's own columns beside the name."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from identity import roles
from schools.people import directory, queries
from schools.people.models import Guardianship
from schools.people.templatetags.people import phone

_NOBODY = SafeString('<span class="muted">–</span>')


def _first(ids: Sequence[UUID]) -> Mapping[UUID, Guardianship]:
    return queries.first_guardians(ids)


def _cell(tie: Guardianship | None) -> str:
    if tie is None:
        return _NOBODY
    return format_html("{}<small>{}</small>", tie.guardian.short_name, phone(tie.guardian.phone))


def _name(tie: Guardianship | None) -> str:
    return tie.guardian.full_name if tie else ""


def _number(tie: Guardianship | None) -> str:
    return phone(tie.guardian.phone) if tie else ""


def _nothing(value: Any) -> str:
    return ""


OWN = (
    directory.Column("guardian", _("Guardian"), _first, _cell, _name, roles.STAFF, order=30, css="c-guard"),
    directory.Column(
        "guardian_phone", _("Guardian’s phone"), _first, _nothing, _number, roles.STAFF, 31, on_page=False
    ),
)
