"""Append-only, hash-chained record of who did what: `audit.recording.record`, sealed and proved by `audit.chain`."""
