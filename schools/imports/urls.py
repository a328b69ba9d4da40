"""Addresses of the domain's pages."""

from django.urls import path

from schools.imports import pages

app_name = "imports"
urlpatterns = [
    path("", pages.index, name="index"),
    path("new/", pages.new, name="new"),
    path("new/<slug:kind>/", pages.new, name="new_kind"),
    path("limit/", pages.limit, name="limit"),
    path("students.csv", pages.template, name="template"),
    path("templates/<slug:kind>.<slug:ext>", pages.template, name="template_of"),
    path("<uuid:pk>/", pages.run, name="run"),
    path("<uuid:pk>/columns/", pages.columns, name="columns"),
    path("<uuid:pk>/start/", pages.start, name="start"),
    path("<uuid:pk>/continue/", pages.go_on, name="go_on"),
    path("<uuid:pk>/undo/", pages.undo, name="undo"),
    path("<uuid:pk>/discard/", pages.discard, name="discard"),
    path("<uuid:pk>/problems.<slug:ext>", pages.problems, name="problems"),
]
