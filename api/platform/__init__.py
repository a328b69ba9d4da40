"""The operators' API, on the public host."""
