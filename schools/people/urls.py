"""Addresses of the domain's pages."""

from django.urls import URLPattern

app_name = "people"
urlpatterns: list[URLPattern] = []
