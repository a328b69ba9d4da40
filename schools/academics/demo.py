"""The academic side of a demo school: the year around its day, classes, who teaches what, who is in which class."""

from collections import Counter, defaultdict
from datetime import timedelta

from django.db.models import F

from audit import recording as audit
from core import cache
from schools.academics.choices import EntryCode, ExitCode
from schools.academics.models import (
    AcademicYear,
    Enrolment,
    GradeLevel,
    Holiday,
    SchoolClass,
    Stream,
    Subject,
    TeachingGroup,
    Term,
)
from schools.demo import calendar, plan, roll
from schools.people.models import Staff, Student
from tenants import demo
from tenants.demo import Stage

FULL_SET = 36  # from here on an option is taught in two sets
BATCH = 1000


def load(stage: Stage) -> str:
    """Lay the year, open the classes and their teaching groups, and enrol everybody on the roll."""
    school = roll.PLANS[stage.kind]
    laid = calendar.lay(stage.today)
    year = _lay_year(laid)
    staff = {found.staff_number: found for found in Staff.objects.all()}
    carers = {found.plan.class_name: staff[found.number] for found in roll.staff(school) if found.plan.class_name}
    classes = _classes(stage, school, year, carers)
    enrolled = _enrol(stage, school, laid, classes)
    groups = _groups(stage, school, year, classes, staff)
    counts = {"classes": len(classes), "enrolments": enrolled, "teaching_groups": groups}
    audit.record("academics.taken_over", on=year, by=None, at=stage.at, changes=counts)
    return f"{len(classes)} classes, {groups} teaching groups, year {year}"


def follow(stage: Stage, moved: timedelta) -> None:
    """Lay the year around the new day, and move what the classes began and ended on."""
    laid = calendar.lay(stage.today)
    if moved:
        _lay_year(laid)
        Enrolment.objects.update(starts_on=F("starts_on") + moved, ends_on=F("ends_on") + moved)


def _lay_year(laid: calendar.Calendar) -> AcademicYear:
    """Give the school's year, the one it was opened with, the dates of the laid one."""
    year = AcademicYear.objects.order_by("starts_on").first() or AcademicYear()
    year.name, year.starts_on, year.ends_on = laid.name, laid.starts_on, laid.ends_on
    year.save()
    for dates in laid.terms:
        Term.objects.update_or_create(
            year=year,
            number=dates.number,
            defaults={
                "name": f"Term {dates.number}",
                "starts_on": dates.starts_on,
                "ends_on": dates.ends_on,
                "half_term_starts_on": dates.half_term.starts_on if dates.half_term else None,
                "half_term_ends_on": dates.half_term.ends_on if dates.half_term else None,
            },
        )
    spans = [span for dates in laid.terms for span in dates.holidays]
    held = list(Holiday.objects.filter(name__in={span.name for span in spans}).order_by("starts_on"))
    held += [Holiday() for _span in spans[len(held) :]]
    for holiday, span in zip(held, spans, strict=False):
        holiday.name, holiday.starts_on, holiday.ends_on = span.name, span.starts_on, span.ends_on
        holiday.save()
    cache.bump("academics")
    return year


def _classes(
    stage: Stage, school: plan.SchoolPlan, year: AcademicYear, carers: dict[str, Staff]
) -> dict[str, SchoolClass]:
    levels = {level.code: level for level in GradeLevel.objects.all()}
    for place, wanted in enumerate(dict.fromkeys(found.level for found in school.classes), start=101):
        if wanted.code not in levels:
            levels[wanted.code] = GradeLevel.objects.create(
                name=wanted.name, code=wanted.code, order=place, curriculum=wanted.curriculum
            )
    streams = {
        name: Stream.objects.get_or_create(name=name, defaults={"order": order})[0]
        for order, name in enumerate(school.streams, start=1)
    }
    rows = [
        SchoolClass(
            year=year,
            grade_level=levels[found.level.code],
            stream=streams[found.stream],
            name=found.name,
            class_teacher=carers.get(found.name),
            capacity=max(45, found.size),
            room=f"Room {place}",
        )
        for place, found in enumerate(school.classes, start=1)
    ]
    return {found.name: found for found in SchoolClass.objects.bulk_create(rows)}


def _enrol(stage: Stage, school: plan.SchoolPlan, laid: calendar.Calendar, classes: dict[str, SchoolClass]) -> int:
    """Everybody into their class: most at the year's start, some in Term 2, a few after a spell in the other stream."""
    students = _by_number()
    first, second = laid.starts_on, laid.terms[1].starts_on
    rows: list[Enrolment] = []
    for child in (child for family in roll.families(school, stage.scale) for child in family.children):
        student, place = students[child.admission_number], classes[child.class_name]
        if child.came in classes:
            rows.append(
                Enrolment(
                    student=student,
                    school_class=classes[child.came],
                    starts_on=first,
                    ends_on=laid.terms[0].ends_on,
                    entry_code=EntryCode.PROMOTED,
                    exit_code=ExitCode.MOVED,
                )
            )
            rows.append(Enrolment(student=student, school_class=place, starts_on=second, entry_code=EntryCode.MOVED))
        elif child.came == "term 2":
            rows.append(
                Enrolment(student=student, school_class=place, starts_on=second, entry_code=EntryCode.TRANSFER_IN)
            )
        else:
            code = EntryCode.PROMOTED if child.came == "before" else EntryCode.NEW
            rows.append(Enrolment(student=student, school_class=place, starts_on=first, entry_code=code))
    Enrolment.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _by_number() -> dict[str, Student]:
    return {found.admission_number: found for found in Student.objects.all()}


