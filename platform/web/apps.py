"""The look as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, template tags and static files; no table of its own."""

    name = "web"
