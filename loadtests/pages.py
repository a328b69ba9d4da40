"""Reads an HTML page as a user's browser does: its links, and what a form would send."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The links, hidden fields and radio groups of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.hidden: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}
        self.text = html
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what can be followed or sent."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "input" and given.get("name"):
            if given.get("type") == "hidden":
                self.hidden[given["name"]] = given.get("value", "")
            if given.get("type") == "radio":
                self.radios.setdefault(given["name"], []).append(given.get("value", ""))
