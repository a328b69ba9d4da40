"""Addresses of the domain's pages."""

from django.urls import URLPattern

app_name = "assessment"
urlpatterns: list[URLPattern] = []
