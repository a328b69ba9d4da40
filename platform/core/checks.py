"""System checks: every table is declared public, per school or both, and stays apart from the other kind."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import models

from core.models import EverywhereModel, PublicModel, SchoolModel

OURS = ("core", "audit", "identity", "tenants", "console", "billing", "schools.", "api.")


def _is_ours(model: type[models.Model]) -> bool:
    return model.__module__.startswith(OURS)


@register()
def homes(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Each model of ours derives from exactly one home class, and its app is listed where that home is."""
    problems: list[CheckMessage] = []
    shared, tenant = set(settings.SHARED_APPS), set(settings.TENANT_APPS)
    for model in apps.get_models(include_auto_created=False):
        if not _is_ours(model):
            continue
        homes_of = [base for base in (PublicModel, SchoolModel, EverywhereModel) if issubclass(model, base)]
        if len(homes_of) != 1:
            problems.append(Error(f"{model.__name__} must derive from one of the home classes.", id="core.E001"))
            continue
        app = apps.get_app_config(model._meta.app_label).name
        wanted = {PublicModel: (True, False), SchoolModel: (False, True), EverywhereModel: (True, True)}[homes_of[0]]
        if (app in shared, app in tenant) != wanted:
            problems.append(Error(f"{model.__name__} and its app {app} disagree about where it lives.", id="core.E002"))
    return problems


@register()
def no_reference_across(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """No foreign key leads from a school's schema to the public one, nor back."""
    problems: list[CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and getattr(field.remote_field, "model", None)
            if not isinstance(target, type) or not getattr(field, "concrete", False):
                continue
            here, there = _home(model), _home(target)
            if here != there and "everywhere" not in (here, there):
                problems.append(
                    Error(f"{model.__name__}.{field.name} refers from {here} to {there}.", id="core.E003", obj=model)
                )
            if here == "everywhere" and there != "everywhere":
                problems.append(
                    Error(
                        f"{model.__name__}.{field.name} lives in both and {there} does not.", id="core.E004", obj=model
                    )
                )
    return problems


def _home(model: type[models.Model]) -> str:
    app = apps.get_app_config(model._meta.app_label).name
    shared, tenant = app in settings.SHARED_APPS, app in settings.TENANT_APPS
    return "everywhere" if shared and tenant else "public" if shared else "school" if tenant else "none"
