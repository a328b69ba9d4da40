"""Cards given out and ended, letters issued and revoked, papers set in the background."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import recording as audit
from core import jobs, saving, storage
from core.errors import Conflict, DomainError
from identity.models import User
from schools.academics import queries as academics
from schools.papers import markup, merging, setting
from schools.papers.choices import BatchKind, BatchState, Layout
from schools.papers.models import Batch, Card, Letter, Template
from schools.people.models import Staff, Student

KEPT = timedelta(days=7)
AT_ONCE = 60
TRIES = 5


# Cards


@transaction.atomic
def issue_cards(
    *, students: Sequence[Student] = (), staff: Sequence[Staff] = (), anew: bool = False, by: User | None, at: datetime
) -> list[Card]:
    """The card of each, in order: the one they hold while it is valid, else a new one; `anew` ends what they hold."""
    year = academics.current_year()
    until = setting.end_of(year.ends_on if year else None)
    found: list[Card] = []
    acts: list[tuple[str, Any, dict[str, Any]]] = []
    for field, people in (("student", students), ("staff", staff)):
        ids = [person.pk for person in people]
        # One order for everybody who gives cards out, so that two of them cannot wait for each other.
        kind: Any = Student if field == "student" else Staff
        list(kind.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
        known = {getattr(c, f"{field}_id"): c for c in Card.objects.filter(**{f"{field}__in": ids}, ended_at=None)}
        last = dict(
            Card.objects.filter(**{f"{field}__in": ids}).order_by().values_list(field).annotate(n=Max("number"))
        )
        new: list[Card] = []
        over: list[UUID] = []
        for person in people:
            card = known.get(person.pk)
            if card is not None and not anew and card.is_valid(at.date()):
                setattr(card, field, person)
                found.append(card)
                continue
            if card is not None:
                over.append(card.pk)
            card = Card(**{field: person}, number=last.get(person.pk, 0) + 1, valid_until=until)
            new.append(card)
            found.append(card)
            acts.append(("card.issued", person, {"card": [None, card.number]}))
        Card.objects.filter(pk__in=over).update(ended_at=at)
        Card.objects.bulk_create(new, batch_size=500)
    audit.record_many(acts, by=by, at=at)
    return found


@transaction.atomic
def end_card(*, card: Card, by: User | None, at: datetime) -> Card:
    """End a card that was lost: whoever scans it reads that it is not valid."""
    card = Card.objects.lock(card.pk)
    if card.ended_at is None:
        card.ended_at = at
        card.save()
        audit.record("card.ended", on=card.holder, by=by, at=at, changes={"card": [card.number, None]})
    return card


# Papers that are set together


@transaction.atomic
def ask(
    *, kind: str, title: str, ids: Sequence[UUID], options: Mapping[str, Any], by: User | None, at: datetime
) -> Batch:
    """Have papers set: some at once, many by a job; what is older than a week is thrown away."""
    for old in Batch.objects.filter(created_at__lt=at - KEPT):
        _drop(old)
    if not ids:
        raise DomainError(_("Nobody was chosen."))
    batch = Batch.objects.create(
        kind=kind, title=title[:160], ids=[str(pk) for pk in ids], options=dict(options), asked_by=by
    )
    audit.record("papers.asked", on=batch, by=by, at=at, changes={"what": batch.title, "people": len(ids)})
    if len(ids) > AT_ONCE:
        jobs.later("papers.make", batch_id=str(batch.pk))
        return batch
    return make(batch_id=str(batch.pk), by=by, at=at)


@transaction.atomic
def make(*, batch_id: str, by: User | None, at: datetime) -> Batch:
    """Set the papers of a batch and keep the file; a second call finds it done."""
    batch = Batch.objects.lock(batch_id)
    if batch.state != BatchState.WAITING:
        return batch
    content = _set(batch, by, at)
    batch.file = storage.save(f"papers/{batch.pk}.pdf", content)
    batch.state = BatchState.DONE
    batch.save()
    return batch


def _set(batch: Batch, by: User | None, at: datetime) -> bytes:
    if batch.kind == BatchKind.STAFF_CARDS:
        staff = _in_order(batch.ids, Staff.objects.filter(pk__in=batch.ids))
        found = issue_cards(staff=staff, anew=bool(batch.options.get("anew")), by=by, at=at)
        return setting.cards(found, str(batch.options.get("layout", Layout.SHEET)))
    students = _in_order(batch.ids, Student.objects.filter(pk__in=batch.ids))
    if batch.kind == BatchKind.CARDS:
        found = issue_cards(students=students, anew=bool(batch.options.get("anew")), by=by, at=at)
        return setting.cards(found, str(batch.options.get("layout", Layout.SHEET)))
    if batch.kind == BatchKind.LABELS:
        return setting.labels(students)
    return setting.tick_list(batch.title, students, batch.options.get("columns", []))


def _in_order(ids: Sequence[str], rows: Any) -> list[Any]:
    known = {str(row.pk): row for row in rows}
    return [known[pk] for pk in ids if pk in known]


def _drop(batch: Batch) -> None:
    path = batch.file
    batch.delete()
    if path:
        transaction.on_commit(lambda: storage.delete(path))


# Letters


@transaction.atomic
def save_template(
    *, template: Template | None, kind: str, name: str, language: str, title: str, body: str, by: User | None,
    at: datetime,
) -> Template:  # fmt: skip
    """Write or change a template; a field that does not exist is refused by name."""
    row = Template() if template is None else Template.objects.lock(template.pk)
    new = template is None
    changes = saving.put(row, {"kind": kind, "name": name, "language": language, "title": title})
    if row.body != body.strip():
        changes["body"] = [len(row.body), len(body.strip())]
        row.body = body.strip()
    known = {field.key for field in merging.every()}
    strange = [key for key in markup.fields_in(f"{title} {body}") if key not in known]
    errors: dict[str, list[str]] = {}
    if strange:
        errors["body"] = [_("There is no field {%(name)s}.") % {"name": name} for name in strange]
    saving.check(row, errors)
    if changes:
        saving.save(row, {"papers_template_name": ("name", _("Another template has this name."))})
        audit.record("template.added" if new else "template.changed", on=row, by=by, at=at, changes=changes)
    return row


@transaction.atomic
def remove_template(*, template: Template, by: User | None, at: datetime) -> None:
    """Throw a template away; letters that were issued from it stay."""
    row = Template.objects.lock(template.pk)
    audit.record("template.removed", on=row, by=by, at=at)
    row.delete()


def draft(*, template: Template, student: Student, by: User | None, at: datetime) -> tuple[Letter, list[str]]:
    """A letter that is not issued yet, and the fields that nothing is known for."""
    wanted = markup.fields_in(f"{template.title} {template.body}")
    values = merging.values(student, wanted, template.language)
    letter = Letter(
        kind=template.kind, language=template.language, student=student, issued_at=at, issued_by=by, year=at.year,
        title=markup.filled(template.title, values)[:160], text=markup.filled(template.body, values),
        signed_by=merging.head_name(), number=0,
    )  # fmt: skip
    return letter, [key for key in wanted if not values.get(key)]


@transaction.atomic
def issue(*, template: Template, student: Student, shared: bool, by: User | None, at: datetime) -> Letter:
    """Issue a letter under the next number of its kind and year; refused while a field has no value."""
    student = Student.objects.lock(student.pk)
    letter, missing = draft(template=template, student=student, by=by, at=at)
    if missing:
        known = {field.key: str(field.label) for field in merging.every()}
        said = _("Not known of %(student)s: %(fields)s. Note it first, or change the template.") % {
            "student": student.full_name, "fields": ", ".join(known.get(key, key) for key in missing),
        }  # fmt: skip
        raise DomainError(said, errors={"template": [said]})
    letter.shared = shared
    _number(letter)
    audit.record(
        "letter.issued", on=student, by=by, at=at, changes={"letter": [None, f"{letter.reference} {letter.title}"]}
    )
    return letter


def _number(letter: Letter) -> None:
    """Two who issue at once get two numbers: the constraint decides, and the second tries again."""
    for _try in range(TRIES):
        taken = Letter.objects.filter(kind=letter.kind, year=letter.year).aggregate(n=Max("number"))["n"] or 0
        letter.number = taken + 1
        try:
            with transaction.atomic():
                letter.save(force_insert=True)
        except IntegrityError as error:
            if "papers_letter_number" not in str(error):
                raise
        else:
            return
    raise Conflict(_("Somebody else issues letters just now. Try again."))


@transaction.atomic
def revoke(*, letter: Letter, reason: str, by: User | None, at: datetime) -> Letter:
    """Take a letter back: whoever verifies it reads so; its number stays taken."""
    letter = Letter.objects.lock(letter.pk)
    if letter.revoked_at is not None:
        raise Conflict(_("This letter is revoked already."))
    reason = " ".join(reason.split())
    if not reason:
        raise saving.wrong("reason", _("Say why."))
    letter.revoked_at, letter.reason = at, reason[:200]
    letter.save()
    audit.record("letter.revoked", on=letter.student, by=by, at=at, changes={"letter": [letter.reference, reason]})
    return letter


@transaction.atomic
def share(*, letter: Letter, shared: bool, by: User | None, at: datetime) -> Letter:
    """Show a letter to the student's guardians, or no longer."""
    letter = Letter.objects.lock(letter.pk)
    if letter.shared != shared:
        letter.shared = shared
        letter.save()
        audit.record("letter.shared", on=letter.student, by=by, at=at, changes={"shared": [not shared, shared]})
    return letter
