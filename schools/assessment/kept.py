"""Marks that a phone kept while it had no signal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError, NotAllowed
from identity.models import User
from schools.assessment import forms, policies, saving
from schools.offline import kinds
from schools.offline.choices import State
from schools.offline.kinds import Answer, Captured
from schools.people.models import Student


def take(user: User, body: Mapping[str, Any], captured: Captured, at: datetime) -> Answer:
    """Save `{"marks": [{"id", "value", "seen"}]}`; `lines` answer each cell as the grid's own saves do.

    A mark that somebody changed since it was seen is refused, never overwritten: it comes back in words.
    """
    if not policies.may_open_marks(user):
        raise NotAllowed(_("You may not enter marks here."))
    cells = saving.asked(body)
    if cells is None:
        raise DomainError(_("Send the marks as JSON."))
    results = saving.save(user, cells, at=at)
    refused = {one["id"]: forms.cell(one["id"], "", "", "") for one in results if not one["ok"]}
    if not refused:
        return Answer(lines=results)
    students = Student.objects.in_bulk([one.student_id for one in refused.values() if one])
    for one in results:
        cell = refused.get(one["id"])
        if cell is not None and cell.student_id in students:
            one["name"] = students[cell.student_id].short_name
    message = ngettext("%(n)d mark was not taken.", "%(n)d marks were not taken.", len(refused)) % {"n": len(refused)}
    return Answer(State.REJECTED if len(refused) == len(results) else State.PARTLY, message, results)


def register() -> None:
    """Let phones send marks."""
    kinds.register("assessment.marks", take)
