"""Cards, labels and lists: asked for, watched, fetched."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, storage
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.academics import queries as academics
from schools.papers import forms, policies, queries, services
from schools.papers.choices import BatchKind, BatchState
from schools.people import queries as people
from schools.people import several
from schools.people.choices import StaffStatus
from schools.people.models import Student

PAGE = 25


@require_safe
@allow(policies.may_print)
def index(request: HttpRequest) -> HttpResponse:
    """What was printed lately, and the letters' templates."""
    user = user_of(request)
    page = Paginator(queries.batches_visible_to(user), PAGE).get_page(request.GET.get("page"))
    around = {
        "page_obj": page,
        "classes": list(academics.classes_now(user)),
        "templates": list(queries.templates_visible_to(user)),
        "letters": list(queries.letters_visible_to(user)[:10]),
    }
    return render(request, "papers/index.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_print)
def of_class(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What to print of a class."""
    user = user_of(request)
    found = academics.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    on = min(max(clock.today(), found.year.starts_on), found.year.ends_on)
    roll = list(academics.roll(found, on))
    form = forms.ClassPapersForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kind = form.cleaned_data.pop("kind")
        title = f"{found.name}: {BatchKind(kind).label}"
        try:
            batch = services.ask(
                kind=kind, title=title, ids=[s.pk for s in roll], options=form.cleaned_data, by=user, at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("papers:batch", batch.pk)
    around = {"form": form, "class": found, "roll": roll}
    return render(request, "papers/of_class.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_print)
def cards(request: HttpRequest) -> HttpResponse:
    """ID cards of the chosen students."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        title = ngettext("ID card of %(n)s student", "ID cards of %(n)s students", len(students))
        batch = services.ask(
            kind=BatchKind.CARDS, title=title % {"n": len(students)}, ids=[s.pk for s in students], options=facts,
            by=user, at=clock.now(),
        )  # fmt: skip
        return str(batch.title), redirect("papers:batch", batch.pk)

    def button(n: int) -> str:
        return ngettext("Print %(n)s card", "Print %(n)s cards", n) % {"n": n}

    return several.ask(request, forms.CardsForm, title=_("ID cards"), button=button, act=act)


@require_POST
@allow(policies.may_print)
def staff_cards(request: HttpRequest) -> HttpResponse:
    """ID cards of everybody who works here."""
    user = user_of(request)
    ids = list(people.staff_visible_to(user).exclude(status=StaffStatus.LEFT).values_list("pk", flat=True))
    try:
        batch = services.ask(
            kind=BatchKind.STAFF_CARDS, title=_("ID cards of the staff"), ids=ids, options={}, by=user, at=clock.now()
        )
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("papers:index")
    return redirect("papers:batch", batch.pk)


@require_safe
@allow(policies.may_print)
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far some papers are; the page asks again by itself."""
    found = queries.batch_for(user_of(request), pk)
    around = {"batch": found, "people": len(found.ids), "is_waiting": found.state == BatchState.WAITING}
    if request.headers.get("HX-Request"):
        return render(request, "papers/batch.html#now", around)
    return render(request, "papers/batch.html", around)


@require_safe
@allow(policies.may_print)
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The PDF of a batch."""
    found = queries.batch_for(user_of(request), pk)
    if found.state != BatchState.DONE:
        raise NotFound("These papers are not ready.")
    return as_pdf(storage.read(found.file), found.title)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """A download of a PDF."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name) or "paper"}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
