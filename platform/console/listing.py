"""What an operator asked of the list of schools, and each school as it is shown there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from console import overview
from core import clock
from core.models import Rows
from tenants import queries
from tenants.models import School, State, Usage

PAGE = 50
LONGEST = 100
TONES = {
    State.LIVE: ("ok", "check"),
    State.READ_ONLY: ("info", "eye"),
    State.SUSPENDED: ("warn", "lock"),
    State.FAILED: ("bad", "alert"),
    State.ARCHIVED: ("info", "server"),
    State.ERASING: ("bad", "trash"),
    State.REQUESTED: ("info", "clock"),
    State.PROVISIONING: ("info", "clock"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The search words, the state and the order; what is not known counts as not asked."""

    words: str = ""
    state: str = ""
    order: str = "name"

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        """Out of the address."""
        state, order = query.get("state", ""), query.get("sort", "name")
        return cls(
            words=query.get("q", "").replace("\0", "").strip()[:LONGEST],
            state=state if state in State.values else "",
            order=order if order.removeprefix("-") in queries.ORDERS else "name",
        )

    @property
    def narrowed(self) -> bool:
        """Whether schools may be left out."""
        return bool(self.words or self.state)

    @property
    def query(self) -> str:
        """The same question as an address."""
        said = {"q": self.words, "state": self.state, "sort": self.order if self.order != "name" else ""}
        return urlencode({key: value for key, value in said.items() if value})

    def schools(self) -> Rows[School]:
        """The schools that fit; call inside in_public()."""
        return queries.schools(search=self.words, state=self.state, order=self.order)


@dataclass(frozen=True, slots=True)
class Row:
    """One school of the list."""

    school: School
    host: str
    tone: str
    icon: str
    usage: Usage | None
    share: int | None

    @property
    def seen(self) -> datetime | None:
        """When somebody last signed in there."""
        return self.usage.last_sign_in_at if self.usage else None

    @property
    def seen_ago(self) -> str:
        """How long ago that was."""
        return overview.lasting(max(clock.now() - self.seen, timedelta())) if self.seen else ""


def row(school: School) -> Row:
    """A school out of `queries.schools`, ready to be shown."""
    usage: Usage | None = getattr(school, "usage", None)
    tone, icon = TONES[State(school.state)]
    people = (usage.students + usage.staff) if usage else 0
    share = round(100 * min(usage.active_users, people) / people) if usage and people else None
    return Row(school, getattr(school, "host", "") or "", tone, icon, usage, share)


def head() -> list[str]:
    """The names of the columns of the download."""
    return [
        _("School"), _("Slug"), _("Address"), _("State"), _("Reason"), _("Head"), _("Head's e-mail"), _("Students"),
        _("Staff"), _("Active, 7 days"), _("Storage, bytes"), _("Last sign-in"), _("Counted at"), _("Asked for at"),
    ]  # fmt: skip


def cells(schools: Iterable[School]) -> Iterator[list[object]]:
    """The same schools as rows of a download; what was not counted yet stays empty."""
    for school in schools:
        usage: Usage | None = getattr(school, "usage", None)
        counted: list[object] = ["", "", "", "", "", ""]
        if usage is not None:
            seen = usage.last_sign_in_at.isoformat(timespec="seconds") if usage.last_sign_in_at else ""
            counted = [
                usage.students, usage.staff, usage.active_users, usage.storage_bytes, seen,
                usage.taken_at.isoformat(timespec="seconds"),
            ]  # fmt: skip
        yield [
            school.name, school.slug, queries.address(school), school.get_state_display(), school.state_reason,
            school.head_name, school.head_email, *counted, school.created_at.isoformat(timespec="seconds"),
        ]  # fmt: skip
