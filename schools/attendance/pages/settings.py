"""The school's times, rules and codes, as pages of the office."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.attendance import policies, queries, services
from schools.attendance.choices import Code
from schools.attendance.forms import CodeForm, RulesForm
from schools.attendance.models import AttendanceCode, Rules
from schools.people.forms import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_rules)
def rules(request: HttpRequest) -> HttpResponse:
    """The times of the day, and how absences are followed up."""
    held = Rules.objects.order_by("created_at").first()
    form = RulesForm(request.POST if request.method == "POST" else None, instance=held)
    if form.is_bound and form.is_valid():
        try:
            services.change_rules(by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("attendance:day"))
    return render(request, "attendance/rules.html", {"form": form}, status=400 if form.is_bound else 200)


@require_safe
@allow(policies.may_set_rules)
def codes(request: HttpRequest) -> HttpResponse:
    """The school's list of codes."""
    return render(request, "attendance/codes.html", {"rows": queries.all_codes(), "first_four": Code.values})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_rules)
def add_code(request: HttpRequest) -> HttpResponse:
    """A code of the school's own."""
    return _code(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_rules)
def code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change or retire a code."""
    found = AttendanceCode.objects.filter(pk=pk).exclude(code__in=Code.values).first()
    if found is None:
        raise NotFound(_("There is no such code among the school's own."))
    return _code(request, found)


def _code(request: HttpRequest, found: AttendanceCode | None) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        facts, by, at = form.cleaned_data, user_of(request), clock.now()
        try:
            if found is None:
                services.add_code(facts=facts, by=by, at=at)
            else:
                services.change_code(code=found, facts=facts, by=by, at=at)
        except DomainError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(reverse("attendance:codes"))
    return render(request, "attendance/code.html", {"form": form, "code": found}, status=400 if form.is_bound else 200)
