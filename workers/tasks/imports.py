"""Tasks of imports."""
