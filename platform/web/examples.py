"""What the living page of components shows: every component with one invented class, by the same tags as pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from web import charts

SPRITE = Path(__file__).parent / "templates" / "web" / "partials" / "sprite.html"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the page: a heading, why it is so, and the template of its example."""

    key: str
    title: Promise
    why: Promise
    one: bool = False

    @property
    def template(self) -> str:
        """Where the example is written."""
        return f"web/ui/{self.key}.html"


CHAPTERS = (
    Chapter(
        "colour",
        _("Colour"),
        _(
            "One green acts. Red, ochre and blue only ever mean wrong, look and know, and each comes "
            "with an icon, a letter or a word."
        ),
    ),
    Chapter(
        "type",
        _("Type"),
        _("System fonts, six sizes, two weights. Figures line up."),
    ),
    Chapter(
        "buttons",
        _("Buttons and links"),
        _("One filled button on a page. A name says what will happen: “Publish 39”, not “OK”."),
    ),
    Chapter(
        "fields",
        _("Fields"),
        _("Label above, hint under it, error in the place of the hint with what to do."),
    ),
    Chapter(
        "choices",
        _("Choices"),
        _("Native controls, large labels. A segment is for 2 to 4 views of the same thing."),
    ),
    Chapter(
        "states",
        _("State words"),
        _(
            "Badge for a record’s state, level for CBE, chip for a filter. People’s initials use "
            "tints that mean nothing."
        ),
    ),
    Chapter(
        "alerts",
        _("Alerts and toasts"),
        _("Say what is, then what to do. A toast only confirms, and carries Undo."),
    ),
    Chapter(
        "dock",
        _("Dock and sync"),
        _("The one place that says where the work is. Six states, always icon and words."),
    ),
    Chapter(
        "register",
        _("Register rows"),
        _("Present is quiet, exceptions are solid: a glance finds them. The book’s margin holds the number."),
    ),
    Chapter(
        "table",
        _("Table"),
        _(
            "Head sticks, numbers right, one quiet line between rows. On a phone each row folds to "
            "two lines: who, and what is owed."
        ),
    ),
    Chapter(
        "book",
        _("Book and timeline"),
        _("The ruled margin of an exercise book: time or number left of the line, the entry right of it."),
    ),
    Chapter(
        "figures",
        _("Figures"),
        _("One large number per block, its unit quiet, its meaning above and its context below."),
    ),
    Chapter(
        "grid",
        _("Grid entry"),
        _(
            "The level is computed as you type. A corner mark tells saving and waiting; a wrong cell "
            "keeps what was typed and says the limit."
        ),
    ),
    Chapter(
        "menus",
        _("Menu and dialog"),
        _("A dialog repeats the count and the cost; its button names the result."),
    ),
    Chapter(
        "ways",
        _("Tabs, crumbs, pages, keys"),
        _("Filters, sort and page live in the address."),
    ),
    Chapter(
        "palette",
        _("Palette"),
        _("Ctrl K. Records first, then what can be done to the chosen one."),
    ),
    Chapter(
        "steps",
        _("M-Pesa, step by step"),
        _("Money is never queued. Every end says whether money moved."),
    ),
    Chapter(
        "waiting",
        _("Empty, progress, loading"),
        _("An empty list says why it is empty and what comes next."),
    ),
    Chapter(
        "charts",
        _("Charts"),
        _("Drawn on the server; bars from zero; the number is written on the mark."),
    ),
    Chapter(
        "icons",
        _("Icons"),
        _(
            "Own drawings on a 20 unit square, 1.6 stroke, round ends. An icon alone only on the five "
            "a person already knows: back, search, more, call, close."
        ),
        one=True,
    ),
)

TOKENS = (
    ("bg", "bg", _("ground")),
    ("surface", "surface", _("paper")),
    ("surface2", "surface-2", _("wells")),
    ("line", "line", _("rules")),
    ("edge", "edge", _("control edge, 3:1")),
    ("text", "text", _("text")),
    ("muted", "muted", _("second voice, 4.5:1")),
    ("margin", "margin", _("the ruled margin")),
    ("brand", "brand", _("act, and ok")),
    ("bsoft", "brand-soft", _("its ground")),
    ("bad", "bad", _("wrong")),
    ("badsoft", "bad-soft", _("its ground")),
    ("warn", "warn", _("look")),
    ("warnsoft", "warn-soft", _("its ground")),
    ("info", "info", _("know, focus")),
    ("infosoft", "info-soft", _("its ground")),
)


