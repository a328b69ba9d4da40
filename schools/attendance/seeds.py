"""The reasons for being away and the codes that every new school starts with."""

from datetime import datetime

from django.utils.translation import gettext_noop

from identity.roles import HEAD, REGISTRAR
from schools.attendance.models import AbsenceReason, AttendanceCode, Rules
from tenants.models import School

REASONS = (
    ("sick", gettext_noop("Sick")),
    ("family", gettext_noop("Family")),
    ("fees", gettext_noop("Fees")),
    ("school", gettext_noop("School activity")),
    ("weather", gettext_noop("Rain or road")),
    ("not_known", gettext_noop("Not known")),
)

CODES = (
    ("P", gettext_noop("Present"), "P", "in", "onsite", True, False, False, False),
    ("A", gettext_noop("Absent"), "A", "out", "offsite", True, False, False, False),
    ("L", gettext_noop("Late"), "L", "in", "onsite_late", True, False, False, False),
    ("E", gettext_noop("Excused"), "E", "out", "offsite", True, True, True, False),
    ("MED", gettext_noop("Doctor or hospital"), "E", "out", "offsite", True, True, True, True),
    ("TRIP", gettext_noop("School trip or activity"), "P", "in", "offsite", True, True, True, True),
    ("BAY", gettext_noop("In the sick bay"), "P", "in", "onsite", True, False, False, True),
    ("LEFT", gettext_noop("Left early"), "P", "out", "offsite_left", True, False, False, True),
    ("SUSP", gettext_noop("Suspended"), "E", "out", "offsite", True, True, True, True),
    ("FEES", gettext_noop("Sent home for fees"), "A", "out", "offsite_left", True, False, False, True),
)
OFFICE_GIVES = [HEAD, REGISTRAR]


def sow(school: School, at: datetime) -> None:
    """Give a new school its list; it keeps its own afterwards."""
    AbsenceReason.objects.bulk_create(
        AbsenceReason(code=code, name=name, order=order) for order, (code, name) in enumerate(REASONS, start=1)
    )
    AttendanceCode.objects.bulk_create(
        AttendanceCode(
            code=code, name=name, counts_as=counts_as, direction=direction, scope=scope, reportable=reportable,
            future=future, prefill=prefill, roles=OFFICE_GIVES if by_office else [], order=order,
        )
        for order, (code, name, counts_as, direction, scope, reportable, future, prefill, by_office) in enumerate(
            CODES, start=1
        )
    )  # fmt: skip
    Rules.objects.create()
