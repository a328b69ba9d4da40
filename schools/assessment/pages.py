"""Sittings, the marks grid, results and grading scales as pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from identity.access import allow, user_of
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import SchoolClass, Subject, Term
from schools.assessment import forms, grading, policies, queries, saving, services
from schools.assessment.choices import AssessmentStatus
from schools.assessment.models import Assessment, GradingScale
from schools.people.models import Student

Typed = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the grid as it is drawn."""

    key: str
    label: str
    maximum: str
    value: str
    seen: str
    version: str
    level: str
    tone: str
    locked: bool
    sits: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Line:
    """One learner of the grid."""

    number: int
    name: str
    squares: list[Square]
    entered: int
    expected: int


@require_safe
@allow(policies.may_open_marks)
def sittings(request: HttpRequest) -> HttpResponse:
    """The sittings of a term with how far the marks are."""
    user = user_of(request)
    term = _term(request.GET.get("term", ""))
    papers = queries.visible_to(user).filter(term=term) if term else queries.visible_to(user).none()
    return render(
        request,
        "assessment/sittings.html",
        {
            "term": term,
            "terms": academics.terms_visible_to(user).order_by("-starts_on")[:6],
            "sittings": queries.sittings(papers),
            "may_set": policies.may_set(user),
            "may_change_scales": policies.may_change_scales(user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set)
def create(request: HttpRequest) -> HttpResponse:
    """Set a sitting for one class over several subjects at once."""
    user = user_of(request)
    classes = [one for one in _classes(user) if _subjects(user, one)]
    chosen = request.POST.get("class") or request.GET.get("class", "")
    school_class = next((one for one in classes if str(one.pk) == chosen), classes[0] if len(classes) == 1 else None)
    term = academics.current_term()
    form = forms.SittingForm(request.POST or None, initial={"date": clock.today().isoformat()})
    rows = forms.paper_rows(_subjects(user, school_class), request.POST or None) if school_class else []
    problem = ""
    if request.method == "POST" and school_class and term:
        papers = forms.papers(rows)
        if form.is_valid() and not any(row.problem for row in rows):
            try:
                made = services.create_sitting(
                    school_class=school_class, term=term, papers=papers, by=user, at=clock.now(), **form.cleaned_data
                )
            except DomainError as error:
                problem = error.message
                for name, words in error.errors.items():
                    if name in form.fields:
                        form.add_error(name, words)
            else:
                return HttpResponseRedirect(reverse("assessment:grid", args=[school_class.pk, made[0].pk]))
    status = 400 if request.method == "POST" else 200
    context = {
        "classes": classes, "school_class": school_class, "term": term, "form": form, "rows": rows, "problem": problem,
    }  # fmt: skip
    return render(request, "assessment/create.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_open_marks)
def grid(request: HttpRequest, class_id: UUID, sitting_id: UUID) -> HttpResponse:
    """Learners by subjects: a form that saves every changed cell, or none."""
    user = user_of(request)
    papers = _papers(user, class_id, sitting_id)
    if request.method == "POST":
        changed = forms.cells(request.POST)
        problems, status, message = _save(user, papers, changed)
        if not problems:
            done = ngettext("%(n)d mark saved", "%(n)d marks saved", len(changed)) % {"n": len(changed)}
            messages.success(request, done)
            return HttpResponseRedirect(reverse("assessment:grid", args=[class_id, sitting_id]))
        typed = {cell.key: (cell.typed, problems.get(cell.key, "")) for cell in changed}
        return _grid_page(request, user, papers, sitting_id, typed, message, status)
    return _grid_page(request, user, papers, sitting_id, {}, "", 200)


def _grid_page(
    request: HttpRequest,
    user: User,
    papers: Sequence[Assessment],
    sitting_id: UUID,
    typed: Typed,
    message: str,
    status: int,
) -> HttpResponse:
    shown = queries.grid(papers, user, clock.now())
    first = papers[0]
    lines = [_line(number, student, shown, typed) for number, student in enumerate(shown.students, start=1)]
    mine = [column for column in shown.columns if column.can_enter and column.open]
    ready = next((column for column in mine if column.entered and column.entered >= len(column.sitters)), None)
    may_publish = policies.may_publish(user)
    closed = [paper for paper in papers if paper.status == AssessmentStatus.CLOSED]
    return render(
        request,
        "assessment/grid.html",
        {
            "school_class": first.school_class,
            "name": first.name,
            "term": first.term,
            "closes_at": min((paper.closes_at for paper in papers if paper.closes_at), default=None),
            "columns": shown.columns,
            "lines": lines,
            "entered": sum(column.entered for column in shown.columns),
            "expected": sum(len(column.sitters) for column in shown.columns),
            "can_save": bool(mine),
            "ready": ready,
            "to_publish": len([p for p in closed if not p.published_at])
            if may_publish and len(closed) == len(papers)
            else 0,
            "may_publish": may_publish,
            "sitting_id": sitting_id,
            "message": message,
            "status": status,
            "spans": queries.scales_of([first])[first.scale_id].spans(),
            "scale": queries.scales_of([first])[first.scale_id],
        },
        status=status,
    )


@require_POST
@allow(policies.may_open_marks)
def cells(request: HttpRequest) -> JsonResponse:
    """The grid's own saves: `{"marks": [{"id", "value", "seen"}]}` gives an answer for each cell."""
    try:
        asked = saving.asked(orjson.loads(request.body))
    except orjson.JSONDecodeError:
        asked = None
    if asked is None:
        return JsonResponse({"detail": _("Send the marks as JSON."), "results": []}, status=400)
    return JsonResponse({"results": saving.save(user_of(request), asked, at=clock.now())})


def _save(user: User, papers: Sequence[Assessment], changed: Sequence[forms.Cell]) -> tuple[dict[str, str], int, str]:
    """Save the changed cells of the whole grid, or none: the problem of each cell, a status, and the first sentence."""
    problems: dict[str, str] = {}
    status, message = 200, ""
    known = {paper.pk: paper for paper in papers}
    with transaction.atomic():
        for paper_id in dict.fromkeys(one.assessment_id for one in changed):
            group = [one for one in changed if one.assessment_id == paper_id]
            paper = known.get(paper_id)
            if paper is None or not policies.can_enter(user, paper):
                raise NotAllowed(_("You may not enter marks here."))
            try:
                services.enter_marks(assessment=paper, entries=[one.entry() for one in group], by=user, at=clock.now())
            except DomainError as error:
                message = message or error.message
                status = max(status, error.status)
                for one in group:
                    words = error.errors.get(str(one.student_id)) if error.errors else [error.message]
                    if words:
                        problems[one.key] = " ".join(words)
        if problems:
            transaction.set_rollback(True)
    return problems, status, message


@require_POST
@allow(policies.may_open_marks)
def act(request: HttpRequest, class_id: UUID, sitting_id: UUID) -> HttpResponse:
    """Hand in, reopen, publish or withdraw one subject of a sitting, or all of them."""
    user = user_of(request)
    papers = _papers(user, class_id, sitting_id)
    wanted = request.POST.get("assessment", "")
    chosen = [paper for paper in papers if not wanted or str(paper.pk) == wanted]
    what = request.POST.get("act", "")
    if not chosen or what not in ("close", "reopen", "publish", "withdraw"):
        raise NotFound(_("There is no such subject in this sitting."))
    if what == "close":
        if not all(policies.can_enter(user, paper) for paper in chosen):
            raise NotAllowed(_("Only who teaches the subject, or the office, hands its marks in."))
    elif not policies.may_publish(user):
        raise NotAllowed(_("Only the office reopens and publishes marks."))
    try:
        messages.success(request, _done(what, chosen, user))
    except Conflict as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("assessment:grid", args=[class_id, sitting_id]))


def _done(what: str, chosen: Sequence[Assessment], user: User) -> str:
    at = clock.now()
    if what == "publish":
        n = services.publish(assessments=chosen, by=user, at=at)
        return ngettext("%(n)d subject published", "%(n)d subjects published", n) % {"n": n}
    if what == "withdraw":
        n = services.withdraw(assessments=chosen, by=user, at=at)
        return ngettext("%(n)d subject hidden from families", "%(n)d subjects hidden from families", n) % {"n": n}
    service = services.close if what == "close" else services.reopen
    with transaction.atomic():
        for paper in chosen:
            service(assessment=paper, by=user, at=at)
    names = ", ".join(paper.subject.name for paper in chosen)
    if what == "close":
        return _("Handed in: %(subjects)s") % {"subjects": names}
    return _("Open again: %(subjects)s") % {"subjects": names}


@require_safe
@allow(policies.may_open_results)
def results(request: HttpRequest) -> HttpResponse:
    """The published results of one's children, or one's own."""
    user = user_of(request)
    children = queries.family_of(user)
    asked = request.GET.get("child", "")
    chosen = next((child for child in children if str(child.pk) == asked), children[0] if children else None)
    return render(
        request,
        "assessment/results.html",
        {
            "children": children,
            "chosen": chosen,
            "sheets": queries.sheets(user, chosen, published_only=True) if chosen else [],
            "classes": academics.open_classes([child.pk for child in children]),
        },
    )


@require_safe
@allow(policies.may_change_scales)
def scales(request: HttpRequest) -> HttpResponse:
    """How scores become grades at this school."""
    rows = [(row, queries.scale_of(row).spans()) for row in queries.scales_visible_to(user_of(request))]
    return render(request, "assessment/scales.html", {"scales": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_scales)
def scale(request: HttpRequest, scale_id: UUID | None = None) -> HttpResponse:
    """Add a grading scale, or change one."""
    user = user_of(request)
    held = queries.scales_visible_to(user).filter(pk=scale_id).first() if scale_id else None
    if scale_id and held is None:
        raise NotFound(_("There is no such grading scale."))
    form = forms.ScaleForm(request.POST or None, initial=_scale_facts(held))
    if held is not None:
        form.fields["basis"].disabled = form.fields["maximum"].disabled = True
    rows = forms.band_rows(request.POST or None, _band_facts(held))
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            if held is None:
                services.create_scale(bands=forms.bands(rows), by=user, at=clock.now(), **facts)
            else:
                services.change_scale(
                    scale=held, bands=forms.bands(rows), name=facts["name"], decimals=facts["decimals"],
                    is_default=facts["is_default"], by=user, at=clock.now(),
                )  # fmt: skip
        except DomainError as error:
            problems = [words for key, said in error.errors.items() for words in said] or [error.message]
        else:
            messages.success(request, _("Saved"))
            return HttpResponseRedirect(reverse("assessment:scales"))
    context = {"form": form, "rows": rows, "held": held, "problems": problems}
    return render(request, "assessment/scale.html", context, status=400 if request.method == "POST" else 200)


def _scale_facts(held: GradingScale | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {name: getattr(held, name) for name in ("name", "basis", "maximum", "decimals", "is_default")}


def _band_facts(held: GradingScale | None) -> list[dict[str, str]]:
    if held is None:
        return []
    return [
        {
            "code": band.code,
            "name": band.name,
            "lower": grading.plain(band.lower),
            "points": grading.plain(band.points) if band.points is not None else "",
        }
        for band in reversed(queries.scale_of(held).bands)
    ]


def _line(number: int, student: Student, shown: queries.Grid, typed: Typed) -> Line:
    squares = [_square(student, column, shown, typed) for column in shown.columns]
    sits = [square for square in squares if square.sits]
    return Line(number, student.short_name, squares, sum(1 for square in sits if square.seen), len(sits))


def _square(student: Student, column: queries.Column, shown: queries.Grid, typed: Typed) -> Square:
    paper = column.assessment
    key = forms.key_of(paper.pk, student.pk)
    mark = shown.marks.get((paper.pk, student.pk))
    value = "" if mark is None else "AB" if mark.score is None else grading.plain(mark.score)
    shown_value, problem = typed.get(key, (value, ""))
    grade = mark.grade if mark else ""
    maximum = grading.plain(paper.maximum)
    return Square(
        key=key,
        label=_("%(name)s, %(subject)s, out of %(max)s")
        % {"name": student.short_name, "subject": paper.subject.name, "max": maximum},
        maximum=maximum,
        value=shown_value[:20],
        seen=f"{mark.version} {value}" if mark else "",
        version=mark.version if mark else "",
        level="" if problem else grade or ("–" if mark else ""),
        tone=shown.scales[paper.scale_id].tone(grade) or "no",
        locked=not (column.open and column.can_enter),
        sits=student.pk in column.sitters,
        problem=problem,
    )


def _papers(user: User, class_id: UUID, sitting_id: UUID) -> list[Assessment]:
    papers = queries.sitting_of(queries.visible_to(user), class_id, sitting_id)
    if not papers:
        raise NotFound(_("There are no such marks among yours."))
    return papers


def _term(asked: str) -> Term | None:
    """The term asked for by its id, else the current one."""
    try:
        found = Term.objects.filter(pk=UUID(asked)).first() if asked else None
    except ValueError:
        found = None
    return found or academics.current_term()


def _classes(user: User) -> Sequence[SchoolClass]:
    if policies.sees_all(user):
        return list(academics.classes_now(user))
    taught = academics.teaching_groups_of(user)
    ids = {group.school_class_id for group in taught if group.school_class_id}
    chosen = [group for group in taught if group.school_class_id is None]
    if chosen:
        inside = academics.enrolled_on(clock.today()).filter(student__teaching_groups__in=chosen)
        ids |= set(inside.values_list("school_class", flat=True))
    return list(SchoolClass.objects.filter(pk__in=ids).select_related("grade_level", "stream", "year"))


def _subjects(user: User, school_class: SchoolClass) -> list[Subject]:
    subjects = list(academics.subjects_visible_to(user))
    here = {group.subject_id for group in school_class.teaching_groups.all()}
    return forms.subjects_on_offer(
        school_class,
        [subject for subject in subjects if subject.pk in here],
        policies.can_set_for(user, school_class),
        subjects,
    )
