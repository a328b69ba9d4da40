"""Saving cells of the marks grid, each for itself: those that can be, with a sentence for each that cannot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from identity.models import User
from schools.assessment import forms, grading, policies, queries, services
from schools.assessment.models import Assessment, Mark

MOST_CELLS = 500
Asked = list[tuple[str, str, str]]


def asked(body: Any) -> Asked | None:
    """Id, value and seen version of each cell of `{"marks": [...]}`; None when it is not what the grid sends."""
    rows = body.get("marks") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or len(rows) > MOST_CELLS or not all(isinstance(row, dict) for row in rows):
        return None
    return [
        (str(row.get("id", ""))[:80], str(row.get("value", ""))[:40], str(row.get("seen", ""))[:40]) for row in rows
    ]


def save(user: User, cells: Asked, *, at: datetime) -> list[dict[str, Any]]:
    """An answer for each cell: `{"id", "ok", "level", "band", "seen"}` or `{"id", "ok": False, "message"}`."""
    results: dict[str, dict[str, Any]] = {}
    found: list[forms.Cell] = []
    for key, value, seen in cells:
        one = forms.cell(key, value, seen, "")
        if one is None:
            results[key] = {"id": key, "ok": False, "message": _("This cell is not known. Read the page again.")}
        else:
            found.append(one)
    papers = {paper.pk: paper for paper in queries.visible_to(user).filter(pk__in={one.assessment_id for one in found})}
    for paper_id in dict.fromkeys(one.assessment_id for one in found):
        group = [one for one in found if one.assessment_id == paper_id]
        results.update(_answers(user, papers.get(paper_id), group, at=at))
    return [results[key] for key in dict.fromkeys(key for key, _value, _seen in cells)]


def _answers(
    user: User, paper: Assessment | None, group: Sequence[forms.Cell], *, at: datetime
) -> dict[str, dict[str, Any]]:
    """Save the cells of one assessment: those that can be, with a sentence for each that cannot."""
    if paper is None or not policies.can_enter(user, paper):
        words = _("You may not enter marks here.")
        return {one.key: {"id": one.key, "ok": False, "message": words} for one in group}
    refused: dict[str, str] = {}
    left = list({one.student_id: one for one in group}.values())
    while left:
        try:
            outcome = services.enter_marks(assessment=paper, entries=[one.entry() for one in left], by=user, at=at)
        except DomainError as error:
            known = {key: " ".join(words) for key, words in error.errors.items()}
            bad = [one for one in left if str(one.student_id) in known]
            if not bad:
                refused.update({one.key: error.message for one in left})
                left = []
            refused.update({one.key: known[str(one.student_id)] for one in bad})
            left = [one for one in left if one not in bad]
        else:
            scale = queries.scale_of(paper.scale)
            saved = {one.key: _saved(one, outcome.marks.get(one.student_id), scale) for one in left}
            return {**saved, **_refusals(refused)}
    return _refusals(refused)


def _saved(one: forms.Cell, mark: Mark | None, scale: grading.Scale) -> dict[str, Any]:
    grade = mark.grade if mark else ""
    return {
        "id": one.key, "ok": True, "level": grade or ("–" if mark else ""), "band": scale.tone(grade) or "no",
        "seen": mark.version if mark else "",
    }  # fmt: skip


def _refusals(refused: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    return {key: {"id": key, "ok": False, "message": words} for key, words in refused.items()}
