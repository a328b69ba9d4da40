"""What a roll brings to academics: the class that each student joins."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import recording as audit
from core import text
from identity.models import User
from schools.academics import choices, queries, services
from schools.academics.models import AcademicYear, Enrolment, GradeLevel, SchoolClass, Stream
from schools.imports import registry
from schools.imports.batch import Batch, Row, Wrong
from schools.people import services as people
from schools.people.choices import StudentStatus
from schools.people.importing import ROLL
from schools.people.models import Student


class UploadForm(forms.Form):
    """The class of everybody in the file, where there is one."""

    school_class = forms.ChoiceField(
        label=gettext_lazy("Class of everybody in the file"),
        required=False,
        help_text=gettext_lazy("Choose one to bring marks too. Leave it open when a column tells the class, or none."),
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        classes = queries.classes_now(user) if user is not None else SchoolClass.objects.all()
        self.fields["school_class"].choices = [  # type: ignore[attr-defined]
            ("", _("No class, or as a column says")),
            *((str(one.pk), f"{one.name} · {one.year.name}") for one in classes),
        ]


class ColumnsForm(forms.Form):
    """When students join their class, and what to do with classes that are not there."""

    joined_on = forms.DateField(
        label=gettext_lazy("In the class since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: since the first day of the class's year."),
    )
    create_classes = forms.BooleanField(
        label=gettext_lazy("Open classes that are not there, when their grade level is"), required=False
    )


def upload_form(data: Any, prefix: str, options: registry.Options, user: User | None) -> UploadForm:
    """The question that is asked with the file."""
    return UploadForm(data, prefix=prefix, user=user, initial=options.get("academics", {}))


def columns_form(data: Any, prefix: str, options: registry.Options, user: User | None) -> ColumnsForm:
    """The questions that are asked with the columns."""
    return ColumnsForm(data, prefix=prefix, initial=options.get("academics", {}))


def fields(options: registry.Options) -> Sequence[registry.Field]:
    """The class, unless one is chosen for everybody."""
    if options.get("academics", {}).get("school_class"):
        return []
    return [
        registry.Field(
            "class", gettext_lazy("Class"), _name, ("class name", "grade", "form", "stream", "darasa"),
            example="Grade 6 East",
        )
    ]  # fmt: skip


def chosen_class(options: registry.Options) -> SchoolClass | None:
    """The class that was chosen for everybody in the file."""
    pk = options.get("academics", {}).get("school_class")
    return SchoolClass.objects.select_related("year").filter(pk=pk).first() if pk else None


def survey(rows: Sequence[Row], batch: Batch) -> None:
    """Find the classes once; open missing ones only where that was asked for."""
    chosen = chosen_class(batch.run.options)
    since = batch.option("academics", "joined_on")
    batch.memory["academics.chosen"] = chosen
    batch.memory["academics.joined_on"] = date.fromisoformat(since) if since else None
    year = chosen.year if chosen else queries.current_year()
    batch.memory["academics.year"] = year
    batch.memory["academics.classes"] = (
        {text.search_form(one.name): one for one in SchoolClass.objects.filter(year=year).select_related("year")}
        if year
        else {}
    )


def prepare(batch: Batch) -> None:
    """Each row's class, the day of joining, and whether there is a place."""
    students = [row.found["student"].pk for row in batch.working()]
    present = {one.student_id: one for one in Enrolment.objects.filter(student__in=students, ends_on=None)}
    rows = [(row, wanted) for row in batch.working() if (wanted := _class_of(row, batch)) is not None]
    taken: dict[UUID, int] = {}
    for row, wanted in rows:
        row.found["class"] = wanted
        row.found["present"] = present.get(row.found["student"].pk)
        row.found["joins"] = row.found["present"] is None
        row.found["moves"] = not row.found["joins"] and row.found["present"].school_class_id != wanted.pk
        row.found["since"] = _since(row, wanted, batch)
        if not wanted.year.starts_on <= row.found["since"] <= wanted.year.ends_on:
            row.refuse(
                "class",
                _("%(day)s lies outside the class's year %(year)s.")
                % {"day": row.found["since"], "year": wanted.year.name},
            )
        if wanted.capacity is not None and (row.found["joins"] or row.found["moves"]):
            if wanted.pk not in taken:
                taken[wanted.pk] = Enrolment.objects.filter(school_class=wanted, ends_on=None).count()
            if taken[wanted.pk] >= wanted.capacity:
                row.refuse("class", _("%(name)s is full: %(n)s places.") % {"name": wanted.name, "n": wanted.capacity})
            taken[wanted.pk] += 1


