"""What of imports a user may read."""

from uuid import UUID

from django.db.models import QuerySet

from core.errors import NotFound
from identity.models import User
from schools.imports import policies
from schools.imports.models import Run


def visible_to(user: User) -> QuerySet[Run]:
    """Every import, for the office."""
    found = Run.objects.select_related("asked_by", "undone_by")
    return found if policies.may_import(user) else found.none()


def run_for(user: User, pk: UUID) -> Run:
    """One import; raises NotFound."""
    run = visible_to(user).filter(pk=pk).first()
    if run is None:
        raise NotFound("There is no such import.")
    return run


def columns_with_samples(run: Run, samples: list[list[str]]) -> list[tuple[int, str, str]]:
    """Each column with its name and what its first rows hold."""
    found = []
    for place, name in enumerate(run.header):
        seen = [cells[place].strip() for cells in samples if cells[place].strip()]
        found.append((place, name, " · ".join(dict.fromkeys(seen))[:80]))
    return found
