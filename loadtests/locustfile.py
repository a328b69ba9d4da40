"""`make load USERS=100`: the register morning at both demo schools for a minute."""

from typing import Any

from locust import events

from loadtests import budgets
from loadtests.scenarios.register_morning import Teacher

__all__ = ["Teacher"]


@events.quitting.add_listener
def judge(environment: Any, **_: Any) -> None:
    """A broken budget fails the command."""
    lines = budgets.broken(environment.stats)
    for line in lines:
        print(f"BUDGET: {line}")
    environment.process_exit_code = 1 if lines else 0
