"""What the business does: one package per domain of a school."""