class Example(forms.Form):
    """One field of each kind, one of them wrong."""

    phone = forms.CharField(label=_("Guardian’s phone"), help_text=_("Kenyan mobile, for fees and absence messages"))
    amount = forms.DecimalField(
        label=_("Amount received"),
        min_value=1,
        error_messages={"min_value": _("Type an amount of 1 shilling or more")},
    )
    school_class = forms.ChoiceField(label=_("Class"), choices=[("6e", "Grade 6 East"), ("6w", "Grade 6 West")])
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class Choices(forms.Form):
    """Boxes, radios, a switch and a file."""

    audience = forms.MultipleChoiceField(
        label=_("Send to"),
        choices=[("g", _("Guardians")), ("t", _("Class teacher"))],
        initial=["g"],
        widget=forms.CheckboxSelectMultiple,
    )
    speech = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("sw", "Kiswahili")], initial="en", widget=forms.RadioSelect
    )
    sms = forms.BooleanField(
        label=_("SMS on"), initial=True, required=False, widget=forms.CheckboxInput(attrs={"role": "switch"})
    )
    photo = forms.FileField(
        label=_("Photo"), required=False, help_text=_("Made smaller on your phone before it is sent")
    )


def _form(pane: int) -> Example:
    """The example form of one pane, its ids its own."""
    filled = {"phone": "0722 418 093", "amount": "-500", "school_class": "6e", "day": "2026-06-16"}
    return Example({**filled, "remark": "Amani helps others."}, auto_id=f"p{pane}_%s")


def _heat() -> tuple[list[str], list[tuple[str, list[charts.Cell | None]]]]:
    names = ["PP1", "PP2", *(str(n) for n in range(1, 10))]
    east = [96, 94, 98, 95, 97, 93, 96, None, 91, 88, 97]
    west = [95, 97, 96, 92, None, 82, 98, 95, 96, None, 94]

    def row(stream: str, values: list[int | None]) -> tuple[str, list[charts.Cell | None]]:
        return stream, [
            charts.Cell(v, "#s-charts", f"{name} {stream}: {'register missing' if v is None else f'{v} % present'}")
            for name, v in zip(names, values, strict=True)
        ]

    return names, [row("East", east), row("West", west)]


def _weeks() -> list[list[str]]:
    said = {(1, 1): "L", (2, 3): "A", (4, 4): "L", (5, 0): "A", (7, 0): "L"}
    days = [(w, d) for w in range(14) for d in range(5)]
    marks = {at: said.get(at, "P" if at < (7, 2) else "") for at in days}
    return [[marks[w, d] for d in range(5)] for w in range(14)]


def page() -> dict[str, Any]:
    """Everything that the components page draws."""
    names, rows = _heat()
    collected = (1.62, 1.94, 1.21, 0.88, 1.35, 0.74, 1.29, 0.81)
    week = (("Mon", 95.1, 94.9), ("Tue", 96.0, 95.2), ("Wed", 95.4, 95.3), ("Thu", 94.2, 95.1), ("Fri", 90.3, 94.4))
    sprite = SPRITE.read_text()
    return {
        "chapters": CHAPTERS,
        "tokens": TOKENS,
        "forms": {1: _form(1), 2: _form(2)},
        "choice_forms": {1: Choices(auto_id="c1_%s", prefix="c1"), 2: Choices(auto_id="c2_%s", prefix="c2")},
        "page_obj": Paginator(range(861), 25).page(2),
        "learners": (
            ("Amani Barasa", "P", "", ""),
            ("Brian Otieno", "A", _("Away since Fri"), "warnt"),
            ("Dennis Kiprono", "L", "", ""),
            ("Grace Muthoni", "E", _("Clinic to Wed"), "infot"),
            ("Faith Chebet", "", "", ""),
        ),
        "codes": (("P", _("Present")), ("A", _("Absent")), ("L", _("Late")), ("E", _("Excused"))),
        "students": (
            ("Amani Barasa", "A2302", "Rose Barasa", "0722 418 093", 12400, 96, False),
            ("Brenda Odhiambo", "A2321", "Millicent Odhiambo", "0711 620 348", 4500, 93, True),
            ("Daniel Mutua", "A2340", "Josephine Mutua", "0725 330 918", 0, 81, False),
        ),
        "heat_names": names,
        "heat_rows": rows,
        "weeks": _weeks(),
        "days": (("Mon", "L", False), ("Tue", "P", True), ("Wed", "A", False), ("Thu", "", False), ("Fri", "", False)),
        "up": (3, 5, 6, 8, 11),
        "down": (60, 63, 68, 66, 56),
        "flat": (3, 7, 5, 6, 6),
        "ways": ((76, 1), (20, 3), (4, 4)),
        "debt": ((2613700, 0), (912000, 2), (486000, 3), (241000, 4), (115000, 5)),
        "collected": [
            charts.Column("now" if i == 7 else str(i + 1), v, f"{v:.2f}", tone=1 if i == 7 else 2, strong=i == 7)
            for i, v in enumerate(collected)
        ],
        "last_week": [
            charts.Column(day, v, f"{v:.1f}", tone=3 if v < 92 else 2, usual=usual) for day, v, usual in week
        ],
        "icon_names": sorted(part.split('"', 1)[0] for part in sprite.split('id="i-')[1:]),
    }
