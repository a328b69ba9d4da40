"""The pages of curricula, options and courses."""
