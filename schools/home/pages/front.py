"""The home page of whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from identity import access, roles
from identity.models import User
from schools.home import today
from web import tiles


@require_safe
@access.signed_in
def front(request: HttpRequest) -> HttpResponse:
    """Today: what this person's work is now."""
    user = access.user_of(request)
    around = {
        "today": today.head_for(user, clock.now()),
        "board": _balanced(tiles.for_user(user, request)),
        "next": _next_step(user),
    }
    return render(request, "home/front.html", around)


def _balanced(board: tiles.Board) -> tiles.Board:
    """A narrow column with nothing beside it becomes the page."""
    return board if board.main else tiles.Board(board.top, main=board.side)


def _next_step(user: User) -> dict[str, str]:
    """What to do while no domain has anything to show."""
    if user.has_role(*roles.OFFICE):
        return {
            "text": _("Nothing waits for you. Registers, marks and changes show here as they come in."),
            "action": _("Look at the settings"),
            "url": reverse("home:profile"),
        }
    if user.has_role(roles.TEACHER):
        return {
            "text": _("You have no class yet. The office gives you one; then its register shows here."),
            "action": _("Look at your account"),
            "url": reverse("identity:account"),
        }
    if user.has_role(roles.BURSAR):
        return {
            "text": _("Nothing waits for you. What concerns you shows here as it comes in."),
            "action": _("Open the students"),
            "url": reverse("people:students"),
        }
    if user.has_role(roles.GUARDIAN):
        return {
            "text": _("No child is tied to your account yet. Ask the school office to do it."),
            "action": _("Check your phone number"),
            "url": reverse("identity:account"),
        }
    return {
        "text": _("Nothing waits for you today. What concerns you shows here as it comes in."),
        "action": _("Look at your account"),
        "url": reverse("identity:account"),
    }
