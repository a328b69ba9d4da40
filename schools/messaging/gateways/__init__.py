"""The ways out of the platform: each takes a handful of deliveries and says of each what became of it."""
