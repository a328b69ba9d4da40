"""The day register as a Django app."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """Lives in each school."""

    name = "schools.attendance"
