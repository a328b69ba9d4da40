"""Addresses of the look, the same on a school's host and on the platform's own."""

from django.urls import path

from web import pages

app_name = "web"

urlpatterns = [
    path("ui/", pages.components, name="ui"),
    path("theme/", pages.switch_theme, name="theme"),
    path("language/", pages.switch_language, name="language"),
    path("offline", pages.offline, name="offline"),
    path("sw.js", pages.service_worker, name="service_worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("favicon.ico", pages.favicon, name="favicon"),
]
