"""The notice board: reading it, confirming, and putting notices up."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.messaging import audiences, forms, policies, queries, services
from schools.messaging.models import Announcement
from schools.people.forms import refuse


@require_safe
@allow(policies.has_inbox)
def index(request: HttpRequest) -> HttpResponse:
    """The notices that stand for somebody; writers see their own that are over too."""
    user = user_of(request)
    standing = queries.board(user, clock.today())
    over = [row for row in queries.announcements_for(user)[:50] if row.pk not in {one.pk for one in standing}]
    return render(
        request, "messaging/board.html", {"standing": standing, "over": over, "may_write": policies.may_announce(user)}
    )


@require_safe
@allow(policies.has_inbox)
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One notice; its writer sees who has read it."""
    user = user_of(request)
    found = queries.announcement_for(user, pk, clock.today())
    own = queries.announcements_for(user).filter(pk=pk).exists()
    read = set(found.receipts.values_list("user", flat=True))
    expected = queries.expected_readers(found) if own else set()
    facts = {
        "notice": found,
        "own": own,
        "was_read": user.pk in read,
        "audience": audiences.words(found.audience, user) if own else [],
        "read": len(read & expected),
        "expected": len(expected),
    }
    return render(request, "messaging/notice.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_announce)
def add(request: HttpRequest) -> HttpResponse:
    """Put a notice up."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_announce)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a notice."""
    return _form(request, _own(request, pk))


@require_POST
@allow(policies.has_inbox)
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that one has read a notice."""
    user = user_of(request)
    services.confirm(announcement=queries.announcement_for(user, pk, clock.today()), by=user, at=clock.now())
    return redirect("messaging:board")


@require_POST
@allow(policies.may_announce)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a notice down."""
    found = _own(request, pk)
    try:
        services.withdraw(announcement=found, by=user_of(request), at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Taken down."))
    return redirect("messaging:board")


def _form(request: HttpRequest, found: Announcement | None) -> HttpResponse:
    user = user_of(request)
    form = forms.AnnouncementForm(
        request.POST if request.method == "POST" else None, instance=found, user=user,
        initial={"from_day": clock.today(), "readers": ["guardians"]},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            if found:
                services.change_announcement(announcement=found, by=user, at=clock.now(), **form.said())
            else:
                found = services.announce(by=user, at=clock.now(), **form.said())
        except DomainError as error:
            refuse(form, error)
        else:
            return redirect("messaging:notice", found.pk)
    return render(
        request, "messaging/announce.html", {"form": form, "notice": found}, status=400 if form.is_bound else 200
    )


def _own(request: HttpRequest, pk: UUID) -> Announcement:
    found = queries.announcements_for(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("This is not there, or not for you."))
    return found
