"""Which bulk actions there are: each domain says how its own is called, and what may forbid that it is undone."""

from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from schools.bulk.undoing import Objections


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of action; `objections` says why the given records (by model) may not be put back."""

    key: str
    label: StrOrPromise
    icon: str = "undo"
    objections: Objections | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; called from AppConfig.ready()."""
    _kinds[kind.key] = kind


def get(key: str) -> Kind:
    """The kind of this name; one that no domain knows any more is called by its key."""
    return _kinds.get(key) or Kind(key, key.replace(".", " ").replace("_", " "))
