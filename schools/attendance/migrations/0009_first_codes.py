"""The list of codes that every school starts with; it keeps its own afterwards."""

from typing import Any

from django.db import migrations
from django.utils.translation import gettext_noop

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
OFFICE = ["head", "registrar"]


def fill(apps: Any, _editor: Any) -> None:
    """Add those that are not there."""
    model = apps.get_model("attendance", "AttendanceCode")
    names = ("name", "counts_as", "direction", "scope", "reportable", "future", "prefill")
    for order, (code, *facts, office) in enumerate(CODES, start=1):
        defaults = dict(zip(names, facts, strict=True)) | {"order": order, "roles": OFFICE if office else []}
        model.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    """Rows alone."""

    dependencies = [("attendance", "0008_mark_constraints_checked")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
