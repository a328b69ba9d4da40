"""What Django says of the settings that production runs with."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_production_deployment_is_checked_without_one_warning(tmp_path: Path) -> None:
    around = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PLATFORM_DOMAIN": "shule.example",
        "DATABASE_URL": "postgresql://shule:x@database/shule",
        "REDIS_URL": "redis://cache:6379/0",
        "BROKER_URL": "redis://broker:6379/0",
        "EMAIL_URL": "smtps://mail.example:465",
        "STORAGE_URL": tmp_path.as_uri(),
        "STATIC_ROOT": str(tmp_path / "static"),
    }
    said = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert "no issues" in said.stdout
