"""The pages of messages."""
