"""Indexes of references that a wider index of the same table begins with."""

import django.db.models.deletion
from django.db import migrations, models

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("people_guardianship_student_id_ea437f4e")],
            state_operations=[
                migrations.AlterField(
                    "guardianship",
                    "student",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guardianships",
                        to="people.student",
                    ),
                ),
            ],
        ),
    ]
