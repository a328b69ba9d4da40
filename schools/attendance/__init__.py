"""The day register."""
