"""The current school, read by everyone and set only by `tenants`."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

PUBLIC_SCHEMA = "public"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request or job may know of its school without touching the public schema.

    `longest_statement` is how many milliseconds the database may work on one; 0 leaves that to the server.
    """

    id: str
    slug: str
    schema: str
    name: str
    state: str
    host: str
    facts: "MappingProxyType[str, Any]" = field(default_factory=lambda: MappingProxyType({}))
    limits: "MappingProxyType[str, int]" = field(default_factory=lambda: MappingProxyType({}))
    longest_statement: int = 0

    @property
    def is_public(self) -> bool:
        """True for the operators' own scope."""
        return self.schema == PUBLIC_SCHEMA


class NoSchool(RuntimeError):
    """Something of a school was asked for outside every school."""


_current: ContextVar[Scope | None] = ContextVar("shule_scope", default=None)


def current_or_none() -> Scope | None:
    """The current scope, or None outside every school and outside public."""
    return _current.get()


def current() -> Scope:
    """The current scope; raises NoSchool when nothing was entered."""
    scope = _current.get()
    if scope is None:
        raise NoSchool("No school is selected: enter one with in_school(), or in_public() for the platform itself.")
    return scope


def current_school() -> Scope:
    """The current school; raises NoSchool outside a school and in public."""
    scope = current()
    if scope.is_public:
        raise NoSchool("This needs a school, and the public schema is selected.")
    return scope


class _entered:  # noqa: N801 - used as a function is; half of what a generator costs, at every request
    """Hold a scope for the length of a block. Only `tenants.context` calls this."""

    __slots__ = ("_scope", "_token")

    def __init__(self, scope: Scope | None) -> None:
        self._scope = scope

    def __enter__(self) -> None:
        self._token = _current.set(self._scope)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)
