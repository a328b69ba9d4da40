"""What hangs on a person in every domain, read from the models themselves: no domain has to say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet, UniqueConstraint

from schools.bulk.ledger import NOT_KEPT
from schools.bulk.undoing import kind_of

NOT_COMPARED = {*NOT_KEPT, "id"}


@dataclass(frozen=True, slots=True)
class Tie:
    """One foreign key to the person."""

    model: type[models.Model]
    field: "models.ForeignKey[Any, Any]"

    @property
    def label(self) -> str:
        """Names the model, such as `records.Care`."""
        return self.model._meta.label

    @property
    def words(self) -> str:
        """What it is, as a sentence begins."""
        return kind_of(self.model)

    def of(self, person: models.Model) -> QuerySet[Any]:
        """The rows that hang on a person."""
        return self.model._default_manager.filter(**{self.field.name: person})


@dataclass(frozen=True, slots=True)
class Clash:
    """A thing of which a person has one, and both records have it."""

    tie: Tie
    kept: Any
    other: Any

    @property
    def same(self) -> bool:
        """Both say the same, so that nothing is lost whichever stays."""
        return _content(self.tie, self.kept) == _content(self.tie, self.other)


def ties_of(model: type[models.Model]) -> list[Tie]:
    """Every foreign key to a model, hidden ones too, but for the tables of many-to-many fields."""
    found = []
    relations: Any = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            other = relation.related_model
            if not other._meta.auto_created and other._meta.model is other:
                found.append(Tie(other, relation.field))
    return sorted(found, key=lambda tie: (tie.label, tie.field.name))


def groups_of(model: type[models.Model]) -> list[Any]:
    """Every many-to-many field to a model that has no model of its own between."""
    relations: Any = model._meta.get_fields(include_hidden=True)
    fields = [one.field for one in relations if one.auto_created and one.many_to_many]
    return [field for field in fields if field.remote_field.through._meta.auto_created]


def clashes_of(tie: Tie, kept: models.Model, other: models.Model) -> list[Clash]:
    """What cannot hang on one person twice, each with both rows."""
    found: dict[Any, Clash] = {}
    for names, condition in _uniques(tie):
        mine = tie.of(kept).filter(condition) if condition is not None else tie.of(kept)
        theirs = tie.of(other).filter(condition) if condition is not None else tie.of(other)
        held = {tuple(getattr(row, name) for name in names): row for row in mine}
        if not held:
            continue
        for row in theirs:
            same = held.get(tuple(getattr(row, name) for name in names))
            if same is not None:
                found.setdefault(row.pk, Clash(tie, same, row))
    return list(found.values())


def _uniques(tie: Tie) -> Iterator[tuple[Sequence[str], Any]]:
    """The other columns of each unique constraint that names the person, with its condition."""
    if tie.field.unique:
        yield (), None
    for constraint in tie.model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and tie.field.name in constraint.fields:
            others = [tie.model._meta.get_field(name) for name in constraint.fields if name != tie.field.name]
            yield [getattr(field, "attname", field.name) for field in others], constraint.condition


def _content(tie: Tie, row: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in tie.model._meta.concrete_fields
        if field.name not in NOT_COMPARED and field.name != tie.field.name
    }
