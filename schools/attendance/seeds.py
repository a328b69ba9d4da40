"""The reasons for being away that every new school starts with."""

from datetime import datetime

from django.utils.translation import gettext_noop

from schools.attendance.models import AbsenceReason, Rules
from tenants.models import School

REASONS = (
    ("sick", gettext_noop("Sick")),
    ("family", gettext_noop("Family")),
    ("fees", gettext_noop("Fees")),
    ("school", gettext_noop("School activity")),
    ("weather", gettext_noop("Rain or road")),
    ("not_known", gettext_noop("Not known")),
)


def sow(school: School, at: datetime) -> None:
    """Give a new school its list; it keeps its own afterwards."""
    AbsenceReason.objects.bulk_create(
        AbsenceReason(code=code, name=name, order=order) for order, (code, name) in enumerate(REASONS, start=1)
    )
    Rules.objects.create()
