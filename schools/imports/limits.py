"""How much of a list one file may end before a person must say so: the school's limit, in percent."""

from datetime import datetime

from django.utils.translation import gettext as _

from core import saving, scope
from identity.models import User
from schools.imports.models import Run
from tenants import lifecycle

FACT = "import_limit"
USUAL = 20


def limit() -> int:
    """Percent of those who are here."""
    held = scope.current_school().facts.get(FACT)
    return held if isinstance(held, int) else USUAL


def choose(*, percent: int, by: User, at: datetime) -> None:
    """Set the limit; raises DomainError for what is no percentage."""
    if not 1 <= percent <= 100:
        raise saving.wrong("percent", _("Choose 1 to 100 percent."))
    here = scope.current_school()
    if percent != limit():
        lifecycle.present(school_id=here.id, name=here.name, facts={FACT: percent}, by=by, at=at)


def share(run: Run) -> float:
    """Percent of the list that a run ends."""
    standing = run.count("standing")
    return run.count("ended") * 100 / standing if standing else 0.0


def exceeded(run: Run) -> bool:
    """Whether a run ends more than the limit, so that a person must type the number."""
    return bool(run.count("ended")) and share(run) > limit()
