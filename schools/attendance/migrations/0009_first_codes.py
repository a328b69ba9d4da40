"""Schools that stand already get the list of codes that new schools are sown with."""

from typing import Any

from django.db import migrations

CODES = (
    ("P", "Present", "P", "in", "onsite", True, False, False, False),
    ("A", "Absent", "A", "out", "offsite", True, False, False, False),
    ("L", "Late", "L", "in", "onsite_late", True, False, False, False),
    ("E", "Excused", "E", "out", "offsite", True, True, True, False),
    ("MED", "Doctor or hospital", "E", "out", "offsite", True, True, True, True),
    ("TRIP", "School trip or activity", "P", "in", "offsite", True, True, True, True),
    ("BAY", "In the sick bay", "P", "in", "onsite", True, False, False, True),
    ("LEFT", "Left early", "P", "out", "offsite_left", True, False, False, True),
    ("SUSP", "Suspended", "E", "out", "offsite", True, True, True, True),
    ("FEES", "Sent home for fees", "A", "out", "offsite_left", True, False, False, True),
)
OFFICE = ["head", "registrar"]


def fill(apps: Any, _editor: Any) -> None:
    """Add those that are not there; a schema without a school in it, such as the template, stays empty."""
    if not apps.get_model("attendance", "AbsenceReason").objects.exists():
        return
    model = apps.get_model("attendance", "AttendanceCode")
    names = ("name", "counts_as", "direction", "scope", "reportable", "future", "prefill")
    for order, (code, *facts, office) in enumerate(CODES, start=1):
        defaults = dict(zip(names, facts, strict=True)) | {"order": order, "roles": OFFICE if office else []}
        model.objects.get_or_create(code=code, defaults=defaults)


class Migration(migrations.Migration):
    """Rows alone."""

    dependencies = [("attendance", "0008_mark_constraints_checked")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
