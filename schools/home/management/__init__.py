"""Commands of what is composed of several domains."""
