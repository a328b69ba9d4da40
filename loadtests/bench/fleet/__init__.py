"""make bench-fleet: what a thousand schools cost in one database, in steps that a second run goes on from."""
