"""Indexes of references that a wider index of the same table begins with."""

import django.db.models.deletion
from django.db import migrations, models

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0001_initial"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("academics_schoolclass_year_id_6e82a387")],
            state_operations=[
                migrations.AlterField(
                    "schoolclass",
                    "year",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="classes",
                        to="academics.academicyear",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("academics_teachinggroup_year_id_0e738a44")],
            state_operations=[
                migrations.AlterField(
                    "teachinggroup",
                    "year",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teaching_groups",
                        to="academics.academicyear",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("academics_term_year_id_f5e429ee")],
            state_operations=[
                migrations.AlterField(
                    "term",
                    "year",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="academics.academicyear",
                    ),
                ),
            ],
        ),
    ]
