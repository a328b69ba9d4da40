"""The operators' door."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from identity import access
from identity import pages as doors

HOME, DOOR = "/console/", "/console/sign-in/"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@access.public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password of an operator."""
    return doors.sign_in_at(request, template="console/sign_in.html", home=HOME)


@require_POST
@never_cache
@access.public
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    return doors.sign_out_to(request, DOOR)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
@access.public
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """What an operator's invitation opens."""
    return doors.welcome_at(request, token, template="identity/welcome.html", home=HOME)
