"""Indexes of references that a wider index of the same table begins with."""

import django.db.models.deletion
from django.db import migrations, models

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0001_initial"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("imports_change_run_id_21af0e7b")],
            state_operations=[
                migrations.AlterField(
                    "change",
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="imports.run",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("imports_problem_run_id_677a7d66")],
            state_operations=[
                migrations.AlterField(
                    "problem",
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="imports.run",
                    ),
                ),
            ],
        ),
    ]
