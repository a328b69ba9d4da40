"""Tasks of the platform itself."""

from typing import Any

from core import clock, jobs
from tenants import periodic, provisioning, usage
from workers.base import public_task, school_task
from workers.queues import BULK, DEFAULT, INTERACTIVE


@public_task("platform.relay", queue=INTERACTIVE)
def relay(**_: Any) -> None:
    """Publish what the outbox still holds."""
    jobs.relay()


@public_task("platform.tick", queue=DEFAULT)
def tick(**_: Any) -> None:
    """Ask for the periodic work that is due."""
    periodic.tick(at=clock.now())


@public_task("platform.sweep", queue=BULK)
def sweep(**_: Any) -> None:
    """Drop finished jobs and expired sessions."""
    periodic.sweep(at=clock.now())


@public_task("tenants.provision", queue=INTERACTIVE)
def provision(*, school_id: str, **_: Any) -> None:
    """Carry a requested school to live."""
    provisioning.provision(school_id, at=clock.now())


@school_task("audit.seal", queue=DEFAULT)
def seal(**_: Any) -> None:
    """Bind the school's new audit entries into its chain."""
    from audit import chain

    while chain.seal():
        pass


@public_task("audit.seal_platform", queue=DEFAULT)
def seal_platform(**_: Any) -> None:
    """Bind the platform's own new audit entries into its chain."""
    from audit import chain

    while chain.seal():
        pass


@school_task("tenants.push_usage", queue=BULK)
def push_usage(**_: Any) -> None:
    """Count what the school uses, for the operators' list."""
    usage.push(at=clock.now())
