"""What a program may be allowed to do: the API registers a name for each resource, settings offer them to the head."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from core.errors import DomainError

_NAME = re.compile(r"[a-z][a-z-]{0,49}:(read|write)")
_known: dict[str, StrOrPromise] = {}


def register(name: str, label: StrOrPromise) -> None:
    """Offer a scope named `<resource>:read` or `<resource>:write`; called from AppConfig.ready()."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name} is not of the form resource:read or resource:write.")
    _known[name] = label


def all() -> dict[str, StrOrPromise]:  # noqa: A001 - read as scopes.all()
    """Every scope with its words, by name."""
    return dict(sorted(_known.items()))


def check(names: Iterable[str]) -> list[str]:
    """The scopes once each, in order; raises DomainError naming one that does not exist, or when there is none."""
    chosen = sorted(set(names))
    unknown = [name for name in chosen if name not in _known]
    if unknown:
        raise DomainError(
            _("Unknown scope."), errors={"scopes": [_("%(name)s is not a scope.") % {"name": ", ".join(unknown)[:200]}]}
        )
    if not chosen:
        raise DomainError(_("Choose at least one scope."), errors={"scopes": [_("Choose at least one scope.")]})
    return chosen
