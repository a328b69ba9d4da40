"""The forms of a page as a browser reads them, and what somebody may type into them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, quote_plus, urljoin

TYPED = {
    "nothing": "",
    "NUL": "Ann\0a",
    "ten thousand letters": "x" * 10_000,
    "many scripts": "\u202eÅ\u0301\U0001f600\u200bعمر" * 20,
    "a number of 400 digits": "9" * 400,
    "a number beyond every type": "1e999999",
    "not a number": "NaN",
    "below zero": "-1",
    "a day that is none": "2026-02-30",
    "the last day": "9999-12-31",
    "SQL": "'; DROP TABLE people_student; --",
    "markup": "<script>alert(1)</script>{{ 7|add:7 }}",
    "a list": "[1, {}]",
    "half a letter": "%ED%A0%80",
    "letters of no encoding": "%FF%FE",
}
RAW = {"half a letter", "letters of no encoding"}  # sent as these bytes, not as these signs
WRITTEN = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Form:
    """One form: where it goes, and what it would send as it stands."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def body(self, changed: dict[str, str] | None = None, *, raw: bool = False, twice: str = "") -> str:
        """Form-encoded, with some fields changed and one perhaps sent twice."""
        pairs = [(name, (changed or {}).get(name, value), name in (changed or {})) for name, value in self.fields]
        pairs += [(name, value, True) for name, value in self.fields if name == twice]
        return "&".join(f"{quote(name)}={value if raw and new else quote_plus(value)}" for name, value, new in pairs)


def read(html: str, address: str) -> list[Form]:
    """Every form of a page that is posted."""
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms


def bad_bodies(form: Form, *, thorough: bool) -> Iterator[tuple[str, str]]:
    """What may come in instead: everything wrong at once, then one field wrong in a form that is right otherwise.

    Each form gets a share of what may be typed, the next form the next share; `thorough` gives every form everything.
    """
    names = list(dict.fromkeys(name for name, _value in form.fields))
    kinds = list(TYPED.items())
    start = sum(map(ord, form.action)) % len(kinds)
    share = kinds if thorough else [kinds[(start + step) % len(kinds)] for step in range(0, len(kinds), 4)]
    for what, typed in share:
        yield f"everywhere {what}", form.body(dict.fromkeys(names, typed), raw=what in RAW)
    for number, name in enumerate(names):
        for what, typed in kinds if thorough else [kinds[(start + number) % len(kinds)]]:
            yield f"{what} as {name}", form.body({name: typed}, raw=what in RAW)
        if thorough or not number:
            yield f"{name} twice", form.body(twice=name)
    yield "no field at all", ""
    yield (
        "fields too many",
        form.body() + "&is_superuser=true&roles=operator&id=1&pk=1&=&&%00=%00&a[b][c]=1&__proto__=1",
    )


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self._open: Form | None = None
        self._select = ""
        self._chosen: str | None = None
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Form(urljoin(self._address, given.get("action") or self._address))
            self.forms.append(self._open)
        form, name = self._open, given.get("name", "")
        if form is None:
            return
        if tag == "option" and self._select and (self._chosen is None or "selected" in given):
            self._chosen = given.get("value", "")
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif tag == "select":
            self._select, self._chosen = name, None
        elif tag in ("textarea", "button") or (tag == "input" and given.get("type") != "file"):
            choice = given.get("type") in ("radio", "checkbox")
            if not choice or "checked" in given or name not in dict(form.fields):  # one of each choice is made
                form.fields.append((name, given.get("value", "on" if choice else "")))
        elif tag == "input":
            form.files.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select and self._open is not None:
            self._open.fields.append((self._select, self._chosen or ""))
            self._select = ""
        if tag == "form":
            self._open = None
