"""Refuses a migration that is unsafe while schools work, unless it says why it is safe.

A migration is read with the state before it, as Django would apply it. What stands on a table that the same migration
creates is free: nobody uses it yet. What is refused may be answered in the migration's module:

    SAFE_UNDER_LOAD = {"AddIndex student.people_student_town": "a school has a few thousand students at most"}
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tenants.fleet import rules

SHORTEST_REASON = 15
# Migrations of packages that stood when the first school was set up; later ones are read like our own.
BASELINE = {"oauth2_provider": "0022", "sessions": "0001"}
# What the migrations of packages do, said here because their modules are not ours.
ELSEWHERE: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """One operation that may not run while schools work."""

    migration: str
    operation: str
    problem: str

    def __str__(self) -> str:
        return f"{self.migration}: {self.operation}: {self.problem}"


def findings(loader: MigrationLoader | None = None) -> list[Finding]:
    """What is wrong with the migrations of every app that has tables in a school or in public."""
    loader = loader or MigrationLoader(None, ignore_no_migrations=True)
    names = {*settings.SHARED_APPS, *settings.TENANT_APPS}
    labels = {config.label for config in apps.get_app_configs() if config.name in names}
    found: list[Finding] = []
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for migration in _in_order(loader):
        if migration.app_label in labels and migration.name[:4] > BASELINE.get(migration.app_label, ""):
            found += read(migration, state)
        migration.mutate_state(state, preserve=False)
    return found


def read(migration: Migration, before: ProjectState, reasons: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """What is wrong with one migration; its reasons are its module's unless they are given."""
    name = f"{migration.app_label}.{migration.name}"
    reasons = _reasons(migration) if reasons is None else reasons
    seen: set[str] = set()
    for label, problem in rules.problems(migration, before):
        seen.add(label)
        if len(reasons.get(label, "").strip()) < SHORTEST_REASON:
            yield Finding(name, label, problem)
    for label in sorted(set(reasons) - seen):
        yield Finding(name, label, "SAFE_UNDER_LOAD answers for an operation that nobody objects to.")


def _in_order(loader: MigrationLoader) -> Iterator[Migration]:
    """Every migration once, each after those that it needs."""
    seen: set[tuple[str, str]] = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key not in seen:
                seen.add(key)
                yield loader.graph.nodes[key]


def _reasons(migration: Migration) -> Mapping[str, str]:
    module = importlib.import_module(type(migration).__module__)
    own: Mapping[str, str] = getattr(module, "SAFE_UNDER_LOAD", {})
    return {**own, **ELSEWHERE.get(f"{migration.app_label}.{migration.name}", {})}


def advice(found: Iterable[Finding]) -> str:
    """What to do about the first of them."""
    first = next(iter(found))
    return f'Do it in another way, or say why it is safe: SAFE_UNDER_LOAD = {{"{first.operation}": "…"}} in its module.'