def write(batch: Batch) -> None:
    """Enrol those who are new in one statement, everybody else by the services."""
    rows = [row for row in batch.working() if "class" in row.found]
    fresh = [row for row in rows if row.found["joins"] and row.found["new"]]
    # One order for everybody who fills several classes, so that two of them cannot wait for each other.
    wanted = {row.found["class"].pk for row in fresh}
    list(SchoolClass.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    made = [
        Enrolment(
            student=row.found["student"],
            school_class=row.found["class"],
            starts_on=row.found["since"],
            entry_code=choices.EntryCode.NEW,
        )
        for row in fresh
    ]
    Enrolment.objects.bulk_create(made, batch_size=500)
    audit.record_many(
        [
            ("enrolment.created", one.student, {"class": [None, one.school_class.name], "on": one.starts_on})
            for one in made
        ],
        by=batch.by,
        at=batch.at,
    )
    batch.ledger.created(Enrolment, [one.pk for one in made])
    for row in rows:
        if row.found["joins"] and not row.found["new"]:
            _enrol(row, batch)
        elif row.found["moves"]:
            _move(row, batch)


def _enrol(row: Row, batch: Batch) -> None:
    student = row.found["student"]
    batch.ledger.changing(Student, [student.pk])
    made = services.enrol(
        student=student, school_class=row.found["class"], on=row.found["since"], by=batch.by, at=batch.at
    )
    batch.ledger.created(Enrolment, [made.pk])


def _move(row: Row, batch: Batch) -> None:
    present = row.found["present"]
    batch.ledger.changing(Enrolment, [present.pk])
    on = max(row.found["since"], present.starts_on)
    made = services.move(student=row.found["student"], school_class=row.found["class"], on=on, by=batch.by, at=batch.at)
    if made.pk != present.pk:
        batch.ledger.created(Enrolment, [made.pk])


def _since(row: Row, wanted: SchoolClass, batch: Batch) -> date:
    """The day that was chosen; else the first day of the class's year, or the admission when that is later."""
    chosen: date | None = batch.memory["academics.joined_on"]
    if chosen is not None:
        return chosen
    admitted: date | None = row.values.get("admitted_on")
    first = wanted.year.starts_on
    return admitted if admitted is not None and first < admitted <= wanted.year.ends_on else first


def _class_of(row: Row, batch: Batch) -> SchoolClass | None:
    chosen: SchoolClass | None = batch.memory["academics.chosen"]
    if chosen is not None:
        return chosen
    name = row.values.get("class")
    if not name:
        return None
    known: dict[str, SchoolClass] = batch.memory["academics.classes"]
    found = known.get(text.search_form(name))
    if found is None and batch.option("academics", "create_classes"):
        found = _open(name, batch)
    if found is None:
        row.refuse("class", _("There is no class %(name)s this year.") % {"name": name[:60]})
    return found


def _open(name: str, batch: Batch) -> SchoolClass | None:
    """Open a class whose name begins with a grade level; the rest is its stream."""
    year: AcademicYear | None = batch.memory["academics.year"]
    words = text.search_form(name)
    levels = sorted(GradeLevel.objects.all(), key=lambda one: -len(one.name))
    level = next((one for one in levels if f"{words} ".startswith(f"{text.search_form(one.name)} ")), None)
    if level is None or year is None:
        return None
    rest = name.split()[len(text.search_form(level.name).split()) :]
    stream: Stream | None = None
    if rest:
        said = " ".join(rest)
        stream = next(
            (one for one in Stream.objects.all() if text.search_form(one.name) == text.search_form(said)), None
        )
        if stream is None:
            stream = services.add_stream(name=said, by=batch.by, at=batch.at)
            batch.ledger.created(Stream, [stream.pk])
    opened = services.open_class(year=year, grade_level=level, stream=stream, by=batch.by, at=batch.at)
    batch.ledger.created(SchoolClass, [opened.pk])
    batch.memory["academics.classes"][text.search_form(name)] = opened
    return opened


def _name(typed: str) -> str:
    if len(typed) > 80:
        raise Wrong(_("This has more than %(n)d characters.") % {"n": 80})
    return text.squash(typed)


def needs(keys: Collection[str], options: registry.Options) -> list[str]:
    """A chosen class must still be there."""
    if options.get("academics", {}).get("school_class") and chosen_class(options) is None:
        return [_("The chosen class is not there any more. Bring the file again.")]
    return []


def _standing(batch: Batch) -> int:
    return _held_against(batch).count()


def _held_against(batch: Batch) -> QuerySet[Student]:
    """The students whom a file is held against: those of the chosen class, or everybody who is at the school."""
    chosen: SchoolClass | None = batch.memory["academics.chosen"]
    here = Student.objects.filter(status__in=(StudentStatus.ENROLLED, StudentStatus.SUSPENDED))
    return here.filter(enrolments__school_class=chosen, enrolments__ends_on=None) if chosen else here


def _missing(rows: Sequence[Row], batch: Batch) -> Sequence[Student]:
    named = batch.memory["people.firsts"]
    return [one for one in _held_against(batch).order_by("pk") if one.admission_key not in named]


def _end(student: Student, batch: Batch) -> None:
    """Who is not in the file has left: their class ends today, or only the record when they have none."""
    today = timezone.localdate(batch.at)
    batch.ledger.changing(Student, [student.pk])
    present = Enrolment.objects.filter(student=student, ends_on=None).first()
    if present is None:
        people.end_student(student=student, status=StudentStatus.LEFT, on=today, by=batch.by, at=batch.at)
        return
    batch.ledger.changing(Enrolment, [present.pk])
    on = max(today, present.starts_on)
    services.leave(student=student, on=on, exit_code=choices.ExitCode.LEFT, by=batch.by, at=batch.at)


def register() -> None:
    """Add the class to the roll, and what becomes of students whom a roll does not name."""
    registry.absent(ROLL, registry.Absent(_standing, _missing, _end))
    registry.part(
        ROLL,
        registry.Part(
            "academics", gettext_lazy("Class"), fields, prepare, write, order=20,
            at_upload=upload_form, at_columns=columns_form, needs=needs, survey=survey,
        ),
    )  # fmt: skip
