"""What a school may use, one change at a time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from console.forms import LimitForm
from console.pages.school import found
from console.policies import may_operate
from core import clock
from core.errors import DomainError
from identity.access import allow, user_of
from identity.forms import refuse
from tenants import entitlements


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_operate)
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Each limit beside what is usual, and a form that changes one of them; left empty, the usual comes back."""
    school = found(slug)
    form = LimitForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            name, number = form.cleaned_data["limit"], form.cleaned_data["number"]
            try:
                entitlements.set_limits(school_id=school.pk, limits={name: number}, by=user_of(request), at=clock.now())
                messages.success(request, _("The limit holds from the next request on."))
                return HttpResponseRedirect(reverse("console:limits", args=[school.slug]))
            except DomainError as error:
                status = error.status
                refuse(form, {"number": error.errors.get(name, ())}, error.message)
    around = {"one": school, "form": form, "holdings": entitlements.of(school)}
    return render(request, "console/limits.html", around, status=status)
