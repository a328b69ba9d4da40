"""Assembles the platform: settings, URL maps, WSGI."""
