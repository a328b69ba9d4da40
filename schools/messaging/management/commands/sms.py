"""`manage.py sms`: a local provider that speaks Africa's Talking's protocol, and the schools that use it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from schools.messaging import connecting
from schools.messaging.simulator import Server


class Command(BaseCommand):
    """The SMS provider at home."""

    help = "Run a local SMS provider that speaks Africa's Talking's protocol (loopback only, until Ctrl-C)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Its acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        simulator = acts.add_parser("simulator")
        simulator.add_argument("--port", type=int, default=0, help="0 takes a free one")
        simulator.add_argument("--report-after", type=float, default=0.5, help="seconds until the delivery report")

        connect = acts.add_parser("connect", help="let every school that sends nowhere send to a simulator")
        connect.add_argument("simulator", help="its address")
        connect.add_argument("public", help="the platform's own address, for reports")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until stopped, or connect the schools."""
        if options["act"] == "connect":
            connected = connecting.connect(options["simulator"], options["public"])
            self.stdout.write(f"{connected} schools send to {options['simulator']}")
            return
        server = Server(options["port"], report_after=options["report_after"])
        self.stdout.write(server.url)
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.server_close()
