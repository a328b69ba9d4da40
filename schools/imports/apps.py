"""The import engine as a Django app."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.imports"
