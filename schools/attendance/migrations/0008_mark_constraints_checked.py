"""Rows that stand already are checked without holding the table."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Two constraints."""

    dependencies = [("attendance", "0007_mark_constraints")]

    operations = [
        ValidateConstraint("attendancemark", "attendance_mark_beside_the_office"),
        ValidateConstraint("attendancemark", "attendance_mark_left_who_was_here"),
    ]
