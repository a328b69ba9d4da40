"""How the metrics process starts the application: `python -m monitoring.serve` calls `setup` before it serves."""

import os
import sys
from pathlib import Path

import django


def setup() -> None:
    """Start Django and register what is counted at each scrape."""
    root = Path(__file__).resolve().parents[2]
    sys.path[1:1] = [str(root), str(root / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from config import figures  # the models it asks exist only now

    figures.register()
