"""How the school sends: provider, sender name, quiet hours, price; its templates; and its credit of SMS parts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, sealing
from core.errors import DomainError
from identity.models import User
from schools.messaging import texts
from schools.messaging.choices import Entry
from schools.messaging.models import Credit, Delivery, Settings, Template

PROVIDERS = ("console", "africas_talking")
FIELDS = (
    "provider", "username", "sender", "price", "quiet_from", "quiet_until", "approval_above", "balance_low",
)  # fmt: skip


@transaction.atomic
def set_up(*, by: User | None, at: datetime) -> Settings:
    """The school's one row of settings, made when it is the first."""
    found = Settings.objects.order_by("created_at").first()
    return found or Settings.objects.create()


@transaction.atomic
def change_settings(*, by: User | None, at: datetime, key: str | None = None, **facts: Any) -> Settings:
    """Change how the school sends; a new key is sealed and never shown again."""
    row = Settings.objects.lock(set_up(by=by, at=at).pk)
    changes = saving.put(row, {name: value for name, value in facts.items() if name in FIELDS})
    errors: dict[str, list[str]] = {}
    if row.provider not in PROVIDERS:
        errors["provider"] = [_("This provider is not known.")]
    if row.provider == "africas_talking" and not (row.username and (key or row.sealed_key)):
        errors["username"] = [_("Africa's Talking needs the user name and the API key of your account.")]
    if row.sender and not row.sender.replace(" ", "").isalnum():
        errors["sender"] = [_("A sender name has at most 11 letters and digits.")]
    saving.check(row, errors)
    if key:
        row.sealed_key = sealing.close(key)
        changes["key"] = [None, "***"]
    row.save()
    if changes:
        audit.record(
            "messaging.set_up", on=row, by=by, at=at, changes={k: [str(x) for x in v] for k, v in changes.items()}
        )
    return row


@transaction.atomic
def change_template(*, template: Template | None, by: User | None, at: datetime, **facts: Any) -> Template:
    """Add a template, or change one; its fields must be known ones."""
    row = Template.objects.lock(template.pk) if template else Template()
    changes = saving.put(row, facts)
    errors = {name: found for name in ("body", "body_sw") if (found := texts.problems(getattr(row, name)))}
    saving.check(row, errors)
    row.save()
    if changes:
        audit.record("messaging.template", on=row, by=by, at=at, changes={"name": [None, row.name]})
    return row


@transaction.atomic
def add_credit(*, parts: int, note: str, once: str, by: User | None, at: datetime) -> Credit:
    """Add parts that the school bought; the same `once` adds them once."""
    if not 0 < parts <= 1_000_000:
        raise DomainError(_("Type a number of parts from 1 to 1,000,000."), errors={"parts": [_("1 to 1,000,000")]})
    row, made = Credit.objects.get_or_create(
        once=f"bought:{once}"[:80], defaults={"parts": parts, "kind": Entry.BOUGHT, "note": note[:160], "by": by}
    )
    if made:
        audit.record("messaging.credit", on=row, by=by, at=at, changes={"parts": [None, parts]})
    return row


@transaction.atomic
def read(*, delivery_id: UUID, by: User, at: datetime) -> Delivery | None:
    """Note that somebody opened their message in the app; the first time counts."""
    Delivery.objects.filter(pk=delivery_id, user=by, channel="in_app", read_at=None).update(read_at=at)
    return Delivery.objects.filter(pk=delivery_id, user=by, channel="in_app").first()
