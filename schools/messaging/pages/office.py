"""How the school sends: provider, quiet hours, credit, templates."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, ids
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.messaging import forms, policies, queries, services
from schools.messaging.models import Credit, Settings, Suppression, Template
from schools.people.forms import refuse
from tenants import callbacks

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_up)
def settings_page(request: HttpRequest) -> HttpResponse:
    """Provider, sender name, quiet hours, approval, credit, and the addresses that the provider calls back."""
    user, at = user_of(request), clock.now()
    held = Settings.objects.order_by("created_at").first()
    form = forms.SettingsForm(request.POST if request.method == "POST" else None, instance=held)
    if form.is_bound and form.is_valid():
        key = form.cleaned_data.pop("key") or None
        try:
            services.change_settings(key=key, by=user, at=at, **form.cleaned_data)
            callbacks.token_of("sms")
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("messaging:settings")
    token = callbacks.known_token("sms")
    base = f"{request.scheme}://{settings.PLATFORM_DOMAIN}/callbacks/sms/{token}/" if token else ""
    facts = {
        "form": form,
        "report_url": f"{base}report/" if base else "",
        "opt_out_url": f"{base}opt-out/" if base else "",
        "left": queries.parts_left(at),
        "used": queries.parts_used(at),
        "credits": Credit.objects.select_related("message", "by")[:SHOWN],
        "credit_form": forms.CreditForm(initial={"once": ids.uuid7().hex}),
        "suppressed": Suppression.objects.count(),
    }
    return render(request, "messaging/settings.html", facts, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_set_up)
def credit(request: HttpRequest) -> HttpResponse:
    """Add SMS parts that the school bought."""
    form = forms.CreditForm(request.POST)
    if form.is_valid():
        services.add_credit(by=user_of(request), at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Added to this month's parts."))
    else:
        messages.error(request, _("Type a number of parts from 1 to 1,000,000."))
    return redirect("messaging:settings")


@require_safe
@allow(policies.may_set_up)
def templates(request: HttpRequest) -> HttpResponse:
    """The texts to start from, and those that the system sends."""
    return render(request, "messaging/templates.html", {"rows": Template.objects.order_by("-key", "name")})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_up)
def add_template(request: HttpRequest) -> HttpResponse:
    """A new text."""
    return _template(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_set_up)
def template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a text."""
    found = Template.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This is not there, or not for you."))
    return _template(request, found)


def _template(request: HttpRequest, found: Template | None) -> HttpResponse:
    form = forms.TemplateForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            services.change_template(template=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("messaging:templates")
    return render(
        request, "messaging/template.html", {"form": form, "template": found}, status=400 if form.is_bound else 200
    )
