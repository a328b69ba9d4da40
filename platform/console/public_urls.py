"""Addresses of the platform's own pages."""

from django.urls import path

from console.pages import site

app_name = "site"
urlpatterns = [
    path("", site.front, name="front"),
    path("find/", site.find, name="find"),
]
