"""The tasks: each calls one service."""
