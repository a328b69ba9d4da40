"""Which column is which: by what was chosen for the same head before, else by the words of the head."""

import hashlib
from collections.abc import Sequence
from typing import Any

from core import text
from schools.imports import registry
from schools.imports.models import Remembered, Run


def signature(header: Sequence[str]) -> str:
    """Names a head of columns, however it is spaced and capitalised."""
    return hashlib.sha256("\x1f".join(text.search_form(name) or name for name in header).encode()).hexdigest()


def remembered(run: Run) -> Remembered | None:
    """How a file with the same head was matched last."""
    return Remembered.objects.filter(importer=run.importer, signature=signature(run.header)).first()


def suggest(run: Run) -> dict[str, int]:
    """Field → column: what was remembered as far as it still exists, else the fields whose words a head has."""
    fields = registry.get(run.importer).fields(run.options)
    known = remembered(run)
    found: dict[str, int] = {}
    if known is not None:
        found = {key: place for key, place in known.mapping.items() if key in fields and place < len(run.header)}
        if len(found) == len(known.mapping):
            return found
    taken = set(found.values())
    words = [text.search_form(name) for name in run.header]
    for key, field in fields.items():
        names = {text.search_form(name) for name in (str(field.label), field.key.replace("_", " "), *field.aliases)}
        for place, word in enumerate(words):
            if key not in found and place not in taken and word in names:
                found[key] = place
                taken.add(place)
    return found


def remember(run: Run) -> None:
    """Keep how the columns of this head were matched."""
    kept: dict[str, Any] = {
        "mapping": run.mapping,
        "options": run.options,
        "filter_column": run.filter_column,
        "filter_value": run.filter_value,
    }
    Remembered.objects.update_or_create(importer=run.importer, signature=signature(run.header), defaults=kept)
