"""What beat sends; work of many schools comes from the calendar in `core_due`, never from a fan-out."""

from celery.schedules import crontab

BEAT = {
    "relay": {"task": "platform.relay", "schedule": 3.0, "options": {"queue": "interactive", "expires": 10}},
    "tick": {"task": "platform.tick", "schedule": 10.0, "options": {"queue": "default", "expires": 20}},
    "sweep": {"task": "platform.sweep", "schedule": 3600.0, "options": {"queue": "bulk", "expires": 1800}},
    "keep_house": {"task": "tenants.keep_house", "schedule": 3600.0, "options": {"queue": "bulk", "expires": 1800}},
    "drill": {
        "task": "tenants.drill",
        "schedule": crontab(day_of_week="sun", hour=1, minute=30),
        "options": {"queue": "bulk", "expires": 12 * 3600},
    },
    "seal": {"task": "audit.seal_platform", "schedule": 300.0, "options": {"queue": "default", "expires": 240}},
}
