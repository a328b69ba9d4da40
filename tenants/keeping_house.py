"""What the platform does each hour about the lives of schools: ends whose grace is over, copies and schemas to drop."""

from datetime import datetime

from tenants import erasing, restoring, sign_ups
from tenants.archive import making


def hourly(*, at: datetime) -> None:
    """Each part does what is due and nothing twice."""
    erasing.carry_out_due(at=at)
    restoring.drop_kept(at=at)
    making.expire(at=at)
    sign_ups.sweep(at=at)
