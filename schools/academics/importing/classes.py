"""Classes from a file, by name and year."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import text
from schools.academics import services
from schools.academics.importing import finding
from schools.academics.models import GradeLevel, SchoolClass, Stream
from schools.imports import records, registry
from schools.imports.batch import Batch, Row
from schools.people.importing import reading

KEY = "classes"


def _fields(options: registry.Options) -> Sequence[registry.Field]:
    field = registry.Field
    return [
        field("name", gettext_lazy("Class"), reading.word(80), ("name", "class name", "darasa"),
              example="Grade 6 East"),
        field("year", gettext_lazy("School year"), reading.word(40), ("year", "mwaka"), example="2026"),
        field("grade", gettext_lazy("Grade level"), reading.word(40), ("grade", "form", "level"), example="Grade 6"),
        field("stream", gettext_lazy("Stream"), reading.word(40), ("stream",), example="East"),
        field("class_teacher", gettext_lazy("Class teacher’s staff number"), reading.word(30), ("class teacher",),
              example="MWA-07"),
        field("capacity", gettext_lazy("Places"), records.number(1, 1000), ("capacity", "places"), example="45"),
        field("room", gettext_lazy("Room"), reading.word(40), ("room",)),
    ]  # fmt: skip


def _identity(row: Row, batch: Batch) -> str:
    name = text.search_form(row.values.get("name", ""))
    year = finding.year_of(row, batch)
    return f"{year.pk} {name}" if name and year is not None else ""


def _known(names: Collection[str], batch: Batch) -> Mapping[str, SchoolClass]:
    held: dict[Any, SchoolClass] = batch.memory["classes"]
    return {name: one for (year, words), one in held.items() if (name := f"{year} {words}") in names}


def _facts(row: Row, batch: Batch, known: SchoolClass | None) -> dict[str, Any]:
    facts = records.given(row, "capacity", "room")
    teachers = finding.staff_of(row, batch, "class_teacher")
    if teachers:
        facts["class_teacher"] = teachers[0]
    if known is not None:
        return facts
    level = _level(row)
    if level is None:
        said = row.values.get("grade", "") or row.values["name"]
        row.refuse("grade", _("There is no grade level %(name)s.") % {"name": said[:40]})
    return {
        **facts, "name": row.values["name"], "year": finding.year_of(row, batch), "grade_level": level,
        "stream": row.values.get("stream", ""),
    }  # fmt: skip


def _level(row: Row) -> GradeLevel | None:
    """The level that is named, by name or code; else the one that the class's name begins with."""
    levels = sorted(GradeLevel.objects.all(), key=lambda one: -len(one.name))
    said = text.search_form(row.values.get("grade", ""))
    if said:
        return next((o for o in levels if said in (text.search_form(o.name), text.search_form(o.code))), None)
    name = f"{text.search_form(row.values['name'])} "
    return next((one for one in levels if name.startswith(f"{text.search_form(one.name)} ")), None)


def _create(facts: dict[str, Any], batch: Batch) -> SchoolClass:
    said = facts.pop("stream")
    stream = None
    if said:
        wanted = text.search_form(said)
        stream = next((one for one in Stream.objects.all() if text.search_form(one.name) == wanted), None)
        if stream is None:
            stream = services.add_stream(name=said, by=batch.by, at=batch.at)
            batch.ledger.created(Stream, [stream.pk])
    return services.open_class(stream=stream, by=batch.by, at=batch.at, **facts)


def _change(school_class: SchoolClass, facts: dict[str, Any], batch: Batch) -> bool:
    before = school_class.version
    return services.change_class(school_class=school_class, by=batch.by, at=batch.at, **facts).version != before


def register() -> None:
    """Called once, when the apps are ready."""
    spec = records.Records(
        KEY, "academics", gettext_lazy("Classes"), SchoolClass, _fields, ("name",), _identity, _known, _facts, _create,
        _change, finding.survey,
    )  # fmt: skip
    records.register(
        spec, result_url=lambda options: reverse("academics:classes"), result_label=gettext_lazy("See the classes"),
        order=50,
    )  # fmt: skip
