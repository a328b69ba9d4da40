"""The queues: what a person waits for, what a person will notice, what may take its time."""

INTERACTIVE = "interactive"
DEFAULT = "default"
BULK = "bulk"
ALL = (INTERACTIVE, DEFAULT, BULK)
