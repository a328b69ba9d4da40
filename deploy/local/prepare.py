"""What stands before a demo can be served, in one process since starting Django takes longer than the work:

python -m deploy.local.prepare FILE migrates the shared tables and every school, loads both schools, and writes new
credentials to FILE.
DEMO_SCALE=20 makes the schools twenty times smaller than life, for a test of the start itself.
"""

import os
import sys


def main(issued: str) -> None:
    """Migrate and load; both do only what is missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core import management

    django.setup()
    management.call_command("migrate_shared")
    management.call_command("fleet", "migrate")
    management.call_command("demo", "load", "--json-out", issued, "--scale", os.environ.get("DEMO_SCALE", "1"))


if __name__ == "__main__":
    main(sys.argv[1])
