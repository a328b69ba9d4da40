"""Addresses of the domain's pages."""

from django.urls import path

from schools.offline import pages

app_name = "offline"
urlpatterns = [
    path("", pages.outbox, name="outbox"),
    path("waiting/", pages.waiting, name="waiting"),
]
