"""The HTTP and JSON door as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """No table of its own."""

    name = "api"
