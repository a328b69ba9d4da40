"""Forms are opened, published and rebuilt."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving
from identity.models import User
from schools.academics.models import AcademicYear, GradeLevel
from schools.admissions import definition
from schools.admissions.models import Form

_TAKEN = "admissions_form_name"


@transaction.atomic
def open_form(*, name: str, year: AcademicYear, opens_on: date, by: User | None, at: datetime) -> Form:
    """Begin a form with the standard pages, which can be changed before it is published."""
    form = Form(year=year, opens_on=opens_on, pages=definition.standard())
    saving.put(form, {"name": name})
    saving.check(form, {})
    saving.save(form, {_TAKEN: ("name", _("There is a form of this name."))})
    audit.record("form.opened", on=form, by=by, at=at, changes={"year": year.name})
    return form


@transaction.atomic
def set_form(
    *, form: Form, name: str, welcome: str, opens_on: date, closes_on: date | None, is_published: bool,
    grade_levels: Sequence[GradeLevel], by: User | None, at: datetime,
) -> Form:  # fmt: skip
    """Change a form's name, words, days and levels, publish it or take it down."""
    form = Form.objects.lock(form.pk)
    changes = saving.put(
        form, {"name": name, "opens_on": opens_on, "closes_on": closes_on, "is_published": is_published}
    )
    if form.welcome != welcome.strip():
        form.welcome = welcome.replace("\0", "").strip()
        changes["welcome"] = []
    levels = sorted(str(level.pk) for level in grade_levels)
    if form.levels != levels:
        changes["grade_levels"] = [len(form.levels), [str(level) for level in grade_levels]]
        form.levels = levels
    errors: dict[str, list[str]] = {}
    if closes_on is not None and closes_on < opens_on:
        errors["closes_on"] = [_("This is before it opens.")]
    lacking = definition.missing(form.pages)
    if is_published and lacking:
        errors["is_published"] = [_("The form does not ask for: %(fields)s.") % {"fields": ", ".join(lacking)}]
    saving.check(form, errors)
    saving.save(form, {_TAKEN: ("name", _("There is a form of this name."))})
    if changes:
        audit.record("form.changed", on=form, by=by, at=at, changes=changes)
    return form


@transaction.atomic
def change_pages(*, form: Form, pages: Sequence[dict[str, Any]], by: User | None, at: datetime) -> Form:
    """Ask something else from now on; whoever has begun keeps the form that they began with."""
    form = Form.objects.lock(form.pk)
    found = definition.checked(pages)
    lacking = definition.missing(found)
    if form.is_published and lacking:
        raise saving.wrong("pages", _("The form is published and needs: %(f)s.") % {"f": ", ".join(lacking)})
    if form.pages != found:
        form.pages = found
        form.save()
        asked = sum(1 for _field in definition.fields(found))
        audit.record("form.rebuilt", on=form, by=by, at=at, changes={"pages": len(found), "fields": asked})
    return form
