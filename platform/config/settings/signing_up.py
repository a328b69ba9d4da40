"""Who has a school set up: nobody (closed), who proves an e-mail (open), or whom we take in (approve)."""

from config import env

SIGN_UP_POLICY = env.choice("SIGN_UP_POLICY", ("closed", "approve", "open"), "approve")
# Mail domains whose heads need no operator, apart by spaces.
SIGN_UP_OPEN_TO = frozenset(env.text("SIGN_UP_OPEN_TO", "").lower().split())
