"""What an applicant does: begin, fill in page by page, send, answer the offer, withdraw."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import recording as audit
from core import ids, jobs, storage
from core.errors import Conflict, DomainError
from identity.models import User
from schools.academics.models import GradeLevel
from schools.admissions import definition, queries, staging
from schools.admissions.choices import MOVES, Kind, Source, Stage
from schools.admissions.models import Application, Event, Form

MOST_DRAFTS = 8
DRAFT_DAYS = timedelta(days=42)
SUFFIXES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
TRIES = 5


@transaction.atomic
def begin(*, form: Form, email: str, by: User | None, at: datetime, source: str = Source.ONLINE) -> Application:
    """Begin a draft; its link is mailed when an address was given."""
    if source == Source.ONLINE and not form.is_open(timezone.localdate(at)):
        raise Conflict(_("This form is closed."))
    drafts = Application.objects.filter(email=email, is_draft=True)
    if email and source == Source.ONLINE and drafts.count() >= MOST_DRAFTS:
        raise Conflict(_("There are %(n)d drafts with this address already. Finish one of them.") % {"n": MOST_DRAFTS})
    application = Application.objects.create(
        form=form, pages=form.pages, key=secrets.token_urlsafe(32), email=email.lower(), source=source
    )
    if email:
        jobs.later("admissions.mail", application_id=str(application.pk), letter="draft")
    return application


@transaction.atomic
def save_page(
    *, application: Application, number: int, typed: Mapping[str, str], by: User | None, at: datetime
) -> None:
    """Keep the answers of one page (from 0); raises DomainError naming the fields that are wrong."""
    application = _draft(application)
    if not 0 <= number < len(application.pages):
        raise DomainError(_("There is no such page."))
    page = application.pages[number]
    kept = definition.read(page, typed, application.answers, queries.levels_of(application.form))
    lacking = {
        field["key"]: [_("Choose a file.")]
        for field in page["fields"]
        if field["kind"] == Kind.FILE
        and field.get("required")
        and field["key"] not in application.files
        and definition.is_asked(field, {**application.answers, **kept})
    }
    if lacking:
        raise DomainError(_("Choose a file."), errors=lacking)
    application.answers = {**application.answers, **kept}
    _extract(application)
    application.save()


@transaction.atomic
def keep_file(*, application: Application, key: str, name: str, content: bytes, by: User | None, at: datetime) -> None:
    """Keep a PDF or picture for a field; what it is is read from its first bytes."""
    application = _draft(application)
    field = next((f for f in definition.fields(application.pages) if f["key"] == key and f["kind"] == Kind.FILE), None)
    suffix = next((suffix for start, suffix in SUFFIXES.items() if content.startswith(start)), "")
    if field is None or not suffix:
        raise DomainError(_("Choose a PDF, JPEG or PNG file."), errors={key: [_("Choose a PDF, JPEG or PNG file.")]})
    if len(content) > settings.UPLOAD_MAX_BYTES:
        most = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        said = _("This file is larger than %(max)s MB. Choose a smaller one.") % {"max": most}
        raise DomainError(said, errors={key: [said]})
    before = application.files.get(key, {}).get("path", "")
    path = storage.save(f"admissions/{application.pk}/{ids.uuid7()}.{suffix}", content)
    shown = "".join(c for c in name if c.isprintable())[-80:] or f"file.{suffix}"
    application.files = {**application.files, key: {"path": path, "name": shown}}
    application.save()
    if before:
        transaction.on_commit(lambda: storage.delete(before))


@transaction.atomic
def submit(*, application: Application, by: User | None, at: datetime) -> Application:
    """Send the application: every page is checked once more, and it gets its reference; sent twice it is sent once."""
    application = Application.objects.lock(application.pk)
    if not application.is_draft:
        return application
    levels = queries.levels_of(application.form)
    for page in application.pages:
        typed = {key: str(value) for key, value in application.answers.items()}
        definition.read(page, typed, application.answers, levels)
        for field in page["fields"]:
            needed = field["kind"] == Kind.FILE and field.get("required")
            if needed and field["key"] not in application.files and definition.is_asked(field, application.answers):
                raise DomainError(_("Choose a file."), errors={field["key"]: [_("Choose a file.")]})
    _extract(application)
    application.is_draft, application.stage = False, Stage.APPLIED
    application.submitted_at = application.stage_since = at
    _refer(application)
    Event.objects.create(application=application, kind="applied", text=_("Application sent"), by=by, at=at)
    audit.record("application.sent", on=application, by=by, at=at, changes={"reference": application.reference})
    if application.email:
        jobs.later("admissions.mail", application_id=str(application.pk), letter="sent")
    return application


def _refer(application: Application) -> None:
    """The next reference of the form's year; of two who send at once the second takes the one after."""
    year = application.form.year.name
    for _try in range(TRIES):
        number = Application.objects.filter(form__year=application.form.year).exclude(reference="").count() + 1 + _try
        application.reference = f"{year[:12]}-{number:04}"
        try:
            with transaction.atomic():
                application.save()
        except IntegrityError as error:
            if "admissions_application_reference" not in str(error):
                raise
        else:
            return
    raise Conflict(_("Many apply just now. Send it again."))


@transaction.atomic
def answer_offer(*, application: Application, accepted: bool, by: User | None, at: datetime) -> Application:
    """Accept or decline an offer while it stands."""
    application = Application.objects.lock(application.pk)
    if application.stage != Stage.OFFERED:
        raise Conflict(_("There is no offer to answer."))
    if application.offer_until is not None and timezone.localdate(at) > application.offer_until:
        raise Conflict(_("The offer ran out. Ask the school’s office."))
    stage = Stage.ACCEPTED if accepted else Stage.DECLINED
    said = _("Offer accepted") if accepted else _("Offer declined")
    return staging.to_stage(application, stage, said, by, at)


@transaction.atomic
def withdraw(*, application: Application, by: User | None, at: datetime) -> Application:
    """Take an application back; a draft is deleted."""
    application = Application.objects.lock(application.pk)
    if Stage.WITHDRAWN not in MOVES[application.stage] or application.student_id:
        raise Conflict(_("This application cannot be withdrawn any more."))
    return staging.to_stage(application, Stage.WITHDRAWN, _("Application withdrawn"), by, at)


@transaction.atomic
def sweep_drafts(*, by: User | None, at: datetime) -> int:
    """Delete the drafts that nobody touched for six weeks, with their files."""
    old = list(Application.objects.filter(is_draft=True, updated_at__lt=at - DRAFT_DAYS)[:500])
    paths = [file["path"] for row in old for file in row.files.values()]
    Application.objects.filter(pk__in=[row.pk for row in old]).delete()

    def away() -> None:
        for path in paths:
            storage.delete(path)

    transaction.on_commit(away)
    return len(old)


def _draft(application: Application) -> Application:
    application = Application.objects.lock(application.pk)
    if not application.is_draft:
        raise Conflict(_("This application was sent and cannot be changed. Ask the school’s office."))
    return application


def _extract(application: Application) -> None:
    """Bring what lists show and search out of the answers."""
    answers: dict[str, Any] = application.answers
    application.first_name = str(answers.get("first_name", ""))[:80]
    application.last_name = str(answers.get("last_name", ""))[:80]
    born = str(answers.get("date_of_birth", ""))
    application.date_of_birth = date.fromisoformat(born) if born else None
    level = str(answers.get(definition.LEVEL, ""))
    application.grade_level = GradeLevel.objects.filter(pk=level).first() if level else None
