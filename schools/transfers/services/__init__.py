"""Every write of transfers: checked, locked, saved and audited in one transaction, at both schools together."""

from schools.transfers.services.receiving import agree, bring, take_in
from schools.transfers.services.sending import approve, ask, list_school, withdraw

__all__ = ["agree", "approve", "ask", "bring", "list_school", "take_in", "withdraw"]
