"""Years, classes and subjects as a Django app."""

from django.apps import AppConfig


class AcademicsConfig(AppConfig):
    """Lives in each school."""

    name = "schools.academics"
