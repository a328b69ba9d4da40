"""Writing a message, its preview, and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotAllowed, NotFound
from identity.access import allow, user_of
from schools.messaging import audiences, forms, policies, queries, services, texts
from schools.messaging.choices import Channel, State
from schools.messaging.choices import Delivery as Step
from schools.messaging.models import Delivery, Message, Template
from schools.people.forms import refuse

PAGE = 50
BEFORE = (State.DRAFT, State.WAITING, State.SCHEDULED)
OPEN = (*BEFORE, State.SENDING, State.PAUSED)


@require_safe
@allow(policies.may_write)
def sent(request: HttpRequest) -> HttpResponse:
    """What was sent or is being written."""
    user = user_of(request)
    rows = queries.visible_to(user)
    state = request.GET.get("state", "")
    if state in State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = {
        "page_obj": page,
        "states": State.choices,
        "state": state,
        "left": queries.parts_left(clock.now()),
        "unknown": queries.open_unknown(),
        "may_set_up": policies.may_set_up(user),
    }
    return render(request, "messaging/sent.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_write)
def write(request: HttpRequest) -> HttpResponse:
    """A new message; `?template=` starts from one, `?student=` writes to one learner's family."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_write)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a message that has not gone."""
    return _form(request, _own(request, pk))


def _form(request: HttpRequest, message: Message | None) -> HttpResponse:
    user = user_of(request)
    form = forms.MessageForm(
        request.POST if request.method == "POST" else None, instance=message, user=user, initial=_initial(request)
    )
    if form.is_bound and form.is_valid():
        try:
            if message:
                services.change(message=message, by=user, at=clock.now(), **form.said())
            else:
                message = services.write(by=user, at=clock.now(), **form.said())
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("messaging:message", message.pk)
    facts = {
        "form": form,
        "message_": message,
        "templates": Template.objects.filter(is_active=True, key=""),
    }
    return render(request, "messaging/write.html", facts, status=400 if form.is_bound else 200)


def _initial(request: HttpRequest) -> dict[str, Any]:
    chosen = audiences.identifier(request.GET.get("template", ""))
    template = Template.objects.filter(pk=chosen).first() if chosen else None
    found: dict[str, Any] = {"readers": ["guardians"], "channels": [Channel.IN_APP, Channel.SMS]}
    if template:
        found |= {name: getattr(template, name) for name in ("title", "body", "body_sw", "topic")}
    return found


@require_safe
@allow(policies.may_write)
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before it goes: whom it reaches, what each reads, what it costs. After: what became of it."""
    user = user_of(request)
    found = queries.message_for(user, pk)
    facts: dict[str, Any] = {
        "message_": found,
        "audience": audiences.words(found.audience, user),
        "may_change": policies.may_change(user, found),
        "may_approve": policies.may_approve(user),
        "may_read": policies.may_read_text(user, found),
    }
    if found.state in BEFORE:
        facts |= _preview(request, found)
        return render(request, "messaging/preview.html", facts)
    return render(request, "messaging/message.html", {**facts, **_outcome(request, found)})


def _preview(request: HttpRequest, found: Message) -> dict[str, Any]:
    plan, rows = services.plan_of(message=found, at=clock.now())
    shown = "left_out" if request.GET.get("show") == "left_out" else "reached"
    chosen = [row for row in rows if bool(row.why) == (shown == "left_out")]
    return {
        "plan": plan,
        "page_obj": Paginator(chosen, PAGE).get_page(request.GET.get("page")),
        "show": shown,
        "left_out": sum(1 for row in rows if row.why),
        "size": texts.size(found.body),
        "left": queries.parts_left(clock.now()),
        "can_stop": found.state == State.SCHEDULED,
    }


def _outcome(request: HttpRequest, found: Message) -> dict[str, Any]:
    rows = found.deliveries.all()
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    if state in Step.values:
        rows = rows.filter(state=state)
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    total = found.deliveries.count()
    waiting = found.deliveries.filter(state__in=(Step.QUEUED, Step.TRYING)).count()
    return {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "statistics": queries.statistics(found),
        "states": [(value, label) for value, label in Step.choices],
        "state": state,
        "total": total,
        "done": total - waiting,
        "live": found.state == State.SENDING,
    }


@require_POST
@allow(policies.may_write)
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send, test, approve, give back, stop, go on with, or throw away a message."""
    user, found, at = user_of(request), _own(request, pk), clock.now()
    what = request.POST.get("do", "")
    if what in ("approve", "refuse") and not policies.may_approve(user):
        raise NotAllowed(_("Only the head decides on what a message costs."))
    acts: dict[str, Any] = {
        "send": (services.send, _("It is on its way.")),
        "test": (services.send_test, _("A test goes to you alone.")),
        "approve": (services.approve, _("Approved; it is on its way.")),
        "cancel": (services.cancel, _("Stopped. What had gone stays gone.")),
        "resume": (services.resume, _("It goes on.")),
        "discard": (services.discard, _("Thrown away.")),
    }
    if what != "refuse" and what not in acts:
        raise NotFound(_("This is not there, or not for you."))
    try:
        if what == "refuse":
            services.refuse(message=found, reason=request.POST.get("reason", "")[:200], by=user, at=at)
            messages.success(request, _("Given back to who wrote it."))
        else:
            service, words = acts[what]
            done = service(message=found, by=user, at=at)
            waits = what == "send" and done.state == State.WAITING
            messages.success(request, _("The head approves it first: it costs more than usual.") if waits else words)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("messaging:message", pk)
    return redirect("messaging:sent") if what == "discard" else redirect("messaging:message", pk)


@require_POST
@allow(policies.may_write)
def resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Settle a delivery of which nobody knows whether it went out."""
    delivery = Delivery.objects.filter(pk=pk).select_related("message").first()
    if delivery is None:
        raise NotFound(_("This is not there, or not for you."))
    _own(request, delivery.message_id)
    try:
        services.resolve(delivery=delivery, sent=request.POST.get("sent") == "yes", by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("messaging:message", delivery.message_id)


def _own(request: HttpRequest, pk: UUID) -> Message:
    found = queries.message_for(user_of(request), pk)
    if not policies.may_change(user_of(request), found):
        raise NotAllowed(_("Only who wrote it, or the office, changes a message."))
    return found
