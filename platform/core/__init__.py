"""The floor: what every room needs and no school owns."""
