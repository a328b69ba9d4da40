"""Uploaded files and static files."""

from pathlib import Path
from typing import Any

from config import env
from config.settings.base import ENVIRONMENT, PRODUCTION, ROOT, VAR

STORAGE_URL = env.url("STORAGE_URL", ("file",), None if PRODUCTION else f"file://{VAR / 'media'}")
MEDIA_ROOT = STORAGE_URL.removeprefix("file://")
ARCHIVES_URL = env.url("ARCHIVES_URL", ("file",), f"{STORAGE_URL}/archives")  # better on other disks than the media
BACKUPS_URL = env.url("BACKUPS_URL", ("file",), f"file://{VAR / 'backups'}")  # base backups and the archived log
BACKUPS_KEPT = env.number("BACKUPS_KEPT", 7)
BACKUP_DATABASE_URL = env.text("BACKUP_DATABASE_URL", "")  # a role with REPLICATION; else the application's own
WORKROOM = env.text("WORKROOM", f"{ARCHIVES_URL.removeprefix('file://')}/.making")
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", str((ROOT if PRODUCTION else VAR) / "static"))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "archives": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": ARCHIVES_URL.removeprefix("file://"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "web.staticfiles.Hashed"
        if ENVIRONMENT in ("demo", "production")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if not PRODUCTION:
    Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = ENVIRONMENT in ("development", "test")
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "development"
WHITENOISE_MAX_AGE = 60 if ENVIRONMENT == "development" else 3600
