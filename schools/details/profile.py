"""What a school's own facts add to the profile, the list, the admission form and the file that is taken home."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from identity import roles
from identity.models import User
from schools.bulk import kinds
from schools.details import answers, numbering, queries, services
from schools.details.forms import DetailsForm
from schools.details.models import Details, OwnField
from schools.details.pages import noting
from schools.people import directory, numbers
from schools.people.models import Student

MOST_CHIPS = 3


def register() -> None:
    """Called once, when the apps are ready."""
    office, staff = roles.OFFICE, roles.STAFF
    directory.panel(directory.Panel("details", "details/panel.html", noting.panel, order=20, column="side"))
    directory.filter_by(directory.Filter("house", _("House"), _houses, _in_houses, staff, order=42))
    directory.filter_by(directory.Filter("tag", _("Tag"), _tags, _with_tags, staff, order=44))
    directory.column(
        directory.Column("house", _("House"), _details, plain=_house, roles=staff, order=60, on_page=False)
    )
    directory.column(directory.Column("tags", _("Tags"), _details, plain=_tagged, roles=staff, order=61, on_page=False))
    directory.columns_of_school("details", _own_columns)
    directory.part(directory.Part("details", _form, _save, order=60))
    directory.act(directory.Act("house", _("House"), "home", "details:house_several", office, order=52, bulk=True))
    directory.act(directory.Act("tags", _("Tags"), "star", "details:tag_several", office, order=54, bulk=True))
    directory.words("details.changed", "pen", _("Details changed"))
    kinds.register(kinds.Kind("details.change", _("Houses and tags"), "star"))
    numbers.register(numbering.following)


def _houses(user: User) -> list[directory.Choice]:
    return [directory.Choice(str(house.pk), house.name) for house in queries.houses()]


def _in_houses(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
    wanted = []
    for value in values:
        try:
            wanted.append(UUID(value))
        except ValueError:
            continue
    return students.filter(details__house__in=wanted) if wanted else students


def _tags(user: User) -> list[directory.Choice]:
    return [directory.Choice(tag, tag) for tag in queries.tags()]


def _with_tags(students: QuerySet[Student], values: Sequence[str]) -> QuerySet[Student]:
    found = Details.objects.none()
    for value in values:
        found = found | Details.objects.filter(tags__contains=[value.replace("\0", "")])
    return students.filter(pk__in=found.values("student"))


def _details(ids: Sequence[UUID]) -> Mapping[UUID, Details]:
    return queries.held(ids)


def _house(details: Details | None) -> str:
    return str(details.house) if details and details.house else ""


def _tagged(details: Details | None) -> str:
    return ", ".join(details.tags) if details else ""


def _previous(details: Details | None) -> str:
    return details.previous_school if details else ""


def _own_columns(user: User) -> list[directory.Column]:
    columns = [directory.Column("previous_school", _("Previous school"), _details, plain=_previous, on_page=False)]
    for field in queries.read_by(user):
        columns.append(directory.Column(field.key, field.label, _details, plain=_answer(field), on_page=False))
    return columns


def _answer(field: OwnField) -> Callable[[Any], str]:
    return lambda details: answers.said(field, details.answers.get(field.key)) if details else ""


def _form(data: Any, prefix: str, user: User) -> forms.Form:
    return DetailsForm(data, prefix=prefix, details=Details())


def _save(student: Student, form: forms.Form, by: User, at: datetime) -> None:
    assert isinstance(form, DetailsForm)
    services.change(student=student, by=by, at=at, **form.facts())
