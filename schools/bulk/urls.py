"""Addresses of the domain's pages."""

from django.urls import path

from schools.bulk import pages

app_name = "bulk"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<uuid:pk>/", pages.action, name="action"),
    path("<uuid:pk>/undo/", pages.undo, name="undo"),
]
