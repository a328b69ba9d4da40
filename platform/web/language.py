"""Which language somebody reads."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from core import scope


def of(request: HttpRequest) -> str:
    """The cookie's language, else the user's, else the one that the school chose, else the browser's, else English."""
    if not _chosen(request) and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return str(getattr(request.user, "language", settings.LANGUAGE_CODE))
    return before_sign_in(request)


def before_sign_in(request: HttpRequest) -> str:
    """The same for an answer that is given before anybody is recognised."""
    here = scope.current_or_none()
    of_school = str(here.facts.get("language", "")) if here else ""
    known = dict(settings.LANGUAGES)
    return _chosen(request) or (of_school if of_school in known else translation.get_language_from_request(request))


def _chosen(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in dict(settings.LANGUAGES) else ""
