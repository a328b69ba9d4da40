"""One sheet of a family's details: what is shown, what was typed, and the proposals that come of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import text
from core.errors import DomainError
from schools.families import proposing, queries, services
from schools.families.choices import State
from schools.families.models import Confirmation
from schools.people.forms import refuse
from schools.people.models import Guardian
from schools.people.tidying import phone_or_as_typed


@dataclass(frozen=True, slots=True)
class Block:
    """One record with its form, and the fields that wait for the office."""

    part: queries.Part
    form: Any
    waiting: Sequence[str]


def sheet(guardian: Guardian, data: Any = None) -> list[Block]:
    """Every record that a guardian checks; a waiting proposal is what the form begins with."""
    held = list(queries.proposals_of(guardian).filter(state=State.WAITING))
    blocks = []
    for part in queries.parts_of(guardian):
        mine = [one for one in held if (one.about, one.object_id) == (part.about, part.row.pk)]
        form = proposing.form_for(part.about, part.row, data, prefix=part.key)
        for one in mine:
            form.initial[one.field] = proposing.read(one.about, one.field, one.value)
        blocks.append(Block(part, form, [proposing.label(one.about, one.field) for one in mine]))
    return blocks


@transaction.atomic
def send(
    guardian: Guardian, blocks: Sequence[Block], confirmation: Confirmation | None, by: audit.Actor | None, at: datetime
) -> int | None:
    """Propose what differs, and note that the guardian looked; None when a form cannot be read. Gives how many fields.

    What is wrong stands at the forms, and nothing is proposed.
    """
    if not all([block.form.is_valid() for block in blocks]):  # noqa: C419 - each is to show its own errors
        return None
    number = 0
    for block in blocks:
        facts = {name: _tidy(name, value) for name, value in block.form.cleaned_data.items()}
        if facts.get("phone") and not facts["phone"].startswith("+"):
            block.form.add_error(
                "phone", _("This is not a phone number. Write it like 0722 418 093, or with + and the country.")
            )
            transaction.set_rollback(True)
            return None
        # The form's instance took the typed values on: the row is read anew where it matters.
        try:
            number += len(
                services.propose(
                    guardian=guardian, about=block.part.about, object_id=block.part.row.pk, facts=facts, by=by, at=at
                )
            )
        except DomainError as error:
            refuse(block.form, error)
            transaction.set_rollback(True)
            return None
    if confirmation is not None:
        services.confirm(confirmation=confirmation, changed=number > 0, by=by, at=at)
    return number


def _tidy(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    tidy = text.tidy(value)
    return phone_or_as_typed(tidy) if name == "phone" else tidy.lower() if name == "email" else tidy
