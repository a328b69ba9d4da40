"""One outbox for everything a school says to its families and staff: who is meant, what it costs, whether it came."""
