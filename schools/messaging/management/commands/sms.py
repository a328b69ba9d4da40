"""`manage.py sms simulator`: a local provider that speaks Africa's Talking's protocol."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from schools.messaging.simulator import Server


class Command(BaseCommand):
    """The SMS provider at home."""

    help = "Run a local SMS provider that speaks Africa's Talking's protocol (loopback only, until Ctrl-C)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One act so far."""
        acts = parser.add_subparsers(dest="act", required=True)
        simulator = acts.add_parser("simulator")
        simulator.add_argument("--port", type=int, default=0, help="0 takes a free one")
        simulator.add_argument("--report-after", type=float, default=0.5, help="seconds until the delivery report")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped."""
        server = Server(options["port"], report_after=options["report_after"])
        self.stdout.write(server.url)
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
