"""Which build this is: shown in metrics and health answers."""

from config import env

VERSION = "0.1.0"  # pyproject.toml says the same
REVISION = env.text("REVISION", "unknown")
