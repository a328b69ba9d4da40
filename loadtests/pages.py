"""Reads an HTML page as a user's browser does: its links, its forms, and what each of them would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SENT_AS_THEY_ARE = ("hidden", "text", "number", "date", "search", "email", "tel")


@dataclass
class Form:
    """What one form would send now, and the choices that it offers."""

    fields: dict[str, str] = field(default_factory=dict)
    radios: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._named: dict[str, Form] = {}
        self._open: Form | None = None
        self.feed(html)

    def form_with(self, start: str) -> Form:
        """The form that has a field whose name starts like this; an empty one when the page has none."""
        for form in self.forms:
            if any(name.startswith(start) for name in (*form.fields, *form.radios)):
                return form
        return Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what can be followed, chosen or sent."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            self._open = self._named.setdefault(given.get("id", f"form {len(self.forms)}"), Form())
            self.forms.append(self._open)
        if tag == "input" and given.get("name"):
            form = self._named.get(given["form"]) if "form" in given else self._open
            if form is not None:
                self._note(form, given)

    def handle_endtag(self, tag: str) -> None:
        """What follows a form is none of its fields."""
        if tag == "form":
            self._open = None

    def _note(self, form: Form, given: dict[str, str]) -> None:
        name, value, kind = given["name"], given.get("value", ""), given.get("type", "text")
        if kind == "radio":
            form.radios.setdefault(name, []).append(value)
        if kind in SENT_AS_THEY_ARE or kind == "password" or (kind in ("radio", "checkbox") and "checked" in given):
            form.fields[name] = value
