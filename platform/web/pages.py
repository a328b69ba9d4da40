"""Pages of the look itself: components, the switches for theme and language, what makes it an app on a phone."""

import hashlib
import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from web import context, examples, school

YEAR = 365 * 24 * 3600
SHELL = (
    "web/shule.css",
    "web/app.js",
    "web/outbox.js",
    "web/modules/ahead.js",
    "web/modules/confirm.js",
    "web/modules/keep.js",
    "web/modules/leave.js",
    "web/modules/unsent.js",
    "web/modules/waiting.js",
    "web/modules/words.js",
    "web/modules/keys.js",
    "web/modules/popover.js",
    "web/modules/register.js",
    "web/modules/reload.js",
    "web/modules/theme.js",
    "web/modules/toast.js",
    "web/icons/icon.svg",
)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in its states, light and dark; in production for signed-in people only."""
    if not getattr(settings, "SHOW_UI_PAGE", False) and not request.user.is_authenticated:
        return HttpResponseRedirect(f"/sign-in/?{urlencode({'next': request.path})}")
    return render(request, "web/ui/page.html", examples.page())


@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    """Keep a person's choice of light or dark on this device; an empty choice follows the device again."""
    chosen = request.POST.get("theme", "")
    response = _back(request)
    if chosen in context.THEMES:
        response.set_cookie(
            context.THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=False
        )
    else:
        response.delete_cookie(context.THEME_COOKIE, samesite="Lax")
    return response


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Keep a person's language on this device."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the switch was on, never to another site; a script gets an empty answer."""
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    return HttpResponseRedirect(target)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when a page is asked for without signal; the same for all, so it can be kept."""
    return HttpResponse(
        render_to_string("web/errors/offline.html", {"lang": request.LANGUAGE_CODE, "theme": "", "school": None}),
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker at the root, so that its scope is the whole host; switched off, it removes itself everywhere."""
    on = getattr(settings, "SERVICE_WORKER", True)
    waiting = "/outbox/waiting/"
    kept = [waiting] if school.current() else []
    shell = [reverse("web:offline"), *kept, *(staticfiles_storage.url(name) for name in SHELL)]
    script = render_to_string(
        "web/sw.js" if on else "web/sw-off.js",
        {
            "cache": hashlib.sha256("\n".join(shell).encode()).hexdigest()[:12],
            "shell": json.dumps(shell),
            "offline": reverse("web:offline"),
            "waiting": waiting,
            "outbox": staticfiles_storage.url("web/outbox.js"),
            "static": settings.STATIC_URL,
        },
    )
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the school appears on a phone's home screen."""
    facts = school.current()
    name = facts.name if facts else settings.PLATFORM_NAME
    icons = [
        {
            "src": staticfiles_storage.url(f"web/icons/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": use,
        }
        for size in (192, 512)
        for use in ("any", "maskable")
    ]
    body = {
        "id": "/",
        "name": name,
        "short_name": facts.short_name if facts else settings.PLATFORM_NAME,
        "description": _("Registers, marks, fees and messages of %(name)s") % {"name": name},
        "lang": request.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f7f5",
        "theme_color": "#ffffff",
        "icons": icons,
    }
    return JsonResponse(
        body,
        content_type="application/manifest+json",
        headers={"Cache-Control": "private, max-age=3600", "Vary": "Accept-Language"},
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers that ask at the root are sent to the file that may be kept for a year."""
    return HttpResponseRedirect(staticfiles_storage.url("web/icons/favicon.ico"))
