"""The platform on one machine with Python only: embedded servers and the processes around them."""
