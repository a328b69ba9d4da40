"""The Celery application: `celery -A workers.app worker`."""

import os
import sys
from pathlib import Path

_platform = str(Path(__file__).resolve().parent.parent / "platform")
if _platform not in sys.path:
    sys.path.insert(1, _platform)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery  # noqa: E402

from workers import queues, schedule  # noqa: E402

app = Celery("shule", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = (
    "workers.delivery",
    "workers.watched",
    "workers.turns",
    "workers.tasks.platform",
    "workers.tasks.copies",
    "workers.tasks.identity",
    "workers.tasks.people",
    "workers.tasks.admissions",
    "workers.tasks.attendance",
    "workers.tasks.families",
    "workers.tasks.bulk",
    "workers.tasks.imports",
    "workers.tasks.offline",
    "workers.tasks.messaging",
    "workers.tasks.papers",
    "workers.tasks.rollover",
)
app.conf.task_routes = (queues.route,)
app.conf.beat_schedule = schedule.BEAT
