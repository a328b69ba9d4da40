"""Addresses of the school as a whole."""

from django.urls import path

from schools.home.pages import data, finding, front, media, programs, settings, trail

app_name = "home"
urlpatterns = [
    path("", front.front, name="front"),
    path("search/", finding.find, name="search"),
    path("media/<path:token>", media.media, name="media"),
    path("settings/", settings.profile, name="profile"),
    path("settings/look/", settings.look, name="look"),
    path("settings/look/logo/", settings.hang_logo, name="hang_logo"),
    path("settings/look/logo/remove/", settings.take_logo_down, name="take_logo_down"),
    path("settings/terms/", settings.terms, name="terms"),
    path("settings/terms/<uuid:pk>/", settings.term, name="term"),
    path("settings/access/", programs.programs, name="programs"),
    path("settings/access/key/", programs.new_key, name="new_key"),
    path("settings/access/key/<uuid:pk>/end/", programs.end_key, name="end_key"),
    path("settings/access/client/", programs.new_client, name="new_client"),
    path("settings/access/client/<str:client_id>/end/", programs.end_client, name="end_client"),
    path("settings/data/", data.exports, name="exports"),
    path("settings/data/ask/", data.ask, name="ask_export"),
    path("settings/data/<uuid:pk>/file/", data.fetch, name="fetch_export"),
    path("settings/audit/", trail.changes, name="trail"),
]
