"""What phones kept while they had no signal: each item is taken in once, whatever is sent again."""
