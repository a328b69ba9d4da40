"""Load the demo schools and issue the credentials that show them."""

import json
import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import DomainError
from schools.demo import roll
from schools.home import demo


class Command(BaseCommand):
    """`manage.py demo load --json-out PATH [--schools mwangaza,baraka] [--today YYYY-MM-DD] [--scale N]`"""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which schools, around which day, and where the credentials go."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="set up what is missing, and issue new sign-ins")
        load.add_argument("--json-out", type=Path, required=True, help="gets the credentials; readable by you alone")
        load.add_argument("--schools", type=_kinds, default=tuple(roll.PLANS), help="by slug, comma-separated")
        load.add_argument("--today", type=date.fromisoformat, default=None, help="the day to lay the year around")
        load.add_argument("--scale", type=int, default=1, help="how many times smaller than life, for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is done while it is done; a refusal is one line and exit status 1."""
        if not demo.is_allowed():
            raise CommandError("The demo is not for production: it writes passwords to a file.")
        started = time.perf_counter()
        wanted = demo.Wanted(
            kinds=options["schools"],
            today=options["today"] or clock.today(),
            at=clock.now(),
            scale=max(1, options["scale"]),
        )
        try:
            for line in demo.set_up(wanted):
                self.stdout.write(line)
                self.stdout.flush()
            card = demo.issue(wanted)
        except DomainError as error:
            raise CommandError(error.message) from None
        _write(options["json_out"], card)
        self.stdout.write(f"Demo schools ready in {time.perf_counter() - started:.1f} s.")


def _kinds(value: str) -> tuple[str, ...]:
    kinds = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    unknown = [kind for kind in kinds if kind not in roll.PLANS]
    if unknown or not kinds:
        raise ArgumentTypeError(f"choose from {', '.join(roll.PLANS)}")
    return kinds


def _write(path: Path, card: dict[str, Any]) -> None:
    """Put the card in place in one step, for its owner alone."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
