"""Addresses of the office's pages."""

from django.urls import path

from schools.admissions.pages import building, office

app_name = "admissions"
urlpatterns = [
    path("", office.board, name="board"),
    path("list/", office.index, name="list"),
    path("move/", office.move, name="move"),
    path("enquiry/", office.enquiry, name="enquiry"),
    path("forms/new/", building.new, name="form_new"),
    path("forms/<uuid:pk>/", building.form, name="form"),
    path("forms/<uuid:pk>/build/", building.build, name="build"),
    path("forms/<uuid:pk>/preview/", building.preview, name="preview"),
    path("forms/<uuid:pk>/figures/", office.figures, name="figures"),
    path("<uuid:pk>/", office.application, name="application"),
    path("<uuid:pk>/interview/", office.interview, name="interview"),
    path("<uuid:pk>/marks/", office.mark, name="marks"),
    path("<uuid:pk>/offer/", office.offer, name="offer"),
    path("<uuid:pk>/line/", office.line, name="line"),
    path("<uuid:pk>/admit/", office.admit, name="admit"),
    path("<uuid:pk>/note/", office.note, name="note"),
    path("<uuid:pk>/files/<slug:key>/", office.file, name="file"),
]
