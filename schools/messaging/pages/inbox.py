"""What somebody got, how they want to be reached, and the notice board as they read it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import NotFound
from identity.access import allow, user_of
from identity.models import User
from schools.messaging import policies, queries, services
from schools.messaging.choices import Channel, Topic
from schools.messaging.models import Preference

PAGE = 25
BY = (Channel.SMS, Channel.EMAIL, Channel.IN_APP)
CHOSEN_BY_ALL = (Topic.EMERGENCY, Topic.ACCOUNT)  # nobody may be cut off from these by a tick


@require_safe
@allow(policies.has_inbox)
def index(request: HttpRequest) -> HttpResponse:
    """Messages in the app, newest first, and the board above them."""
    user = user_of(request)
    page = Paginator(queries.inbox(user), PAGE).get_page(request.GET.get("page"))
    facts = {
        "page_obj": page,
        "board": queries.board(user, clock.today())[:3],
        "may_write": policies.may_write(user),
        "may_set_up": policies.may_set_up(user),
    }
    return render(request, "messaging/inbox.html", facts)


@require_safe
@allow(policies.has_inbox)
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message that somebody got."""
    found = queries.inbox(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This is not there, or not for you."))
    return render(request, "messaging/one.html", {"delivery": found})


@require_POST
@allow(policies.has_inbox)
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a message was read; the page says it by itself where it can."""
    if services.read(delivery_id=pk, by=user_of(request), at=clock.now()) is None:
        raise NotFound(_("This is not there, or not for you."))
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect("messaging:index")


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.has_inbox)
def preferences(request: HttpRequest) -> HttpResponse:
    """Which kinds of message one wants by which way."""
    user = user_of(request)
    addresses = _addresses(user)
    topics = [topic for topic in Topic if topic not in CHOSEN_BY_ALL]
    if request.method == "POST":
        for channel, address in addresses.items():
            wanted = {str(topic): f"{channel}-{topic}" in request.POST for topic in topics}
            services.prefer(channel=channel, address=address, wanted=wanted, by=user, at=clock.now())
        messages.success(request, _("Kept. It holds from the next message on."))
        return redirect("messaging:preferences")
    held = {
        (row.channel, row.topic): row.wanted
        for row in Preference.objects.filter(address__in=addresses.values(), channel__in=addresses)
    }
    rows = [
        (topic.label, [(f"{channel}-{topic}", held.get((channel, str(topic)), True)) for channel in addresses])
        for topic in topics
    ]
    heads = [(Channel(channel).label, "" if channel == Channel.IN_APP else at) for channel, at in addresses.items()]
    return render(request, "messaging/preferences.html", {"rows": rows, "heads": heads})


def _addresses(user: User) -> dict[str, str]:
    """Where somebody can be reached, by channel, as deliveries write it."""
    known = {
        Channel.SMS: queries.phone_of(user), Channel.EMAIL: queries.email_of(user), Channel.IN_APP: str(user.pk)
    }  # fmt: skip
    return {str(channel): known[channel] for channel in BY if known[channel]}
