"""Whose data it is: schools, their domains, their schemas."""
