"""The student list as its address asks for it: search, filters, order; the same for the page, the print and the CSV."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from identity.models import User
from schools.people import choices, directory, queries
from schools.people.models import Photo, Student

GONE = (choices.StudentStatus.LEFT.value, choices.StudentStatus.GRADUATED.value)
PAGE = 25
BATCH = 500
MOST_CHIPS = 8
_OWN_ORDER = {"name": ("first_name", "last_name"), "number": ("admission_key",), "admitted": ("admitted_on",)}


def _counted(name: str, students: QuerySet[Student]) -> Mapping[str, int]:
    return dict(students.order_by().values_list(name).annotate(n=Count("pk")))


def _plain_filter(name: str, label: StrOrPromise, words: Any, order: int, *, chip: bool = False) -> directory.Filter:
    """A filter over one of the student's own fields."""
    offered = [directory.Choice(value, text) for value, text in words]
    known = {choice.value for choice in offered}

    def apply(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
        wanted = [value for value in values if value in known]
        return students.filter(**{f"{name}__in": wanted}) if wanted else students

    return directory.Filter(
        key=name,
        label=label,
        choices=lambda user: offered,
        apply=apply,
        order=order,
        chip=chip,
        count=(lambda students: _counted(name, students)) if chip else None,
    )


OWN_FILTERS = (
    _plain_filter("status", gettext_lazy("Status"), choices.StudentStatus.choices, 30, chip=True),
    _plain_filter("boarding", gettext_lazy("Day or boarding"), choices.Boarding.choices, 40, chip=True),
    _plain_filter("sex", gettext_lazy("Sex"), choices.Sex.choices, 50),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One value of a filter in the address: chosen, or offered."""

    key: str
    value: str
    label: StrOrPromise
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """One filter as the form behind "Filter" draws it."""

    key: str
    label: StrOrPromise
    options: list[tuple[str, StrOrPromise, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """One student of the page, with what the columns say."""

    student: Student
    photo: Photo | None
    cells: list[tuple[directory.Column, str]]
    under: list[str]


class StudentList:
    """What one user gets for one address."""

    def __init__(self, user: User, asked: QueryDict) -> None:
        self.user = user
        self.words = asked.get("q", "")
        self.columns = directory.columns_for(user)
        self._filters = sorted([*OWN_FILTERS, *directory.filters_for(user)], key=lambda entry: entry.order)
        self._chosen = {entry.key: [v[:80] for v in asked.getlist(entry.key)[:40] if v] for entry in self._filters}
        self._sort = asked.get("sort", "") or "name"

    @cached_property
    def found(self) -> QuerySet[Student]:
        """Everybody asked for, in order; those who left only when a status or a search asks for them."""
        students = queries.search_students(queries.visible_to(self.user), self.words)
        if not self._chosen["status"] and not self.words.strip():
            students = students.exclude(status__in=GONE)
        for entry in self._filters:
            values = self._chosen[entry.key]
            if values:
                students = entry.apply(students, values)
        return students.order_by(*self._order())

    @property
    def narrowed(self) -> bool:
        """True when the address asks for anything but everybody."""
        return bool(self.words) or any(self._chosen.values())

    def chips(self) -> tuple[list[Chip], list[Chip]]:
        """What is chosen, and what may be."""
        chosen: list[Chip] = []
        offered: list[Chip] = []
        everybody = queries.visible_to(self.user)
        for entry in self._filters:
            words = self._choices[entry.key]
            values = self._chosen[entry.key]
            chosen += [Chip(entry.key, value, words[value]) for value in values if value in words]
            if entry.chip and not values:
                numbers = entry.count(everybody) if entry.count else None
                for value, label in words.items():
                    number = numbers.get(value, 0) if numbers is not None else None
                    if number != 0 and not (number is not None and len(numbers or ()) < 2):
                        offered.append(Chip(entry.key, value, label, number))
        return chosen, offered[:MOST_CHIPS]

    def selects(self) -> list[Select]:
        """Every filter with more than one value to choose from."""
        found = []
        for entry in self._filters:
            words = self._choices[entry.key]
            values = self._chosen[entry.key]
            if len(words) > 1:
                options = [(value, label, value in values) for value, label in words.items()]
                found.append(Select(entry.key, entry.label, options))
        return found

    @property
    def filter_keys(self) -> list[str]:
        """The names of the filters in the address."""
        return [entry.key for entry in self._filters]

    @cached_property
    def _choices(self) -> dict[str, dict[str, StrOrPromise]]:
        return {entry.key: {c.value: c.label for c in entry.choices(self.user)} for entry in self._filters}

    def _order(self) -> list[Any]:
        descending = self._sort.startswith("-")
        name = self._sort.lstrip("-")
        if name in _OWN_ORDER:
            fields = [F(field) for field in _OWN_ORDER[name]]
        else:
            column = next((c for c in self.columns if c.key == name and c.sort), None)
            fields = [column.sort()] if column and column.sort else [F("first_name"), F("last_name")]  # type: ignore[list-item]
        ordered = [f.desc(nulls_last=True) if descending else f.asc(nulls_last=True) for f in fields]
        return [*ordered, "first_name", "last_name", "pk"]

    def page_columns(self) -> list[directory.Column]:
        """The columns that the page shows."""
        return [column for column in self.columns if column.on_page]

    def rows(self, students: Sequence[Student]) -> list[Row]:
        """The rows of one page, each column asked once for all of them."""
        ids = [student.pk for student in students]
        photos = {photo.student_id: photo for photo in Photo.objects.filter(student__in=ids)} if ids else {}
        shown = self.page_columns()
        loaded = [(column, column.load(ids) if ids else {}) for column in shown]
        return [
            Row(
                student=student,
                photo=photos.get(student.pk),
                cells=[(column, column.cell(values.get(student.pk))) for column, values in loaded],
                under=[
                    column.plain(values[student.pk])
                    for column, values in loaded
                    if column.under_name and values.get(student.pk) is not None
                ],
            )
            for student in students
        ]

    @cached_property
    def file_columns(self) -> list[directory.Column]:
        """The columns of the file that is taken home: the page's, those behind it, and the school's own."""
        return [*self.columns, *directory.school_columns_for(self.user)]

    def head(self) -> list[str]:
        """The CSV's first line."""
        own = [_("Admission number"), _("First name"), _("Middle name"), _("Last name"), _("Date of birth"), _("Sex")]
        return [*own, _("Day or boarding"), _("Status"), *(str(column.label) for column in self.file_columns)]

    def batches(self, ids: Sequence[UUID]) -> Iterator[list[list[str]]]:
        """The CSV's lines for these students, in their order, some hundred at a time."""
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            students = Student.objects.in_bulk(some)
            loaded = _load_once(self.file_columns, some)
            yield [self._line(students[pk], loaded) for pk in some if pk in students]

    def _line(self, student: Student, loaded: list[tuple[directory.Column, Mapping[UUID, Any]]]) -> list[str]:
        return [
            student.admission_number,
            student.first_name,
            student.middle_name,
            student.last_name,
            student.date_of_birth.isoformat() if student.date_of_birth else "",
            str(student.get_sex_display()),
            str(student.get_boarding_display()),
            str(student.get_status_display()),
            *(column.plain(values.get(student.pk)) for column, values in loaded),
        ]


def _load_once(columns: Sequence[directory.Column], ids: Sequence[UUID]) -> list[tuple[directory.Column, Any]]:
    """Each column with its values; columns that share a loader share what it found."""
    found: dict[Any, Mapping[UUID, Any]] = {}
    for column in columns:
        if column.load not in found:
            found[column.load] = column.load(ids)
    return [(column, found[column.load]) for column in columns]
