"""What stopped a start, said once."""


class StartError(Exception):
    """One clear line for the person who typed the command; nothing is left running behind it."""
