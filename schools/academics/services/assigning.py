"""Who teaches which subject to a class: many at once, taken back as one act."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from identity.models import User
from schools.academics.models import SchoolClass, Subject, TeachingGroup
from schools.academics.services import groups
from schools.bulk import services as bulk
from schools.people.models import Staff


def assign(
    *, school_class: SchoolClass, teachers: Mapping[Subject, Staff | None], by: User | None, at: datetime
) -> int:
    """Say who teaches each subject to a class; None leaves the subject without a teacher. Gives how many are new.

    A subject that the class was not taught gets a teaching group of the whole class.
    """
    said = _("Teachers of %(name)s") % {"name": school_class.name}
    changed = 0
    with bulk.recorded(kind="academics.assign", said=said, by=by, at=at) as ledger:
        SchoolClass.objects.lock(school_class.pk)
        held = {one.subject_id: one for one in TeachingGroup.objects.filter(school_class=school_class).order_by("-pk")}
        for subject in sorted(teachers, key=lambda one: one.pk):
            teacher, group = teachers[subject], held.get(subject.pk)
            wanted = [teacher] if teacher is not None else []
            if group is None and teacher is not None:
                made = groups.open_teaching_group(
                    year=school_class.year, subject=subject, school_class=school_class, teachers=wanted, by=by, at=at
                )
                ledger.created(TeachingGroup, [made.pk])
                changed += 1
            elif group is not None and {one.pk for one in group.teachers.all()} != {one.pk for one in wanted}:
                ledger.changing(TeachingGroup, [group.pk])
                groups.change_teaching_group(group=group, teachers=wanted, by=by, at=at)
                changed += 1
    return changed
