import uuid

import django.db.models.functions.comparison
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Both are built while jobs are asked for and done."""

    atomic = False
    dependencies = [
        ("core", "0002_lanes"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(
                models.F("queue"),
                django.db.models.functions.comparison.Coalesce(
                    "school_id", models.Value(uuid.UUID("00000000-0000-0000-0000-000000000000"), models.UUIDField())
                ),
                models.F("run_after"),
                condition=models.Q(("state", "waiting")),
                name="core_job_lanes",
            ),
        ),
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(condition=models.Q(("state", "running")), fields=["queue"], name="core_job_running"),
        ),
    ]
