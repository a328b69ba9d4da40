"""The Celery door as a Django app."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """No table of its own."""

    name = "workers"
