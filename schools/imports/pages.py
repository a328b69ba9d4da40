"""The way in, page by page: history, file, columns, check, progress, result; and the files to take home."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.exports import sheets, writing
from schools.imports import engine, forms, limits, matching, policies, queries, registry, rows, services, templating
from schools.imports.choices import State
from schools.imports.models import Run
from schools.imports.reading.table import LARGEST

IMPORTER = "roll"
PAGE = 25
SHOWN = 50
SAMPLES = 3


@require_safe
@allow(policies.may_import)
def index(request: HttpRequest) -> HttpResponse:
    """Every import of the school, the newest first."""
    page = Paginator(queries.visible_to(user_of(request)), PAGE).get_page(request.GET.get("page"))
    user = user_of(request)
    around = {
        "page_obj": page,
        "runs": list(page),
        "may_set_limit": policies.may_set_limit(user),
        "limit": limits.limit(),
    }
    return render(request, "imports/index.html", around)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_import)
def new(request: HttpRequest, kind: str = IMPORTER) -> HttpResponse:
    """Choose a file; it is read at once, and one that cannot be read is refused with the reason."""
    user = user_of(request)
    importer = registry.get(kind)
    data = request.POST if request.method == "POST" else None
    form = forms.UploadForm(data, request.FILES if data is not None else None, modes=importer.modes())
    parts = {
        part.key: part.at_upload(data, part.key, {}, user) for part in importer.in_order() if part.at_upload is not None
    }
    if data is not None and all([form.is_valid(), *(one.is_valid() for one in parts.values())]):
        file = form.cleaned_data["file"]
        try:
            run = services.receive(
                importer=importer.key,
                file_name=file.name or "",
                content=file.read(LARGEST + 1),
                mode=form.cleaned_data["mode"],
                options={key: _plain(one.cleaned_data) for key, one in parts.items()},
                by=user,
                at=clock.now(),
            )
            return redirect("imports:columns", run.pk)
        except DomainError as error:
            _tell(form, error)
    around = {"form": form, "parts": list(parts.values()), "importer": importer, "importers": registry.every()}
    return render(request, "imports/new.html", around, status=200 if data is None else 400)


@require_safe
@allow(policies.may_import)
def template(request: HttpRequest, kind: str = IMPORTER, ext: str = "csv") -> HttpResponse:
    """An empty file with the columns that are known, and one example."""
    if ext not in templating.KINDS:
        raise NotFound("There is no such file.")
    importer = registry.get(kind)
    answer = HttpResponse(templating.write(importer, ext), content_type=templating.KINDS[ext])
    answer["Content-Disposition"] = f'attachment; filename="{slugify(str(importer.label)) or kind}.{ext}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_import)
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which column is which; what was said for the same head before is there already."""
    user = user_of(request)
    run = queries.run_for(user, pk)
    if run.state not in (State.READ, State.CHECKED):
        return redirect("imports:run", run.pk)
    importer = registry.get(run.importer)
    data = request.POST if request.method == "POST" else None
    known = matching.remembered(run)
    before = run.options if run.mapping else {**(known.options if known else {}), **run.options}
    before = {key: {**(known.options.get(key, {}) if known else {}), **chosen} for key, chosen in before.items()}
    chosen_filter = run if run.mapping or known is None else known
    only = forms.FilterForm(data, run, {"column": chosen_filter.filter_column, "value": chosen_filter.filter_value})
    parts = {
        part.key: part.at_columns(data, part.key, before, user)
        for part in importer.in_order()
        if part.at_columns is not None
    }
    matched = _matched(data, run) if data is not None else (run.mapping or matching.suggest(run))
    wrong: list[str] = []
    if data is not None:
        wrong = _doubled(data, run)
        if not wrong and all([only.is_valid(), *(one.is_valid() for one in parts.values())]):
            try:
                services.match(
                    run=run,
                    mapping=matched,
                    options={
                        key: {**run.options.get(key, {}), **_plain(one.cleaned_data)} for key, one in parts.items()
                    },
                    filter_column=int(only.cleaned_data["column"]) if only.cleaned_data["column"] else None,
                    filter_value=only.cleaned_data["value"],
                    by=user,
                    at=clock.now(),
                )
                return redirect("imports:run", run.pk)
            except DomainError as error:
                wrong = [m for found in error.errors.values() for m in found] or [error.message]
    samples = [line.cells for line in rows.lines(run)[:SAMPLES]]
    fields = {place: key for key, place in matched.items()}
    around = {
        "run": run,
        "groups": importer.groups(run.options),
        "columns": [(*one, fields.get(one[0], "")) for one in queries.columns_with_samples(run, samples)],
        "only": only,
        "parts": list(parts.values()),
        "wrong": wrong,
        "remembered": known is not None and data is None and not run.mapping,
    }
    return render(request, "imports/columns.html", around, status=200 if data is None else 400)


