"""Versions of curricula: copied, written, published, followed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from identity.models import User
from schools.academics import services as academics
from schools.academics.models import AcademicYear, GradeLevel, Subject
from schools.curriculum import catalogue, queries
from schools.curriculum.choices import Standing
from schools.curriculum.models import Followed, Version

MOST_LINES = 600
_NEXT = {Standing.DRAFT: Standing.PUBLISHED, Standing.PUBLISHED: Standing.RETIRED}
_TAKEN = "curriculum_version_name"


@transaction.atomic
def add_known(*, by: User | None, at: datetime) -> int:
    """Publish the curricula that the catalogue knows and the school lacks; gives back how many are new."""
    new = 0
    for curriculum, name, lines in catalogue.known():
        row, made = Version.objects.get_or_create(
            curriculum=curriculum, name=name, defaults={"lines": lines, "standing": Standing.PUBLISHED}
        )
        if made:
            new += 1
            audit.record("curriculum.published", on=row, by=by, at=at, changes={"lines": len(lines)})
    return new


@transaction.atomic
def copy(*, version: Version, name: str, by: User | None, at: datetime) -> Version:
    """Begin a draft with the lines of another version."""
    row = Version(curriculum=version.curriculum, lines=list(version.lines))
    saving.put(row, {"name": name})
    saving.check(row, {} if text.tidy(name) else {"name": [_("Give the version a name, such as 2027.")]})
    saving.save(row, {_TAKEN: ("name", _("Another version of this curriculum has this name."))})
    audit.record("curriculum.copied", on=row, by=by, at=at, changes={"from": [None, str(version)]})
    return row


@transaction.atomic
def write_lines(*, version: Version, lines: Sequence[dict[str, Any]], by: User | None, at: datetime) -> Version:
    """Write a draft anew; a published version is only copied. Raises DomainError naming the line."""
    row = Version.objects.lock(version.pk)
    if row.standing != Standing.DRAFT:
        raise Conflict(_("A published version stays as it is. Copy it, and change the copy."))
    if len(lines) > MOST_LINES:
        raise saving.wrong("lines", _("At most %(n)s lines.") % {"n": MOST_LINES})
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(lines, 1):
        key = (line["level"], text.match_form(line["code"]))
        if not line["level"] or not key[1] or not line["name"]:
            raise saving.wrong("lines", _("Line %(n)s: give grade level, code and name.") % {"n": number})
        if key in seen:
            raise saving.wrong("lines", _("Line %(n)s: this subject stands twice in the grade.") % {"n": number})
        seen.add(key)
    before = len(row.lines)
    row.lines = list(lines)
    row.save()
    audit.record("curriculum.changed", on=row, by=by, at=at, changes={"lines": [before, len(row.lines)]})
    return row


@transaction.atomic
def move_on(*, version: Version, by: User | None, at: datetime) -> Version:
    """Publish a draft, or retire what is published; retired versions stay with those who follow them."""
    row = Version.objects.lock(version.pk)
    following = _NEXT.get(Standing(row.standing))
    if following is None:
        raise Conflict(_("This version is retired."))
    if following == Standing.PUBLISHED and not row.lines:
        raise Conflict(_("Write its lines first."))
    row.standing = following
    row.save()
    audit.record(f"curriculum.{following}", on=row, by=by, at=at)
    return row


@transaction.atomic
def follow(
    *, version: Version, grade_level: GradeLevel, year: AcademicYear, add_missing: bool, by: User | None, at: datetime
) -> list[str]:
    """Let a grade level follow a version in a year; gives back the subjects that the school lacks, or that are new."""
    version = Version.objects.lock(version.pk)
    if version.standing != Standing.PUBLISHED:
        raise Conflict(_("Publish the version first."))
    GradeLevel.objects.lock(grade_level.pk)
    row = Followed.objects.filter(year=year, grade_level=grade_level).first()
    before = str(row.plan) if row else None
    row = row or Followed(year=year, grade_level=grade_level)
    row.plan = version
    row.save()
    lacking = queries.missing(version, grade_level)
    if add_missing:
        order = Subject.objects.count()
        for number, line in enumerate(lacking, 1):
            academics.add_subject(
                name=line["name"], code=line["code"], curriculum=version.curriculum, order=order + number, by=by, at=at
            )
    said = {"year": year.name, "version": [before, str(version)]}
    audit.record("curriculum.followed", on=grade_level, by=by, at=at, changes=said)
    return [str(line["name"]) for line in lacking]
