"""Addresses of the domain's pages."""

from django.urls import path

from schools.absences import pages

app_name = "absences"
urlpatterns = [
    path("", pages.index, name="list"),
    path("ask/<uuid:pk>/", pages.ask, name="ask"),
    path("<uuid:pk>/", pages.one, name="one"),
    path("<uuid:pk>/decide/", pages.decide, name="decide"),
    path("<uuid:pk>/withdraw/", pages.withdraw, name="withdraw"),
]
