"""What a school may choose when it signs up: a plan is a name, whom it is for, and the limits that it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Plan:
    """One offer; limits that it does not name are the platform's usual ones (tenants/entitlements.py)."""

    name: str
    label: str | Promise
    meant_for: str | Promise
    limits: Mapping[str, int] = field(default_factory=dict)


PLANS = {
    plan.name: plan
    for plan in (
        Plan("trial", _("Try it"), _("To look round with example data; the platform's smallest share."),
             {"job_slots": 1, "work_percent": 10, "requests_per_second": 20}),
        Plan("standard", _("School"), _("Up to about 1,000 learners.")),
        Plan("large", _("Large school"), _("More than 1,000 learners, or many programs that read the school's data."),
             {"job_slots": 4, "work_percent": 40, "requests_per_second": 80, "concurrent_requests": 16,
              "api_requests_per_minute": 3000}),
    )
}  # fmt: skip
