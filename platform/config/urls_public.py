"""The platform's own host: its page, sign-up, the operators' console and API."""

from django.urls import include, path

urlpatterns = [
    path("", include("web.urls")),
    path("console/", include("console.urls")),
    path("api/platform/v1/", include("api.platform.urls")),
    path("callbacks/", include("api.callbacks.urls")),
    path("", include("schools.papers.public_urls")),
    path("", include("console.public_urls")),
]
handler403 = "web.errors.not_allowed"
handler404 = "web.errors.not_found"
handler500 = "web.errors.broken"
