"""The door through which a phone sends what it kept, and the page that shows what is still on it."""

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from identity.access import public
from identity.models import User
from schools.offline import services


@require_http_methods(["GET", "HEAD", "POST"])
@public
def outbox(request: HttpRequest) -> HttpResponse:
    """GET: who is signed in, and the token to send with. POST `{"user", "items"}`: an answer for each item.

    401 keeps everything on the phone until its owner signs in; 409 when somebody else is signed in now.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return _said({"user": None}, 401)
    if request.method != "POST":
        return _said({"user": str(user.pk), "token": get_token(request)})
    try:
        body = orjson.loads(request.body)
        owner, items = str(body["user"]), body["items"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return _said({"message": "Send a user and items as JSON."}, 400)
    if owner != str(user.pk):
        return _said({"user": str(user.pk)}, 409)
    try:
        return _said({"user": owner, "answers": services.receive(items=items, by=user, at=clock.now())})
    except DomainError as error:
        return _said({"message": error.message}, error.status)


@require_safe
@public
def waiting(request: HttpRequest) -> HttpResponse:
    """What is still on this phone; the same page for everybody, filled in by the phone itself."""
    response = render(request, "offline/waiting.html", {"lang": request.LANGUAGE_CODE})
    response.headers["Cache-Control"] = "no-cache"
    return response


def _said(body: dict[str, object], status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
