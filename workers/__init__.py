"""Celery door: background jobs."""
