"""The kinds of leave that every new school starts with."""

from datetime import datetime

from schools.leaves import services
from tenants.models import School


def sow(school: School, at: datetime) -> None:
    """Called once for a new school."""
    services.add_usual_types(by=None, at=at)
