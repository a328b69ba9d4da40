"""Who is asking: the session's user, if the session is of this school."""

from collections.abc import Callable

from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core import scope
from identity.models import User
from monitoring import logging as logs

Next = Callable[[HttpRequest], HttpResponse]
SCHOOL_KEY = "school"


def recognise(get_response: Next) -> Next:
    """Put the user on the request, looked up when somebody asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]
        return get_response(request)

    return middleware


def _user(request: HttpRequest) -> User | AnonymousUser:
    if auth.SESSION_KEY not in request.session:
        return AnonymousUser()
    if request.session.get(SCHOOL_KEY) != scope.current().id:
        request.session.flush()
        return AnonymousUser()
    user = auth.get_user(request)
    if isinstance(user, User):
        logs.bind(user_id=str(user.pk))
        return user
    return AnonymousUser()
