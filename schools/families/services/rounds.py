"""Rounds of "confirm your details"."""

from datetime import date, datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs, saving, scope, text
from core.errors import Conflict
from identity.models import User
from schools.families import tokens
from schools.families.choices import Answer
from schools.families.models import Campaign, Confirmation
from schools.people.choices import StudentStatus
from schools.people.models import Guardian

BATCH = 500
By = audit.Actor | None


@transaction.atomic
def start(*, name: str, until: date, by: User | None, at: datetime) -> Campaign:
    """Ask every guardian of an enrolled child to confirm; those with an e-mail address get their link by a job."""
    errors: dict[str, list[str]] = {}
    if not text.tidy(name):
        errors["name"] = [_("Give the round a name, such as 2026.")]
    if until < timezone.localdate(at):
        errors["until"] = [_("This day is over.")]
    campaign = Campaign(started_by=by)
    saving.put(campaign, {"name": name, "until": until})
    saving.check(campaign, errors)
    if Campaign.objects.select_for_update().filter(closed_at=None, until__gte=timezone.localdate(at)).exists():
        raise Conflict(_("A round is open. Close it first."))
    campaign.save()
    asked = Guardian.objects.filter(guardianships__student__status=StudentStatus.ENROLLED).distinct().order_by("pk")
    rows = [Confirmation(campaign=campaign, guardian=guardian) for guardian in asked]
    Confirmation.objects.bulk_create(rows, batch_size=BATCH)
    audit.record("campaign.started", on=campaign, by=by, at=at, changes={"name": campaign.name, "asked": len(rows)})
    jobs.later("families.mail_links", campaign_id=str(campaign.pk))
    return campaign


@transaction.atomic
def close(*, campaign: Campaign, by: User | None, at: datetime) -> Campaign:
    """End a round: its links answer no more."""
    row = Campaign.objects.lock(campaign.pk)
    if row.closed_at is None:
        row.closed_at = at
        row.save()
        audit.record("campaign.closed", on=row, by=by, at=at, changes={"name": row.name})
    return row


@transaction.atomic
def confirm(*, confirmation: Confirmation, changed: bool, by: By, at: datetime) -> Confirmation:
    """Note that a guardian looked; whoever proposed changes once has proposed changes."""
    row = Confirmation.objects.lock(confirmation.pk)
    if row.answer != Answer.CHANGED:
        row.answer = Answer.CHANGED if changed else Answer.CONFIRMED
        row.answered_at = at
        row.save()
        said = {"round": row.campaign.name}
        audit.record(
            "guardian.corrected" if changed else "guardian.confirmed", on=row.guardian, by=by, at=at, changes=said
        )
    return row


def mail_links(*, campaign_id: str, by: By, at: datetime) -> int:
    """Mail each guardian their link, once: the row is marked before the letter goes. Gives back how many went."""
    waiting = Confirmation.objects.filter(campaign_id=campaign_id, mailed_at=None, campaign__closed_at=None)
    ids = list(waiting.exclude(guardian__email="").order_by("pk").values_list("pk", flat=True))
    sent = 0
    for pk in ids:
        with transaction.atomic():
            row = Confirmation.objects.lock(pk)
            if row.mailed_at is not None:
                continue
            row.mailed_at = at
            row.save(update_fields=["mailed_at", "updated_at"])
        _mail(Confirmation.objects.select_related("campaign", "guardian").get(pk=pk))
        sent += 1
    return sent


def _mail(row: Confirmation) -> None:
    with translation.override(row.guardian.language or settings.LANGUAGE_CODE):
        said = {
            "school": scope.current().name, "name": row.guardian.first_name, "link": tokens.link_of(row.pk),
            "day": formats.date_format(row.campaign.until, "j F Y"),
        }  # fmt: skip
        subject = _("%(school)s: please check your details") % said
        body = _(
            "Dear %(name)s,\n\nplease look whether what we have of you and your children is still right. It takes a "
            "minute, and the link works until %(day)s:\n\n%(link)s"
        )
        send_mail(" ".join(subject.split()), body % said, None, [row.guardian.email])
