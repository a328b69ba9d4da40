"""What other domains let people do with a class."""

from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from identity.models import User


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do with one class: `url_name` is reversed with its id."""

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    roles: tuple[str, ...]
    order: int = 50


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    """Offer it on a class's page; called from AppConfig.ready()."""
    _acts[act.key] = act


def for_user(user: User) -> list[Act]:
    """What this user may do, in order."""
    return sorted((act for act in _acts.values() if user.has_role(*act.roles)), key=lambda act: (act.order, act.key))
