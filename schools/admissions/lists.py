"""Applications as a file."""

from collections.abc import Sequence
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.models import User
from schools.admissions import policies, queries
from schools.admissions.choices import Stage
from schools.exports import sheets
from schools.people.lists import in_batches


def register() -> None:
    """Called once, when the apps are ready."""
    sheets.register(sheets.Sheet("applications", gettext_lazy("Applications"), policies.may_admit, applications))


def applications(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """The list of applications, without what families said of health."""
    found = queries.search(queries.visible_to(user), asked.get("q", ""))
    if asked.get("stage", "") in Stage.values:
        found = found.filter(stage=asked["stage"])
    if chosen is not None:
        found = found.filter(pk__in=chosen)
    rows = (
        [
            [
                a.reference, a.name, a.date_of_birth, str(a.grade_level or ""), str(a.get_stage_display()),
                str(a.answers.get("guardian_phone", "")), a.email, a.mean, a.submitted_at and a.submitted_at.date(),
            ]
            for a in batch
        ]
        for batch in in_batches(found)
    )  # fmt: skip
    head = [
        _("Reference"), _("Name"), _("Date of birth"), _("Grade level"), _("Stage"), _("Guardian’s phone"),
        _("E-mail"), _("Entrance mean"), _("Sent"),
    ]  # fmt: skip
    return sheets.Table(head, rows, (2, 4, 2, 2, 2, 3, 4, 2, 2), numbers=frozenset({7}))
