"""Copies, restorations and erasures."""

from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0003_fleet"),
    ]

    operations = [
        migrations.AlterField(
            model_name="school",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("provisioning", "Being set up"),
                    ("live", "Live"),
                    ("read_only", "Read-only"),
                    ("suspended", "Suspended"),
                    ("failed", "Set-up failed"),
                    ("archived", "Archived"),
                    ("erasing", "Being erased"),
                ],
                default="requested",
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("archive", "Whole school, for restoring"),
                            ("export", "Portable export"),
                            ("cluster", "Base backup of the cluster"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Being made"),
                            ("done", "Ready"),
                            ("failed", "Failed"),
                            ("expired", "Removed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("schedule", "by schedule"),
                            ("archived", "the school was archived"),
                            ("moment", "taken out of an earlier moment"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("school_id", models.UUIDField(null=True)),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("file", models.CharField(blank=True, max_length=300)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("verified_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["school_id", "kind", "-created_at"], name="tenants_copy_school"),
                    models.Index(fields=["kind", "-finished_at"], name="tenants_copy_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("school_id", models.UUIDField()),
                ("slug", models.CharField(max_length=40)),
                ("schema", models.CharField(max_length=48)),
                ("state_before", models.CharField(max_length=12)),
                ("reason", models.CharField(max_length=300)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField()),
                ("confirmed_by", models.CharField(blank=True, max_length=150)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("taken_back_by", models.CharField(blank=True, max_length=150)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("certificate", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("school_id",),
                        name="tenants_erasure_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("school_id", models.UUIDField()),
                ("source", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("loading", "Being loaded beside the school"),
                            ("ready", "Ready to be looked at"),
                            ("swapped", "In the school's place"),
                            ("discarded", "Thrown away"),
                            ("failed", "Failed"),
                        ],
                        default="loading",
                        max_length=10,
                    ),
                ),
                ("side", models.CharField(max_length=48)),
                ("is_drill", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(null=True)),
                ("differences", models.JSONField(default=list)),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("kept", models.CharField(blank=True, max_length=48)),
                ("keep_until", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["school_id", "-created_at"], name="tenants_restoration_school")],
            },
        ),
    ]
