"""The grading scales that every new school starts with."""

from datetime import datetime

from schools.assessment import grading, services
from schools.assessment.choices import Basis
from tenants.models import School


def sow(school: School, at: datetime) -> None:
    """CBE levels in eight and in four steps, and the KCSE grades of twelve points; the first is the usual one."""
    for name, steps in (
        ("CBE 8 levels", grading.CBE_8),
        ("CBE 4 levels", grading.CBE_4),
        ("KCSE grades", grading.KCSE_12),
    ):
        services.create_scale(
            name=name,
            basis=Basis.PERCENT,
            maximum=100,
            bands=[{"code": s.code, "name": s.name, "lower": s.lower, "points": s.points} for s in steps],
            is_default=steps is grading.CBE_8,
            by=None,
            at=at,
        )
