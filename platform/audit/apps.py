"""The audit trail as a Django app, one in every school and one for the platform."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Lives in both."""

    name = "audit"
