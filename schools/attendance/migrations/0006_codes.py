"""Codes as data, the office's code beside the teacher's, and the school's own times."""

import datetime

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0005_rules_absencenotice"),
        ("people", "0003_guardianship_rights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attendancelog",
            name="left_at",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="by_office",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="left_at",
            field=models.TimeField(blank=True, null=True, verbose_name="left at"),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="note",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="teacher",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="teacher_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="teacher_code",
            field=models.CharField(
                blank=True,
                choices=[("P", "Present"), ("A", "Absent"), ("L", "Late"), ("E", "Excused")],
                db_default="",
                default="",
                max_length=1,
            ),
        ),
        migrations.AddField(
            model_name="rules",
            name="afternoon_from",
            field=models.TimeField(
                db_default=datetime.time(14, 0), default=datetime.time(14, 0), verbose_name="afternoon from"
            ),
        ),
        migrations.AddField(
            model_name="rules",
            name="afternoon_until",
            field=models.TimeField(
                db_default=datetime.time(16, 0), default=datetime.time(16, 0), verbose_name="afternoon until"
            ),
        ),
        migrations.AddField(
            model_name="rules",
            name="morning_from",
            field=models.TimeField(
                db_default=datetime.time(8, 0), default=datetime.time(8, 0), verbose_name="morning from"
            ),
        ),
        migrations.AddField(
            model_name="rules",
            name="morning_until",
            field=models.TimeField(
                db_default=datetime.time(12, 40), default=datetime.time(12, 40), verbose_name="morning until"
            ),
        ),
        migrations.CreateModel(
            name="AttendanceCode",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "code",
                    models.CharField(
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z0-9]{1,4}\\Z", "Use 1 to 4 capital letters.")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "counts_as",
                    models.CharField(
                        choices=[("P", "Present"), ("A", "Absent"), ("L", "Late"), ("E", "Excused")],
                        max_length=1,
                        verbose_name="counts as",
                    ),
                ),
                (
                    "direction",
                    models.CharField(choices=[("in", "In"), ("out", "Out")], max_length=3, verbose_name="direction"),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("onsite", "At school"),
                            ("onsite_late", "At school, came late"),
                            ("offsite", "Not at school"),
                            ("offsite_left", "Left before the end"),
                            ("offsite_late", "Not at school yet"),
                        ],
                        max_length=12,
                        verbose_name="where",
                    ),
                ),
                ("reportable", models.BooleanField(default=True, verbose_name="stands in returns and reports")),
                ("future", models.BooleanField(default=False, verbose_name="can be planned ahead")),
                ("prefill", models.BooleanField(default=False, verbose_name="fills the register when planned")),
                ("roles", models.JSONField(blank=True, default=list, verbose_name="given by")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="offered")),
            ],
            options={
                "ordering": ["order", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="attendance_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__in", ["P", "A", "L", "E"]), _negated=True),
                            models.Q(("code", models.F("counts_as")), ("is_active", True)),
                            _connector="OR",
                        ),
                        name="attendance_code_first_four_stay",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="attendancelog",
            name="given",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attendance.attendancecode",
            ),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="given",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attendance.attendancecode",
            ),
        ),
        migrations.AddField(
            model_name="attendancemark",
            name="teacher_given",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attendance.attendancecode",
            ),
        ),
    ]
