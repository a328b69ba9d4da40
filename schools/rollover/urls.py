"""Addresses of the domain's pages."""

from django.urls import path

from schools.rollover import pages

app_name = "rollover"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<uuid:pk>/", pages.sweep, name="sweep"),
    path("<uuid:pk>/classes/<uuid:school_class>/", pages.of_class, name="of_class"),
    path("<uuid:pk>/plan/", pages.plan_again, name="plan_again"),
    path("<uuid:pk>/start/", pages.start, name="start"),
    path("<uuid:pk>/continue/", pages.go_on, name="go_on"),
]
