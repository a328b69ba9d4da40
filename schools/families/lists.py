"""The links of a round as a file, for those who are reached otherwise than by mail."""

from collections.abc import Sequence
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import NotFound
from identity.models import User
from schools.exports import sheets
from schools.families import policies, queries, tokens
from schools.people.lists import in_batches
from schools.people.templatetags.people import phone


def register() -> None:
    """Called once, when the apps are ready."""
    sheets.register(sheets.Sheet("confirmations", gettext_lazy("Links to confirm"), policies.may_decide, links))


def links(user: User, asked: QueryDict, chosen: Sequence[UUID] | None) -> sheets.Table:
    """Who has not answered in the round of `?round=`, or in the newest, with phone and link."""
    wanted = asked.get("round", "")
    try:
        found = queries.campaign_for(UUID(wanted)) if wanted else queries.campaigns().first()
    except ValueError:
        raise NotFound("There is no such round.") from None
    silent = queries.silent(found) if found is not None else None
    rows = (
        [
            [row.guardian.full_name, phone(row.guardian.phone), row.guardian.email, tokens.link_of(row.pk)]
            for row in some
        ]
        for some in (in_batches(silent) if silent is not None else ())
    )
    head = [_("Guardian"), _("Phone"), _("E-mail"), _("Link")]
    return sheets.Table(head, rows, (4, 3, 4, 8), str(found or ""))
