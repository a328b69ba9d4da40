"""What changes messages: writing, sending, what providers say, preferences, credit, the board."""

from schools.messaging.services.announcing import announce, change_announcement, confirm, withdraw
from schools.messaging.services.composing import (
    approve,
    cancel,
    change,
    discard,
    plan,
    plan_of,
    refuse,
    resume,
    send,
    send_test,
    start,
    tell,
    write,
)
from schools.messaging.services.preferring import prefer, suppress, unsuppress
from schools.messaging.services.reporting import opted_out, report
from schools.messaging.services.sending import CALL, claim, expand, orphaned, record, resolve, settle, stop
from schools.messaging.services.setting_up import add_credit, change_settings, change_template, read, set_up

__all__ = [
    "CALL", "add_credit", "announce", "approve", "cancel", "change", "change_announcement", "change_settings",
    "change_template", "claim", "confirm", "discard", "expand", "opted_out", "orphaned", "plan", "plan_of", "prefer",
    "read", "record", "refuse", "report", "resolve", "resume", "send", "send_test", "set_up", "settle", "start", "stop",
    "suppress", "tell", "unsuppress", "withdraw", "write",
]  # fmt: skip
