"""What the new columns of a mark may hold."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Two constraints."""

    dependencies = [("attendance", "0006_codes")]

    operations = [
        AddConstraintNotValid(
            "attendancemark",
            models.CheckConstraint(
                condition=Q(by_office=True) | Q(teacher_code=""), name="attendance_mark_beside_the_office"
            ),
        ),
        AddConstraintNotValid(
            "attendancemark",
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(code__in=("P", "L")), name="attendance_mark_left_who_was_here"
            ),
        ),
    ]
