"""Students, guardians, households and staff as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Lives in each school."""

    name = "schools.people"
