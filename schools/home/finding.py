"""The pages of the product as things to be found."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from core import text
from web import navigation
from web.search import Hit


def pages(user: Any, words: Sequence[str], limit: int) -> list[Hit]:
    """Entries of this person's rail whose name holds every word."""
    found = []
    for item in navigation.items():
        if item.roles and not user.has_role(*item.roles):
            continue
        label = str(item.label)
        plain = text.search_form(label)
        if all(word in plain for word in words):
            found.append(Hit(label, reverse(item.url_name), icon=item.icon))
    return found[:limit]
