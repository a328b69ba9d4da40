"""What is composed of several domains as a Django app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Lives in each school."""

    name = "schools.home"
