"""What the two demo schools are, as plain data: no tables are known here."""
