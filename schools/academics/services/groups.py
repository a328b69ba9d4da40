"""Teaching groups."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import recording as audit
from core import saving, text
from core.errors import Conflict
from identity.models import User
from schools.academics.models import (
    AcademicYear,
    SchoolClass,
    Subject,
    TeachingGroup,
)
from schools.bulk import services as bulk
from schools.people.models import Staff, Student

By = audit.Actor | None


@transaction.atomic
def open_teaching_group(
    *,
    year: AcademicYear,
    subject: Subject,
    by: By,
    at: datetime,
    school_class: SchoolClass | None = None,
    name: str = "",
    teachers: Sequence[Staff] = (),
    members: Sequence[Student] = (),
) -> TeachingGroup:
    """Teach a subject to a whole class, or to members chosen one by one."""
    if school_class is not None and school_class.year_id != year.pk:
        raise saving.wrong("school_class", _("This class belongs to another year."))
    if school_class is not None and members:
        raise saving.wrong("members", _("A group of a whole class has no members of its own."))
    group = TeachingGroup(year=year, subject=subject, school_class=school_class)
    group.name = text.tidy(name) or f"{school_class.name if school_class else ''} {subject.name}".strip()
    saving.check(group, {})
    saving.save(group, {"academics_teaching_group_name": ("name", _("Another group of the year has this name."))})
    group.teachers.set(teachers)
    group.members.set(members)
    said = {"teachers": [None, [str(t) for t in teachers]], "members": [None, len(members)]}
    audit.record("teaching_group.opened", on=group, by=by, at=at, changes=said)
    return group


@transaction.atomic
def change_teaching_group(
    *,
    group: TeachingGroup,
    by: By,
    at: datetime,
    name: str | None = None,
    teachers: Sequence[Staff] | None = None,
    members: Sequence[Student] | None = None,
) -> TeachingGroup:
    """Change a group's name, teachers or members."""
    group = TeachingGroup.objects.lock(group.pk)
    changes = saving.put(group, {} if name is None else {"name": name})
    if name is not None and changes:
        saving.check(group, {})
        saving.save(group, {"academics_teaching_group_name": ("name", _("Another group of the year has this name."))})
    if members is not None and group.is_whole_class and members:
        raise saving.wrong("members", _("A group of a whole class has no members of its own."))
    for field, wanted in (("teachers", teachers), ("members", members)):
        if wanted is None:
            continue
        manager = getattr(group, field)
        before, after = sorted(map(str, manager.all())), sorted(map(str, wanted))
        if before != after:
            manager.set(wanted)
            changes[field] = [before, after]
    if changes:
        audit.record("teaching_group.changed", on=group, by=by, at=at, changes=changes)
    return group


@transaction.atomic
def join_group(*, students: Sequence[Student], group: TeachingGroup, by: User | None, at: datetime) -> int:
    """Add several students to a group of chosen members; gives back how many are new in it. Can be undone."""
    said = ngettext("%(n)s student joined %(name)s", "%(n)s students joined %(name)s", len(students))
    with bulk.recorded(
        kind="academics.join", said=said % {"n": len(students), "name": group.name}, by=by, at=at
    ) as ledger:
        group = TeachingGroup.objects.lock(group.pk)
        ledger.changing(TeachingGroup, [group.pk])
        inside = list(group.members.all())
        joining = [student for student in students if student not in inside]
        if group.is_whole_class:
            raise saving.wrong("group", _("This group is a whole class: whoever is in the class belongs."))
        if joining:
            change_teaching_group(group=group, members=[*inside, *joining], by=by, at=at)
    return len(joining)


@transaction.atomic
def close_teaching_group(*, group: TeachingGroup, by: By, at: datetime) -> None:
    """Take back a group that nothing was built on; raises Conflict when it has assessments."""
    group = TeachingGroup.objects.lock(group.pk)
    audit.record("teaching_group.closed", on=group, by=by, at=at)
    try:
        with transaction.atomic():
            group.delete()
    except ProtectedError:
        raise Conflict(_("%(group)s is in use and stays.") % {"group": group.name}) from None
