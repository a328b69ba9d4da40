"""The query of a list or of one thing, read and checked as a whole: an unknown parameter is a mistake worth telling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict

from api import problems
from api.filters import LONGEST, Filter, Wrong, read_yes_no

PAGE_SIZE = 50
LARGEST_PAGE = 200
OWN = ("cursor", "page_size", "search", "ordering", "fields", "count")


@dataclass(slots=True)
class Asked:
    """What a reader wants of a list."""

    page_size: int = PAGE_SIZE
    count: bool = False
    search: str = ""
    ordering: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    filters: dict[str, Any] = field(default_factory=dict)
    cursor: str = ""


def of_list(
    request: HttpRequest, *, filters: Mapping[str, Filter], orderings: tuple[str, ...], columns: tuple[str, ...]
) -> Asked:
    """Read the query of a list; raises 400 naming every parameter that is wrong."""
    asked = Asked()
    errors: dict[str, list[str]] = {}
    for name, value in _single(request.GET, errors):
        try:
            if name in filters:
                asked.filters[name] = filters[name].read(value)
            elif name == "page_size":
                asked.page_size = _page_size(value)
            elif name == "count":
                asked.count = read_yes_no(value)
            elif name == "search":
                asked.search = value
            elif name == "ordering":
                asked.ordering = _ordering(value, orderings)
            elif name == "fields":
                asked.fields = _fields(value, columns)
            elif name == "cursor":
                asked.cursor = value
            else:
                raise Wrong("This parameter is not known here.")
        except Wrong as error:
            errors[name] = [str(error)]
    if errors:
        raise problems.wrong(errors, code="invalid_query")
    return asked


def of_one(request: HttpRequest, *, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The fields wanted of one thing; raises 400."""
    errors: dict[str, list[str]] = {}
    wanted: tuple[str, ...] = ()
    for name, value in _single(request.GET, errors):
        try:
            if name != "fields":
                raise Wrong("This parameter is not known here.")
            wanted = _fields(value, columns)
        except Wrong as error:
            errors[name] = [str(error)]
    if errors:
        raise problems.wrong(errors, code="invalid_query")
    return wanted


def nothing(request: HttpRequest) -> None:
    """Refuse every parameter."""
    if request.META.get("QUERY_STRING"):
        unknown = {name[:80]: ["This parameter is not known here."] for name in request.GET}
        raise problems.wrong(unknown or {"query": ["This is not understood."]}, code="invalid_query")


def _single(query: QueryDict, errors: dict[str, list[str]]) -> list[tuple[str, str]]:
    given: list[tuple[str, str]] = []
    for name, values in query.lists():
        shown = name.replace("\0", "")[:80]
        if len(values) > 1:
            errors[shown] = ["This parameter is given more than once."]
        elif "\0" in values[0] or "\0" in name:
            errors[shown] = ["Null characters are not allowed."]
        elif any("\ud800" <= c <= "\udfff" for c in values[0]):
            errors[shown] = ["This is not valid text."]
        elif len(values[0]) > (2000 if name in ("cursor", "fields") else LONGEST):
            errors[shown] = ["This is too long."]
        else:
            given.append((shown, values[0]))
    return given


def _page_size(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= LARGEST_PAGE:
        raise Wrong(f"Must be a whole number from 1 to {LARGEST_PAGE}.")
    return int(value)


def _ordering(value: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(value.split(","))
    bare = [name.removeprefix("-") for name in names]
    if any(name not in allowed for name in bare) or len(set(bare)) != len(bare):
        raise Wrong(f"Must be a list of {', '.join(allowed)}, each once, with - in front to turn it round.")
    return names


def _fields(value: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(value.split(","))
    unknown = sorted(wanted - set(columns))
    if unknown:
        raise Wrong(f"{', '.join(unknown)[:200]} is not a field here.")
    return tuple(name for name in columns if name in wanted)
