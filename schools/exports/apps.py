"""Exports as a Django app: no tables, only what domains register."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Lists as files."""

    name = "schools.exports"
