"""What a school notes of its students beyond the common record: houses, tags, fields of its own, and its numbers."""
