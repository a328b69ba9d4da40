"""How the metrics exporter starts the application: `python -m monitoring.serve` calls `setup` before it serves."""

import os

import django


def setup() -> None:
    """Start the application and register what is counted at each scrape."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from config import figures  # its models exist only now

    figures.register()
