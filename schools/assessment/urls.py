"""Addresses of the domain's pages."""

from django.urls import path

from schools.assessment import pages

app_name = "assessment"
urlpatterns = [
    path("", pages.sittings, name="sittings"),
    path("new/", pages.create, name="create"),
    path("cells/", pages.cells, name="cells"),
    path("results/", pages.results, name="results"),
    path("scales/", pages.scales, name="scales"),
    path("scales/new/", pages.scale, name="scale_new"),
    path("scales/<uuid:scale_id>/", pages.scale, name="scale"),
    path("<uuid:class_id>/<uuid:sitting_id>/", pages.grid, name="grid"),
    path("<uuid:class_id>/<uuid:sitting_id>/act/", pages.act, name="act"),
]
