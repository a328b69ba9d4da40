"""The operators' console as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """No table of its own."""

    name = "console"
