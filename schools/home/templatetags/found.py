"""What was typed, marked in what was found."""

import re
from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def marked(title: str, words: Sequence[str]) -> SafeString:
    """The title with each place that was looked for inside `<mark>`."""
    if not words:
        return format_html("{}", title)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", title, flags=re.IGNORECASE)
    return format_html_join(
        "", "{}{}", ((text, format_html("<mark>{}</mark>", hit) if hit else "") for text, hit in _pairs(parts))
    )


def _pairs(parts: list[str]) -> list[tuple[str, str]]:
    return list(zip(parts[::2], [*parts[1::2], ""], strict=True))
