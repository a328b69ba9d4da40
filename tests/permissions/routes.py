"""Every route of both hosts, by walking the URL maps."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def routes(urlconf: str) -> Iterator[tuple[str, URLPattern]]:
    """Each route's pattern as the resolver writes it, with its view."""
    yield from _walk(get_resolver(urlconf).url_patterns, "")


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        else:
            yield route, entry
