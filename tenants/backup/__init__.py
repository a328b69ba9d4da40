"""The whole cluster: base backups beside its write-ahead log, and one school out of an earlier moment of it."""
