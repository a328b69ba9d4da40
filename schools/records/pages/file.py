"""Care, alerts and consent of one student, and who looked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from identity import roles
from identity.access import allow, user_of
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Student
from schools.records import forms, policies, queries, services
from schools.records.models import Alert, Care

PAGE = 50


def care_tab(request: HttpRequest, student: Student) -> dict[str, Any]:
    """The parts that this user may see; looking is noted."""
    user = user_of(request)
    groups = policies.groups_seen(user, student)
    care = Care.objects.filter(student=student).first()
    parts = queries.shown(care, groups)
    if not user.has_role(roles.GUARDIAN, roles.STUDENT):
        seen = [str(group) for group, lines in parts if lines]
        services.note_look(student=student, groups=seen, by=user, at=clock.now())
    return {
        "parts": parts,
        "alerts": queries.alerts_of(user, [student.pk], clock.today()).get(student.pk, []),
        "may_change_care": policies.may_change_care(user),
        "looks": list(queries.looks_visible_to(user).filter(student=student)[:10]),
    }


def consent_tab(request: HttpRequest, student: Student) -> dict[str, Any]:
    """Every purpose with its newest answer, and the buttons to answer."""
    user = user_of(request)
    return {
        "answers": queries.consents_of(student),
        "may_answer": policies.may_answer_consent(user),
        "is_office": people_policies.is_office(user),
        "answerers": list(student.guardians.order_by("first_name", "pk")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_care)
def care_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the care record."""
    user = user_of(request)
    student = queries.student_for(user, pk)
    care = Care.objects.filter(student=student).first()
    form = forms.CareForm(request.POST if request.method == "POST" else None, instance=care)
    if form.is_bound and form.is_valid():
        try:
            services.change_care(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student_tab", pk, "care")
    if not form.is_bound and care is not None:
        groups = [str(group) for group, lines in queries.shown(care, policies.groups_seen(user, student)) if lines]
        services.note_look(student=student, groups=groups, by=user, at=clock.now())
    title = _("Care of %(name)s") % {"name": student.short_name}
    return _form(request, form, title, _("Save the care record"), student, "care")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_care)
def alert_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have something stand out."""
    user = user_of(request)
    student = queries.student_for(user, pk)
    form = forms.AlertForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.add_alert(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student_tab", pk, "care")
    title = _("Alert about %(name)s") % {"name": student.short_name}
    return _form(request, form, title, _("Add the alert"), student, "care")


def _form(request: HttpRequest, form: Any, title: str, button: str, student: Student, tab: str) -> HttpResponse:
    page = {
        "form": form, "title": title, "button": button, "student": student,
        "back": reverse("people:student_tab", args=[student.pk, tab]),
    }  # fmt: skip
    return render(request, "records/form.html", page, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_change_care)
def alert_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an alert down."""
    user = user_of(request)
    alert = Alert.objects.filter(pk=pk, student__in=people.visible_to(user).order_by().values("pk")).first()
    if alert is None:
        raise NotFound("There is no such alert.")
    services.end_alert(alert=alert, by=user, at=clock.now())
    messages.success(request, _("The alert is gone"))
    return redirect("people:student_tab", alert.student_id, "care")


@require_POST
@allow(policies.may_answer_consent)
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A guardian's own answer, or one that the office got on paper."""
    user = user_of(request)
    student = queries.student_for(user, pk)
    office = people_policies.is_office(user)
    own = people.guardian_of(user)
    if not office and not people.children_of(user).filter(student=student).exists():
        raise NotAllowed("Only a guardian answers for a child.")
    form = forms.AnswerForm(request.POST, student=student)
    if not form.is_valid():
        messages.warning(request, _("Choose the answer, and who gave it."))
        return redirect("people:student_tab", pk, "consent")
    try:
        services.answer(
            student=student, purpose=form.cleaned_data["purpose"], given=form.cleaned_data["given"] == "yes",
            guardian=form.cleaned_data["guardian"] if office else own, on_paper=office, by=user, at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Noted"))
    return redirect("people:student_tab", pk, "consent")


@require_safe
@allow(policies.may_read_looks)
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at whose sensitive record, the newest first."""
    found = queries.looks_visible_to(user_of(request))
    who = request.GET.get("q", "").replace("\0", "").strip()[:80]
    if who:
        found = found.filter(name__icontains=who)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "records/looks.html", {"page_obj": page, "looks": list(page)})
