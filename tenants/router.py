"""Which app's tables may be built where."""

from typing import Any

from django.apps import apps
from django.conf import settings

from core import scope


class Homes:
    """Shared apps in public, a school's apps in its schema, nothing while no scope is entered."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """True when the current scope is a home of this app."""
        current = scope.current_or_none()
        if current is None:
            return False
        homes = settings.SHARED_APPS if current.is_public else settings.TENANT_APPS
        return apps.get_app_config(app_label).name in homes
