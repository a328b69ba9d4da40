"""Indexes of references that a wider index of the same table begins with."""

import django.db.models.deletion
from django.db import migrations, models

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0002_covered_indexes"),
        ("attendance", "0001_initial"),
        ("people", "0002_covered_indexes"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("attendance_attendancemark_register_id_dd9149b9")],
            state_operations=[
                migrations.AlterField(
                    "attendancemark",
                    "register",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="attendance.register",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("attendance_broughtforward_student_id_06c874f3")],
            state_operations=[
                migrations.AlterField(
                    "broughtforward",
                    "student",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance_brought_forward",
                        to="people.student",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("attendance_register_school_class_id_8245d5c6")],
            state_operations=[
                migrations.AlterField(
                    "register",
                    "school_class",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registers",
                        to="academics.schoolclass",
                    ),
                ),
            ],
        ),
    ]
