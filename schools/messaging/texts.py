"""What a text becomes: merge fields and plurals filled in, and how many SMS parts it takes.

Fields stand in braces: `{first_name}`; `{is|are}` takes the first word when one child is meant, else the second.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELDS = {
    "children": gettext_lazy("first names of the children"),
    "first_name": gettext_lazy("first name of who reads it"),
    "name": gettext_lazy("whole name of who reads it"),
    "class": gettext_lazy("class of the child"),
    "school": gettext_lazy("the school's short name"),
    "date": gettext_lazy("today's date"),
    "link": gettext_lazy("a link, where the message has one"),
}
_FIELD = re.compile(r"\{([^{}]*)\}")

# GSM 03.38 (3GPP TS 23.038): the default alphabet, and the characters of its extension, which take two septets.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Size:
    """How a text is billed: its alphabet (`GSM-7` or `UCS-2`), units used, parts, and units left in the last part."""

    alphabet: str
    units: int
    parts: int
    left: int


def size(text: str) -> Size:
    """The parts of an SMS: 160 septets or 70 UTF-16 units alone, 153 or 67 each when there are several.

    A character of two units (an extension character, a surrogate pair) is never cut in two, so a part may end early.
    """
    if all(char in _BASIC or char in _EXTENDED for char in text):
        return _fill("GSM-7", [2 if char in _EXTENDED else 1 for char in text], 160, 153)
    return _fill("UCS-2", [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67)


def _fill(alphabet: str, widths: list[int], alone: int, each: int) -> Size:
    units = sum(widths)
    if units <= alone:
        return Size(alphabet, units, 1 if units else 0, alone - units)
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return Size(alphabet, units, parts, each - used)


def problems(text: str) -> list[str]:
    """What is wrong with the fields of a text, in sentences."""
    found = [
        _("{%(field)s} is not a field. Use one of: %(known)s.")
        % {"field": inside[:40], "known": ", ".join(f"{{{name}}}" for name in FIELDS)}
        for inside in _FIELD.findall(text)
        if inside not in FIELDS and inside.count("|") != 1
    ]
    if _FIELD.sub("", text).count("{") or _FIELD.sub("", text).count("}"):
        found.append(_("A brace is open: write fields as {first_name}."))
    return found


def fill(text: str, values: Mapping[str, str], *, children: int = 1) -> str:
    """The text with its fields and plurals filled in; a field without a value leaves nothing."""

    def put(match: re.Match[str]) -> str:
        inside = match[1]
        if "|" in inside:
            one, many = inside.split("|", 1)
            return one if children == 1 else many
        return values.get(inside, "")

    return re.sub(r"[ \t]{2,}", " ", _FIELD.sub(put, text)).strip()


def listed(names: list[str], language: str) -> str:
    """Names as one says them: `Amani`, `Amani and Brian`, `Amani, Brian and Zawadi`."""
    last = "na" if language == "sw" else "and"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}" if names else ""
