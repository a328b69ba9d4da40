"""What every template may use without asking: navigation, the school's facts, theme and language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from web import navigation, school, words

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """`light` or `dark` where the person chose one; empty means as the device says."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def web(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `school`, `theme`, `lang`, `words` and `platform_name`; the costly ones only when a template looks."""
    user = getattr(request, "user", None)
    return {
        "nav": SimpleLazyObject(lambda: navigation.for_user(user, request)),
        "school": SimpleLazyObject(school.current),
        "theme": theme_of(request),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "words": words.for_scripts,
        "platform_name": getattr(settings, "PLATFORM_NAME", "Shule"),
    }
