"""The lists of people as files: what their pages show, with the same filters and rights."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import User
from schools.exports import sheets
from schools.people import choices, policies, queries
from schools.people.listing import StudentList
from schools.people.templatetags.people import phone

BATCH = 500
M = TypeVar("M", bound=Model)


def register() -> None:
    """Called once, when the apps are ready."""
    sheets.register(sheets.Sheet("students", gettext_lazy("Students"), policies.may_export, students))
    sheets.register(sheets.Sheet("guardians", gettext_lazy("Guardians"), policies.may_list_guardians, guardians))
    sheets.register(sheets.Sheet("households", gettext_lazy("Households"), policies.may_list_households, households))
    sheets.register(sheets.Sheet("staff", gettext_lazy("Staff"), policies.may_list_staff, staff))


def in_batches(rows: QuerySet[M]) -> Iterator[list[M]]:
    """Some hundred at a time; what is prefetched is so for each batch."""
    batch: list[M] = []
    for row in rows.iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def students(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """The student list, with every column that this user sees."""
    listed = StudentList(user, asked)
    found = listed.found if chosen is None else listed.found.filter(pk__in=chosen)
    ids = list(found.values_list("pk", flat=True))
    words, _offered = listed.chips()
    note = " · ".join([*(str(chip.label) for chip in words), *([f"“{listed.words}”"] if listed.words else [])])
    return sheets.Table(listed.head(), listed.batches(ids), note=note)


def guardians(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Guardians with how to reach them and whose they are."""
    found = queries.search_guardians(queries.guardians_visible_to(user), asked.get("q", ""))
    found = found.select_related("household").annotate(children=Count("guardianships"))
    found = _chosen(found, chosen).order_by("first_name", "last_name", "pk")
    rows = (
        [[g.full_name, phone(g.phone), g.email, str(g.household or ""), getattr(g, "children", 0)] for g in batch]
        for batch in in_batches(found)
    )
    head = [_("Name"), _("Phone"), _("E-mail"), _("Household"), _("Children")]
    return sheets.Table(head, rows, (5, 3, 4, 4, 1), _note(asked), frozenset({4}))


def households(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Who lives with whom, and where."""
    found = queries.search_households(queries.households_visible_to(user), asked.get("q", ""))
    found = _chosen(found, chosen).prefetch_related("students", "guardians").order_by("name", "pk")
    rows = (
        [
            [
                h.name, h.address, h.town, h.county, phone(h.phone),
                ", ".join(s.short_name for s in h.students.all()), ", ".join(g.short_name for g in h.guardians.all()),
            ]
            for h in batch
        ]
        for batch in in_batches(found)
    )  # fmt: skip
    head = [_("Household"), _("Address"), _("Town"), _("County"), _("Phone"), _("Students"), _("Guardians")]
    return sheets.Table(head, rows, (4, 4, 2, 2, 3, 5, 5), _note(asked))


def staff(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Who works at the school."""
    found = queries.search_staff(queries.staff_visible_to(user), asked.get("q", ""))
    statuses = [value for value in asked.getlist("status") if value in choices.StaffStatus.values]
    if statuses:
        found = found.filter(status__in=statuses)
    elif not asked.get("q"):
        found = found.exclude(status=choices.StaffStatus.LEFT)
    found = _chosen(found, chosen).order_by("first_name", "last_name", "pk")
    rows = (
        [
            [
                s.staff_number, s.full_name, s.job_title, s.tsc_number, phone(s.phone), s.email,
                str(s.get_status_display()),
            ]
            for s in batch
        ]
        for batch in in_batches(found)
    )  # fmt: skip
    head = [_("Staff number"), _("Name"), _("Job"), _("TSC number"), _("Phone"), _("E-mail"), _("Status")]
    return sheets.Table(head, rows, (2, 4, 3, 2, 3, 4, 2), _note(asked))


def _chosen(found: QuerySet[M], chosen: Iterable[UUID] | None) -> QuerySet[M]:
    return found if chosen is None else found.filter(pk__in=list(chosen))


def _note(asked: QueryDict) -> str:
    words = asked.get("q", "").strip()[:80]
    return f"“{words}”" if words else ""
