"""The operators' back office on the public host."""
