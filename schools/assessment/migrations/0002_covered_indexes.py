"""Indexes of references that a wider index of the same table begins with."""

import django.db.models.deletion
from django.db import migrations, models

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [
        ("academics", "0002_covered_indexes"),
        ("assessment", "0001_initial"),
        ("people", "0002_covered_indexes"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("assessment_assessment_school_class_id_c0fbb459")],
            state_operations=[
                migrations.AlterField(
                    "assessment",
                    "school_class",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="academics.schoolclass",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("assessment_assessment_term_id_887c83e6")],
            state_operations=[
                migrations.AlterField(
                    "assessment",
                    "term",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="academics.term",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("assessment_gradeband_scale_id_bf97f7fd")],
            state_operations=[
                migrations.AlterField(
                    "gradeband",
                    "scale",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bands",
                        to="assessment.gradingscale",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("assessment_mark_assessment_id_37a9f878")],
            state_operations=[
                migrations.AlterField(
                    "mark",
                    "assessment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="assessment.assessment",
                    ),
                ),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[DropIndex("assessment_mark_student_id_a408a998")],
            state_operations=[
                migrations.AlterField(
                    "mark",
                    "student",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="people.student",
                    ),
                ),
            ],
        ),
    ]
