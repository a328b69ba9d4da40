"""Addresses of the domain's pages."""

from django.urls import path

from schools.duplicates import pages

app_name = "duplicates"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<slug:kind>/", pages.index, name="kind"),
    path("<slug:kind>/<uuid:pk>/<uuid:other>/", pages.pair, name="pair"),
    path("<slug:kind>/<uuid:pk>/<uuid:other>/different/", pages.different, name="different"),
]
