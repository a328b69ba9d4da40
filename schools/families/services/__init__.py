"""Every write of proposals and rounds: checked, locked, saved and audited in one transaction."""

from schools.families.services.proposals import decide, propose
from schools.families.services.rounds import close, confirm, mail_links, start

__all__ = ["close", "confirm", "decide", "mail_links", "propose", "start"]