@require_safe
@allow(policies.may_import)
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where an import stands: being checked, checked, running, done, undone. Only that part for a request of htmx."""
    found = queries.run_for(user_of(request), pk)
    if found.state == State.READ:
        return redirect("imports:columns", found.pk)
    if request.headers.get("HX-Request"):
        return render(request, "imports/run.html#now", _around(found))
    return render(request, "imports/run.html", _around(found))


def _around(found: Run) -> dict[str, Any]:
    at = clock.now()
    done, total = engine.progress(found) if found.is_busy else (0, 0)
    importer = registry.get(found.importer)
    ready = found.count("create") + found.count("update")
    students = found.importer == IMPORTER
    said = ngettext("Bring in %(n)s student", "Bring in %(n)s students", ready)
    if not students:
        said = ngettext("Bring in %(n)s record", "Bring in %(n)s records", ready)
    return {
        "run": found,
        "done": done,
        "total": total,
        "percent": f"{done * 100 // total if total else 0} %",
        "ready": ready,
        "start": said % {"n": f"{ready:,}"},
        "importer": importer,
        "ended": found.count("ended"),
        "ended_names": found.counts.get("named", []),
        "ended_share": round(limits.share(found), 1),
        "limit": limits.limit(),
        "beyond": limits.exceeded(found),
        "problems": list(found.problems.all()[:SHOWN]) if found.count("wrong") else [],
        "problems_shown": SHOWN,
        "matched": [
            (found.header[place], field.label)
            for key, field in importer.fields(found.options).items()
            if (place := found.mapping.get(key)) is not None
        ],
        "filter_name": found.header[found.filter_column] if found.filter_column is not None else "",
        "can_undo": found.can_undo(at),
        "stalled": found.is_stalled(at),
        "result_url": importer.result_url(found.options),
        "result_label": importer.result_label,
        "reasons": found.reason.splitlines(),
    }


@require_POST
@allow(policies.may_import)
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Import what the check let through."""
    found = queries.run_for(user_of(request), pk)
    typed = request.POST.get("confirmed", "").replace(",", "").strip()[:9]
    confirmed = int(typed) if typed.isascii() and typed.isdigit() else None
    by = user_of(request)
    return _do(request, found, lambda: services.start(run=found, confirmed=confirmed, by=by, at=clock.now()))


@require_POST
@allow(policies.may_import)
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a stopped import up again."""
    found = queries.run_for(user_of(request), pk)
    return _do(request, found, lambda: services.go_on(run=found, by=user_of(request), at=clock.now()))


@require_POST
@allow(policies.may_import)
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an import back."""
    found = queries.run_for(user_of(request), pk)
    return _do(request, found, lambda: services.ask_undo(run=found, by=user_of(request), at=clock.now()))


@require_POST
@allow(policies.may_import)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw away a file that was not imported."""
    found = queries.run_for(user_of(request), pk)
    try:
        services.discard(run=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, error.message)
        return redirect("imports:run", pk)
    messages.success(request, _("%(file)s is thrown away") % {"file": found.file_name})
    return redirect("imports:index")


@require_safe
@allow(policies.may_import)
def problems(request: HttpRequest, pk: UUID, ext: str) -> HttpResponse:
    """What is wrong, row by row, as CSV or as a workbook."""
    found = queries.run_for(user_of(request), pk)
    if ext not in templating.KINDS:
        raise NotFound("There is no such file.")
    every = list(found.problems.values_list("row", "column", "value", "message"))
    head = [_("Row"), _("Column"), _("Value"), _("What is wrong")]
    title = _("rows to correct")
    content, _rows = writing.write(ext, title, sheets.Table(head, [every], (1, 3, 3, 6), "", frozenset({0})))
    answer = HttpResponse(content, content_type=templating.KINDS[ext])
    answer["Content-Disposition"] = f'attachment; filename="{slugify(title) or "rows"}.{ext}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_limit)
def limit(request: HttpRequest) -> HttpResponse:
    """How much of a list one file may end without being asked."""
    form = forms.LimitForm(request.POST if request.method == "POST" else None, initial={"percent": limits.limit()})
    if form.is_bound and form.is_valid():
        limits.choose(percent=form.cleaned_data["percent"], by=user_of(request), at=clock.now())
        messages.success(request, _("Saved"))
        return redirect("imports:index")
    return render(request, "imports/limit.html", {"form": form}, status=400 if form.is_bound else 200)


def _do(request: HttpRequest, found: Run, act: Any) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("imports:run", found.pk)


def _matched(data: Mapping[str, Any], run: Run) -> dict[str, int]:
    """Field → column as the selects say it."""
    return {key: place for place in range(len(run.header)) if (key := str(data.get(f"column-{place}", ""))[:80])}


def _doubled(data: Mapping[str, Any], run: Run) -> list[str]:
    """A field that two columns were matched with."""
    fields = registry.get(run.importer).fields(run.options)
    seen: dict[str, str] = {}
    wrong: list[str] = []
    for place, name in enumerate(run.header):
        key = str(data.get(f"column-{place}", ""))
        if key in seen and key in fields:
            wrong.append(
                _("“%(first)s” and “%(second)s” are both matched with %(field)s. Choose one.")
                % {"first": seen[key], "second": name, "field": fields[key].label}
            )
        if key:
            seen[key] = name
    return wrong


def _plain(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned data as JSON holds it."""
    encoder = DjangoJSONEncoder()
    return {
        name: value if value is None or isinstance(value, (str, int, bool)) else encoder.default(value)
        for name, value in cleaned.items()
    }


def _tell(form: django_forms.Form, error: DomainError) -> None:
    for name, found in error.errors.items():
        for message in found:
            form.add_error(name if name in form.fields else None, message)
    if not error.errors:
        form.add_error(None, error.message)
