"""Tasks of the platform itself."""

from typing import Any

from core import clock, jobs
from tenants import demo, periodic, provisioning, sign_ups, usage
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


@public_task("tenants.send_sign_up_link", queue=INTERACTIVE)
def send_sign_up_link(*, sign_up_id: str, **_: Any) -> None:
    """Mail the link that proves a head's e-mail address."""
    sign_ups.send_link(sign_up_id)


@public_task("tenants.send_sign_up_refusal", queue=DEFAULT)
def send_sign_up_refusal(*, sign_up_id: str, **_: Any) -> None:
    """Mail a head why there will be no school."""
    sign_ups.send_refusal(sign_up_id)


@school_task("tenants.lay_example", queue=BULK)
def lay_example(**_: Any) -> None:
    """Give a school that asked for it example data, part by part."""
    demo.lay_example(at=clock.now())


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