def _groups(
    stage: Stage,
    school: plan.SchoolPlan,
    year: AcademicYear,
    classes: dict[str, SchoolClass],
    staff: dict[str, Staff],
) -> int:
    subjects = _subjects(school)
    teaching = _Teaching(school)
    rows: list[TeachingGroup] = []
    teachers: list[tuple[TeachingGroup, str]] = []
    for found in school.classes:
        optional = {name for chosen in school.optional(found.level) for name in chosen}
        for subject in school.subjects_of(found.level):
            if subject.short_name not in optional:
                row = TeachingGroup(
                    year=year,
                    subject=subjects[subject.code],
                    school_class=classes[found.name],
                    name=f"{found.name} {subjects[subject.code].name}",
                )
                rows.append(row)
                teachers.append((row, teaching.of_class(found, subject)))
    members = _option_groups(stage, school, year, subjects, teaching, rows, teachers)
    TeachingGroup.objects.bulk_create(rows, batch_size=BATCH)
    taught, chosen = TeachingGroup.teachers.through, TeachingGroup.members.through
    taught.objects.bulk_create(taught(teachinggroup_id=row.pk, staff_id=staff[number].pk) for row, number in teachers)
    chosen.objects.bulk_create(
        (chosen(teachinggroup_id=row.pk, student_id=student.pk) for row, student in members), batch_size=BATCH
    )
    return len(rows)


def _option_groups(
    stage: Stage,
    school: plan.SchoolPlan,
    year: AcademicYear,
    subjects: dict[str, Subject],
    teaching: "_Teaching",
    rows: list[TeachingGroup],
    teachers: list[tuple[TeachingGroup, str]],
) -> list[tuple[TeachingGroup, Student]]:
    """A group, or two sets, for each optional subject of a level, with those who chose it."""
    if not school.options:
        return []
    students = _by_number()
    takers: dict[tuple[plan.Level, str], list[Student]] = defaultdict(list)
    for child in (child for family in roll.families(school, stage.scale) for child in family.children):
        for name in child.options:
            takers[school.class_named(child.class_name).level, name].append(students[child.admission_number])
    members: list[tuple[TeachingGroup, Student]] = []
    for level in dict.fromkeys(found.level for found in school.classes):
        for subject in school.subjects_of(level):
            inside = takers.get((level, subject.short_name), [])
            sets = -(-len(inside) // FULL_SET)
            for number in range(sets):
                name = f"{level.name} {subjects[subject.code].name}"
                row = TeachingGroup(
                    year=year, subject=subjects[subject.code], name=f"{name} {number + 1}" if sets > 1 else name
                )
                rows.append(row)
                teachers.append((row, teaching.of_level(level, subject)))
                members += [(row, student) for student in inside[number::sets]]
    return members


def _subjects(school: plan.SchoolPlan) -> dict[str, Subject]:
    """The school's subjects by code; those that it does not have yet are added."""
    subjects = {found.code: found for found in Subject.objects.all()}
    for place, wanted in enumerate(school.subjects, start=201):
        if wanted.code not in subjects:
            subjects[wanted.code] = Subject.objects.create(
                name=wanted.name,
                code=wanted.code,
                short_name=wanted.short_name,
                order=place,
                curriculum=wanted.curriculum,
            )
    return subjects


class _Teaching:
    """Shares lessons out: to the class's own teacher, to whoever is known for it, to whoever has the fewest groups."""

    def __init__(self, school: plan.SchoolPlan) -> None:
        self._workers = roll.staff(school)
        self._load: Counter[str] = Counter()

    def of_class(self, place: plan.ClassPlan, subject: plan.SubjectPlan) -> str:
        """The staff number of who teaches a subject to a whole class."""
        able = self._able(place.level, subject)
        own = [found for found in self._workers if found.plan.class_name == place.name]
        known = [found for found in able if place.name in found.plan.also]
        return self._give([found for found in own if found in able] or known or able or own)

    def of_level(self, level: plan.Level, subject: plan.SubjectPlan) -> str:
        """The staff number of who teaches an optional subject at a level."""
        return self._give(self._able(level, subject))

    def _able(self, level: plan.Level, subject: plan.SubjectPlan) -> list[roll.Worker]:
        return [
            found
            for found in self._workers
            if subject.short_name in found.plan.teaches and level.stage in found.plan.stages
        ]

    def _give(self, able: list[roll.Worker]) -> str:
        chosen = min(able, key=lambda found: (self._load[found.number], found.number))
        self._load[chosen.number] += 1
        return chosen.number


demo.register("academics", load, order=20, follow=follow)
