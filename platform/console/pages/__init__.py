"""Pages of the console and of the platform's own host."""
