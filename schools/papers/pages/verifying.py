"""What a printed QR code opens: whether the paper is genuine, and no more of the person than it needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock, scope, storage
from core.errors import NotFound
from identity.access import public
from schools.papers import queries, tokens
from schools.papers.models import Card, Letter
from tenants import context
from tenants.models import School, State

PHOTO_WIDTH = "256"
OPEN = (State.LIVE, State.READ_ONLY)


@require_safe
@public
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Valid or not; of a card name, photo and class, of a letter kind, name and day."""
    shown = _shown(token)
    around = {"shown": shown, "token": token}
    response = render(request, "papers/verify.html", around, status=200 if shown else 404)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@public
def photo(request: HttpRequest, token: str) -> HttpResponse:
    """The photo of a card that is valid."""
    paper = tokens.paper_of(token)
    with _in_school_of(paper) as found:
        card = Card.objects.filter(pk=paper.id).first() if found and paper and paper.kind == tokens.CARD else None
        shown = queries.shown_of(card, clock.today()) if card else None
        path = shown["photo"].variants.get(PHOTO_WIDTH, {}).get("jpeg", "") if shown and shown["photo"] else ""
        if not path:
            raise NotFound("There is no photo.")
        response = HttpResponse(storage.read(path), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response


def _shown(token: str) -> dict[str, Any] | None:
    paper = tokens.paper_of(token)
    with _in_school_of(paper) as school:
        if paper is None or not school:
            return None
        if paper.kind == tokens.CARD:
            card = Card.objects.select_related("student", "staff").filter(pk=paper.id).first()
            shown = queries.shown_of(card, clock.today()) if card else None
            return {**shown, "kind": "card", "school": school} if shown else None
        letter = Letter.objects.select_related("student").filter(pk=paper.id, revoked_at=None).first()
        if letter is None:
            return None
        return {
            "kind": "letter", "name": letter.student.full_name, "line": letter.get_kind_display(),
            "day": letter.issued_at, "reference": letter.reference, "school": school,
        }  # fmt: skip


@contextmanager
def _in_school_of(paper: tokens.Paper | None) -> Iterator[str]:
    """Stand in the school of a paper, from the platform's host or from its own; its name, or "" for none."""
    here = scope.current()
    if paper is None:
        yield ""
    elif not here.is_public:
        yield here.name if here.id == str(paper.school) else ""
    else:
        school = School.objects.filter(pk=paper.school, state__in=OPEN).first()
        if school is None:
            yield ""
            return
        with context.in_school(school):
            yield school.name
