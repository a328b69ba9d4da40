"""Pages of the school as a whole."""
