"""Scales, assessments and marks as a Django app."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Lives in each school."""

    name = "schools.assessment"
