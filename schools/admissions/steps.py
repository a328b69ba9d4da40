"""The steps that turn an accepted application into a student: each domain registers its own, lowest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django_stubs_ext import StrOrPromise

from identity.models import User
from schools.admissions.models import Application
from schools.admissions.plan import Plan


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `run` gives back what it did in a few words, and runs in a transaction with its record."""

    key: str
    label: StrOrPromise
    run: Callable[[Application, Plan, User | None, datetime], str]
    order: int = 50


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add a step; called from AppConfig.ready()."""
    _steps[step.key] = step


def in_order() -> list[Step]:
    """All steps, as they are taken."""
    return sorted(_steps.values(), key=lambda step: (step.order, step.key))
