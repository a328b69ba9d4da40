"""Schools beside those of the cast, as rows that nothing was built for."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from core import clock
from tenants import context
from tenants.models import Domain, School, State, Step, Usage
from tests.cast import Cast

MakeSchools = Callable[..., list[School]]


@pytest.fixture
def make_schools(cast: Cast) -> MakeSchools:
    """`make_schools(20)`: that many schools with a host each and every second one counted."""

    def make(number: int, *, state: str = State.LIVE, prefix: str = "school") -> list[School]:
        at = clock.now()
        with context.in_public():
            made = School.objects.bulk_create(
                School(
                    slug=f"{prefix}-{n:04d}", schema=f"s_{prefix}_{n:04d}", name=f"{prefix.title()} {n:04d}",
                    state=state, step=Step.LIVE, head_email=f"head{n}@{prefix}.example", live_at=at,
                )
                for n in range(number)
            )  # fmt: skip
            Domain.objects.bulk_create(
                Domain(school=school, host=f"{school.slug}.{settings.PLATFORM_DOMAIN}") for school in made
            )
            Usage.objects.bulk_create(
                Usage(
                    school=school, students=100 + n, staff=10, active_users=20, active_by_day=[1, 2, 3, 4, 5, 0, 0, 6],
                    storage_bytes=1024, last_sign_in_at=at - timedelta(hours=n), taken_at=at,
                )
                for n, school in enumerate(made)
                if n % 2 == 0
            )  # fmt: skip
        return made

    return make
