"""Users as a Django app, in the public schema for operators and in each school's for its people."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Lives in both."""

    name = "identity"
