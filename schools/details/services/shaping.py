"""Which houses and fields the school has."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from identity.models import User
from schools.details.choices import FieldKind
from schools.details.models import Details, House, OwnField

MOST_FIELDS = 40
MOST_OPTIONS = 60
_LISTS = (FieldKind.ONE_OF, FieldKind.SEVERAL_OF)


@transaction.atomic
def save_house(*, house: House | None, name: str, colour: str, by: User | None, at: datetime) -> House:
    """Open a house or change it; raises Conflict on a taken name."""
    row = House.objects.lock(house.pk) if house else House()
    changes = saving.put(row, {"name": name, "colour": colour})
    if changes:
        errors = {} if text.tidy(name) else {"name": [_("Give the house a name.")]}
        saving.check(row, errors)
        taken = _("Another house has this name.")
        if House.objects.filter(name__iexact=row.name).exclude(pk=row.pk).exists():
            raise saving.conflict("name", taken)
        saving.save(row, {"details_house_name": ("name", taken)})
        audit.record("house.changed" if house else "house.opened", on=row, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_house(*, house: House, by: User | None, at: datetime) -> None:
    """Close a house that nobody belongs to."""
    row = House.objects.lock(house.pk)
    if row.members.exists():
        raise saving.wrong("name", _("Students belong to this house. Put them into another house first."))
    audit.record("house.removed", on=row, by=by, at=at, changes={"name": [row.name, None]})
    row.delete()


@transaction.atomic
def save_field(
    *, field: OwnField | None, label: str, kind: str, options: Sequence[str], help_text: str, required: bool,
    audience: str, place: int, retired: bool, by: User | None, at: datetime,
) -> OwnField:  # fmt: skip
    """Ask something new of every student, or ask it otherwise; the kind stays when there are answers."""
    row = OwnField.objects.lock(field.pk) if field else OwnField()
    offered = list(dict.fromkeys(tidy for one in options if (tidy := text.tidy(one))))[: MOST_OPTIONS + 1]
    errors: dict[str, list[str]] = {}
    if field is None and OwnField.objects.filter(retired=False).count() >= MOST_FIELDS:
        errors["label"] = [_("A school has at most %(n)s fields. Retire one first.") % {"n": MOST_FIELDS}]
    if kind in _LISTS and len(offered) < 2:
        errors["options"] = [_("Give at least two to choose from, one on a line.")]
    if len(offered) > MOST_OPTIONS or any(len(one) > 80 for one in offered):
        errors["options"] = [_("At most 60 lines of at most 80 characters.")]
    if field is not None and kind != row.kind and _answered(row):
        errors["kind"] = [_("There are answers already. Retire this field and ask anew.")]
    facts = {
        "label": label, "kind": kind, "options": offered if kind in _LISTS else [], "help_text": help_text,
        "required": required, "audience": audience, "place": place, "retired": retired,
    }  # fmt: skip
    changes = saving.put(row, facts)
    if not row.key:
        row.key = _key(row.label)
    saving.check(row, errors)
    if changes:
        saving.save(row, {"details_field_key": ("label", _("Another field is called almost the same."))})
        audit.record("own_field.changed" if field else "own_field.added", on=row, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_field(*, field: OwnField, by: User | None, at: datetime) -> None:
    """Throw away a field that nobody answered; one with answers can only be retired."""
    row = OwnField.objects.lock(field.pk)
    if _answered(row):
        raise saving.wrong("label", _("There are answers. Retire the field instead: they are kept."))
    audit.record("own_field.removed", on=row, by=by, at=at, changes={"label": [row.label, None]})
    row.delete()


def _answered(field: OwnField) -> bool:
    return Details.objects.filter(answers__has_key=field.key).exists()


def _key(label: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", text.search_form(label)).strip("_")[:34] or "field"
    taken = set(OwnField.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in [base, *(f"{base}_{n}" for n in range(2, 99))] if key not in taken)
