"""What phones kept without signal, as a Django app."""

from django.apps import AppConfig


class OfflineConfig(AppConfig):
    """Lives in each school."""

    name = "schools.offline"
