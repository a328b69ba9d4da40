"""Schools as a Django app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Lives in the public schema."""

    name = "tenants"

    def ready(self) -> None:
        """Have migrations look into one schema at a time."""
        from tenants.fleet import recorder

        recorder.install()
