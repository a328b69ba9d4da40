"""What a school of this version has applied, and a short name for it."""

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from tenants import template

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    """Every migration of a school's apps in this version, and the digest of their names."""

    keys: frozenset[Key]
    digest: str

    def missing(self, applied: frozenset[Key]) -> tuple[Key, ...]:
        """What a school with these migrations still needs."""
        return tuple(sorted(self.keys - applied))


@functools.cache
def current() -> Head:
    """The head of this process's code, read from disk once."""
    labels = template.labels(settings.TENANT_APPS)
    loader = MigrationLoader(None, ignore_no_migrations=True)
    keys = frozenset(key for key in loader.disk_migrations if key[0] in labels)
    return Head(keys, digest(keys))


def digest(keys: Iterable[Key]) -> str:
    """The md5 that PostgreSQL gives for the same rows, see `status`: it names a state and protects nothing."""
    names = sorted(f"{app}.{name}".encode() for app, name in keys)
    return hashlib.md5(b",".join(names), usedforsecurity=False).hexdigest()


def targets(loader: MigrationLoader) -> list[Key]:
    """The last migration of each of a school's apps."""
    labels = template.labels(settings.TENANT_APPS)
    return [key for key in loader.graph.leaf_nodes() if key[0] in labels]
