"""Students, guardians, households, staff."""
