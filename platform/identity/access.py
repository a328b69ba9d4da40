"""Who may open a page: decorators that every page carries, read by the permission table's completeness check."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from core.errors import NotAllowed
from identity.models import User

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
Policy = Callable[[User], bool]
F = TypeVar("F", bound=Callable[..., Any])


def user_of(request: HttpRequest) -> User:
    """The signed-in user of a request that a decorator below has let in."""
    user = request.user
    assert isinstance(user, User)
    return user


def allow(policy: Policy) -> Callable[[Page[P]], Page[P]]:
    """Let in the signed-in users for whom the policy holds; others sign in first, or read why not."""

    def decorate(page: Page[P]) -> Page[P]:
        @functools.wraps(page)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                return to_sign_in(request)
            if not policy(request.user):
                raise NotAllowed("Your account may not open this page.")
            return page(request, *args, **kwargs)

        guarded.access = policy  # type: ignore[attr-defined]
        return cast(Page[P], guarded)

    return decorate


def anyone(user: User) -> bool:
    """The policy of pages for everybody who is signed in."""
    return True


def signed_in(page: Page[P]) -> Page[P]:
    """Let in everybody who is signed in."""
    return allow(anyone)(page)


def public(page: F) -> F:
    """Mark a page as open to the world, on purpose."""
    page.access = public  # type: ignore[attr-defined]
    return page


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; a partial request gets the whole page to move."""
    where = "/console/sign-in/" if request.path.startswith("/console/") else "/sign-in/"
    target = f"{where}?next={quote(request.get_full_path())}"
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    return HttpResponseRedirect(target)
