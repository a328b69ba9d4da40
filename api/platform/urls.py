"""Addresses."""

from django.urls import URLPattern

app_name = "platform_api"
urlpatterns: list[URLPattern] = []
