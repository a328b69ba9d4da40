"""What higher domains add to people's pages: columns, filters, panels, tabs, acts, and which students a role sees.

People know nothing of classes, registers or marks. Those domains register here in their AppConfig.ready().
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django_stubs_ext import StrOrPromise

from identity.models import User
from schools.people.models import Staff, Student

Load = Callable[[Sequence[UUID]], Mapping[UUID, Any]]


def _word(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the student list. `load` answers for all rows of a page at once, in a fixed number of queries.

    `cell` draws a value as HTML (escape what is not yours), `plain` writes it into the CSV, `link` is its own page.
    `sort` gives the expression to order by. `css` is the cell's class: `c-class c-guard c-bal c-att` have places on a
    phone. `under_name` repeats the value under the name on a phone; `in_head` shows it in the profile's head. A column
    that is not `on_page` is in the CSV alone.
    """

    key: str
    label: StrOrPromise
    load: Load
    cell: Callable[[Any], str] = conditional_escape
    plain: Callable[[Any], str] = _word
    roles: tuple[str, ...] = ()
    order: int = 50
    css: str = ""
    sort: Callable[[], Combinable] | None = None
    under_name: bool = False
    in_head: bool = False
    on_page: bool = True
    link: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, as its chip says it."""

    value: str
    label: StrOrPromise


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of the student list: `?key=value`, several values are alternatives. Unknown values filter nothing out.

    `choices` are offered to this user; `apply` narrows the students to those of any of the chosen values.
    `chip` offers the values as chips under the search field, with their numbers when `count` tells them for the
    students that are listed; every filter is also behind "Filter".
    """

    key: str
    label: StrOrPromise
    choices: Callable[[User], Sequence[Choice]]
    apply: Callable[[QuerySet[Student], Sequence[str]], QuerySet[Student]]
    roles: tuple[str, ...] = ()
    order: int = 50
    chip: bool = False
    count: Callable[[QuerySet[Student]], Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A section of a student's overview: a template drawing `<section class="sec">`; context None hides it."""

    key: str
    template: str
    context: Callable[[HttpRequest, Student], dict[str, Any] | None]
    roles: tuple[str, ...] = ()
    order: int = 50
    column: str = "main"


@dataclass(frozen=True, slots=True)
class StaffPanel:
    """A section of the profile of a member of staff; context None hides it."""

    key: str
    template: str
    context: Callable[[HttpRequest, Staff], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a student's profile at `/students/<id>/<key>/`; its template draws what stands under the tabs."""

    key: str
    label: StrOrPromise
    template: str
    context: Callable[[HttpRequest, Student], dict[str, Any]]
    roles: tuple[str, ...] = ()
    order: int = 50


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do: with one student (`url_name` reversed with the id), or with several (`bulk`: POST `chosen`)."""

    key: str
    label: StrOrPromise
    icon: str
    url_name: str
    roles: tuple[str, ...] = ()
    order: int = 50
    bulk: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a student, for the timeline; `words` are the sentence, `note` what stands under it."""

    at: datetime
    icon: str
    words: StrOrPromise
    note: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the admission form that belongs to another domain, such as the class to join.

    `form` gets the posted data or None, a prefix and the user; `save` runs in the admission's own transaction.
    """

    key: str
    form: Callable[[Any, str, User], forms.Form]
    save: Callable[[Student, forms.Form, User, datetime], None]
    order: int = 50


@dataclass(slots=True)
class _Book:
    columns: dict[str, Column] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    tabs: dict[str, Tab] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    sources: dict[str, Callable[[User, Student, int], Iterable[Moment]]] = field(default_factory=dict)
    words: dict[str, tuple[str, StrOrPromise]] = field(default_factory=dict)
    reach: dict[str, list[Callable[[User], Q]]] = field(default_factory=dict)
    staff_panels: dict[str, StaffPanel] = field(default_factory=dict)
    witnesses: list[Callable[[Student, str, User, datetime], None]] = field(default_factory=list)
    extra_columns: dict[str, Callable[[User], Sequence[Column]]] = field(default_factory=dict)
    headlines: dict[str, Callable[[User], StrOrPromise]] = field(default_factory=dict)


_book = _Book()
E = TypeVar("E", Column, Filter, Panel, Tab, Act)


def column(entry: Column) -> None:
    """Add a column to the student list; the same key again replaces it."""
    _book.columns[entry.key] = entry


def columns_of_school(name: str, which: Callable[[User], Sequence[Column]]) -> None:
    """Add the columns that a school made itself to what goes into the CSV."""
    _book.extra_columns[name] = which


def filter_by(entry: Filter) -> None:
    """Add a filter to the student list."""
    _book.filters[entry.key] = entry


def panel(entry: Panel) -> None:
    """Add a section to a student's overview."""
    _book.panels[entry.key] = entry


def staff_panel(entry: StaffPanel) -> None:
    """Add a section to the profile of a member of staff."""
    _book.staff_panels[entry.key] = entry


def tab(entry: Tab) -> None:
    """Add a page to a student's profile."""
    _book.tabs[entry.key] = entry


def act(entry: Act) -> None:
    """Add something to do with a student, or with the chosen ones."""
    _book.acts[entry.key] = entry


def part(entry: Part) -> None:
    """Add a part to the admission form."""
    _book.parts[entry.key] = entry


def timeline(name: str, source: Callable[[User, Student, int], Iterable[Moment]]) -> None:
    """Add moments: `source(user, student, limit)` gives the newest first, and only what this user may know."""
    _book.sources[name] = source


def words(action: str, icon: str, label: StrOrPromise) -> None:
    """Say how an audited act on a student reads in the timeline."""
    _book.words[action] = (icon, label)


def witness(note: Callable[[Student, str, User, datetime], None]) -> None:
    """Let `note(student, what, user, at)` write down who looked at something that few may see."""
    if note not in _book.witnesses:
        _book.witnesses.append(note)


def looked(student: Student, what: str, user: User, at: datetime) -> None:
    """Somebody looked at something that few may see."""
    for note in _book.witnesses:
        note(student, what, user, at)


def headline(name: str, said: Callable[[User], StrOrPromise]) -> None:
    """Add a fact to the line under the list's title, such as the number of classes."""
    _book.headlines[name] = said


def reach(role: str, which: Callable[[User], Q]) -> None:
    """Say which students somebody sees through a role: a condition on Student, without joins that repeat rows."""
    known = _book.reach.setdefault(role, [])
    if which not in known:
        known.append(which)


def reached_by(user: User) -> Q | None:
    """The students that a user's roles reach through other domains; None when there is nothing registered."""
    found: Q | None = None
    for role in user.roles:
        for which in _book.reach.get(role, ()):
            found = which(user) if found is None else found | which(user)
    return found


def columns_for(user: User) -> list[Column]:
    """The registered columns that this user sees, in order."""
    return _seen(_book.columns.values(), user)


def school_columns_for(user: User) -> list[Column]:
    """The columns of the school's own that this user may take home."""
    return [column for which in _book.extra_columns.values() for column in which(user)]


def filters_for(user: User) -> list[Filter]:
    """The registered filters that this user may use, in order."""
    return _seen(_book.filters.values(), user)


def panels_for(user: User) -> list[Panel]:
    """The sections of a student's overview that this user sees, in order."""
    return _seen(_book.panels.values(), user)


def staff_panels() -> list[StaffPanel]:
    """The sections of the profile of a member of staff, in order."""
    return sorted(_book.staff_panels.values(), key=lambda entry: entry.order)


def tabs_for(user: User) -> list[Tab]:
    """The pages of a student's profile that this user sees, in order."""
    return _seen(_book.tabs.values(), user)


def acts_for(user: User, *, bulk: bool) -> list[Act]:
    """What this user may do with one student, or with the chosen ones."""
    return [entry for entry in _seen(_book.acts.values(), user) if entry.bulk is bulk]


def parts() -> list[Part]:
    """The parts of the admission form, in order."""
    return sorted(_book.parts.values(), key=lambda entry: entry.order)


def sources() -> list[Callable[[User, Student, int], Iterable[Moment]]]:
    """Everyone who tells moments."""
    return list(_book.sources.values())


def headlines(user: User) -> list[StrOrPromise]:
    """The registered facts under the list's title."""
    return [said(user) for said in _book.headlines.values()]


def words_of(action: str) -> tuple[str, StrOrPromise] | None:
    """Icon and sentence of an audited act, or None when it is not told."""
    return _book.words.get(action)


def _seen(entries: Iterable[E], user: User) -> list[E]:
    wanted = [entry for entry in entries if not entry.roles or user.has_role(*entry.roles)]
    return sorted(wanted, key=lambda entry: (entry.order, entry.key))


def age_on(born: date, day: date) -> int:
    """Completed years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
