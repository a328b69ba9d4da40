"""Africa's Talking calls back: delivery reports and opt-outs (docs.africastalking.com/docs/sms/deliveryreports)."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from identity.access import public
from schools.messaging import services
from tenants import callbacks, context
from tenants.models import Step


@csrf_exempt
@require_POST
@public
def report(request: HttpRequest, token: str) -> HttpResponse:
    """`id`, `status`, `phoneNumber`, `failureReason`: stored, then taken once for each (id, status)."""
    return _taken(token, lambda: services.report(facts=request.POST.dict(), by=None, at=clock.now()))


@csrf_exempt
@require_POST
@public
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """`phoneNumber`: this number gets no SMS of the school any more."""
    number = request.POST.get("phoneNumber", "")[:40]
    return _taken(token, lambda: services.opted_out(number=number, by=None, at=clock.now()))


def _taken(token: str, act: Callable[[], object]) -> HttpResponse:
    """200 whatever the report says, so that it is not repeated for ever; 404 for a token that names no school."""
    school = callbacks.school_of(token, "sms")
    if school is None or school.step != Step.LIVE:
        raise Http404
    with context.in_school(school):
        act()
    return HttpResponse(status=200)
