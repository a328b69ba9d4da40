"""The components of the look as template tags, so that a page says what it shows and not how it is drawn."""

import secrets
import zlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import render_to_string
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from web import charts, forms, tiles

register = template.Library()

TONE_ICONS = {"ok": "check", "bad": "alert", "warn": "clock", "info": "info"}
LEVEL_PIPS = {"EE": 4, "ME": 3, "AE": 2, "BE": 1}
CURRENCIES = {"KES": "KSh", "UGX": "USh", "TZS": "TSh", "USD": "US$"}


def _inside(content: SafeString) -> SafeString:
    """What a block tag holds, without the white space around it; the template engine has escaped it already."""
    return SafeString(content.strip())


# Repetition

_PLACE = f"\x02{secrets.token_hex(8)}\x02"  # stands for the key in a block that is kept


class _Alike(template.Node):
    """What `{% alike %}` stands for."""

    def __init__(self, name: str, key: FilterExpression, states: list[FilterExpression], inside: NodeList) -> None:
        self.name, self.key, self.states, self.nodelist = name, key, states, inside

    def render(self, context: Context) -> SafeString:
        """The block for this state, drawn once, with the key where it stands."""
        drawn: dict[tuple[Any, ...], str] = context.render_context.setdefault(self, {})  # type: ignore[assignment,arg-type]
        state = tuple(one.resolve(context) for one in self.states)
        if state not in drawn:
            with context.push(**{self.name: SafeString(_PLACE)}):
                drawn[state] = self.nodelist.render(context)
        return SafeString(drawn[state].replace(_PLACE, escape(str(self.key.resolve(context)))))


@register.tag
def alike(parser: Parser, token: Token) -> _Alike:
    """`{% alike id=row.pk row.code row.reason %}…{{ id }}…{% endalike %}`: a block of a long list that is the same for
    every row in the same state, but for its key: drawn once for each state instead of once for each row.
    """
    _tag, named, *states = token.split_contents()
    name, _equals, key = named.partition("=")
    inside = parser.parse(("endalike",))
    parser.delete_first_token()
    return _Alike(name, parser.compile_filter(key), [parser.compile_filter(state) for state in states], inside)


# Pictures


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """A symbol of the sprite; decoration unless it gets a label."""
    css = f"i {size}" if size else "i"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>', css, label, name)
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


def initials(name: str) -> str:
    """First letters of the first and the last name."""
    words = [w for w in name.replace(".", " ").split() if w[:1].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tint(name: str) -> int:
    """One of five tints, always the same for the same first and last name; it means nothing."""
    words = name.split()
    return zlib.crc32(" ".join([*words[:1], *words[1:][-1:]]).encode()) % 5


@register.simple_tag
def avatar(name: str, size: str = "", photo: str = "") -> SafeString:
    """A person's photo, or their initials on a tint; the name itself stands beside it."""
    css = f" {size}" if size else ""
    if photo:
        return format_html('<img class="avatar{}" src="{}" alt="" loading="lazy" decoding="async">', css, photo)
    return format_html('<span class="avatar a{}{}" aria-hidden="true">{}</span>', tint(name), css, initials(name))


@register.inclusion_tag("web/partials/crest.html")
def crest(school: Any, size: str = "") -> dict[str, Any]:
    """The school's logo, or a shield in its own colour."""
    return {"school": school, "size": size}


@register.inclusion_tag("web/partials/mark.html")
def mark() -> dict[str, Any]:
    """The platform's own mark."""
    return {}


# Words for states


@register.simple_tag
def badge(text: Any, tone: str = "line", icon_name: str | None = None) -> SafeString:
    """A record's state: `ok bad warn info`, or `line`; pass an icon name, or "" for none."""
    name = TONE_ICONS.get(tone, "") if icon_name is None else icon_name
    if not name:
        return format_html('<span class="badge {} plain">{}</span>', tone, text)
    return format_html('<span class="badge {}">{}{}</span>', tone, icon(name), text)


@register.simple_tag
def state(text: Any, tone: str = "ok", icon_name: str | None = None) -> SafeString:
    """The quieter state word in a row: icon and word in the state's colour."""
    name = TONE_ICONS.get(tone, "info") if icon_name is None else icon_name
    return format_html('<span class="st {}-t">{}{}</span>', tone, icon(name) if name else "", text)


@register.simple_tag
def count(number: int, soft: bool = True) -> SafeString:
    """A small round count beside a heading or an entry; nothing at zero."""
    if not number:
        return SafeString("")
    return format_html('<span class="n{}">{}</span>', " soft" if soft else "", number)


@register.simple_tag
def level(code: str, rank: int | None = None, of: int = 4, band: str = "") -> SafeString:
    """A CBE level: its letters, then pips; `rank` of `of` for other scales, `band` (EE ME AE BE) for the colour."""
    if not code:
        return mark_safe('<span class="muted">–</span>')
    band = band or code[:2]
    on = LEVEL_PIPS.get(band, 0) if rank is None else rank
    pips = format_html_join(
        "",
        '<rect{} x="{}" width="5.6" height="8" rx="1.5"/>',
        ((mark_safe(' class="on"') if i < on else "", charts.number(7.2 * i)) for i in range(of)),
    )
    return format_html(
        '<span class="lvl {}">{}<svg viewBox="0 0 {} 8" aria-hidden="true">{}</svg></span>',
        band,
        code,
        charts.number(7.2 * of - 0.8) if of != 4 else "28",
        pips,
    )


def _plain(amount: Any) -> str:
    """Grouped digits with the true minus sign; cents only where there are some."""
    value = Decimal(str(amount))
    text = f"{abs(value):,.2f}"
    return ("−" if value < 0 else "") + (text[:-3] if text.endswith(".00") else text)


@register.simple_tag
def money(amount: Any, currency: str = "") -> SafeString:
    """An amount that never wraps: a number, or anything with `amount` and `currency`."""
    if amount is None or amount == "":
        return mark_safe('<span class="muted">–</span>')
    if isinstance(amount, Mapping):
        currency, amount = currency or str(amount.get("currency", "")), amount["amount"]
    elif hasattr(amount, "amount"):
        currency, amount = currency or str(getattr(amount, "currency", "")), amount.amount
    sign = CURRENCIES.get(currency or "KES", currency)
    return format_html('<span class="money"><span class="c">{}</span>{}</span>', sign, _plain(amount))


@register.filter
def grouped(number: Any) -> str:
    """12345 as 12,345; empty for nothing."""
    return "" if number is None or number == "" else _plain(number)


# Blocks that say something


@register.simple_block_tag
def alert(content: SafeString, tone: str, title: str = "", icon_name: str = "") -> SafeString:
    """`{% alert "warn" "Title" %}what to do{% endalert %}`: what is, then what to do."""
    name = icon_name or {"ok": "check", "warn": "alert", "bad": "alert"}.get(tone, "info")
    role = mark_safe(' role="alert"') if tone == "bad" else ""
    words = _inside(content)
    return format_html(
        '<div class="alert{}"{}>{}<div>{}{}</div></div>',
        f" {tone}" if tone != "info" else "",
        role,
        icon(name),
        format_html("<b>{}</b>", title) if title else "",
        format_html("<p>{}</p>", words) if words else "",
    )


@register.simple_block_tag
def head(content: SafeString, title: str, meta: Any = "", above: Any = "", css: str = "") -> SafeString:
    """`{% head "Students" "861 enrolled" %}buttons, the filled one last{% endhead %}`."""
    acts = _inside(content)
    return format_html(
        '<header class="head{}"><div class="t">{}<h1>{}</h1>{}</div>{}</header>',
        f" {css}" if css else "",
        format_html('<p class="meta">{}</p>', above) if above else "",
        title,
        format_html('<p class="meta">{}</p>', meta) if meta else "",
        format_html('<div class="acts">{}</div>', acts) if acts else "",
    )


@register.simple_block_tag
def subbar(content: SafeString, title: str, note: Any = "", back: str = "/", heading: bool = False) -> SafeString:
    """The phone's bar of a page below another: back, title, note, and buttons in the block."""
    return format_html(
        '<header class="topbar sub"><a class="btn icon" href="{}" aria-label="{}">{}</a>'
        '<div class="where"><{} class="tt">{}</{}>{}</div>{}</header>',
        back,
        _("Back"),
        icon("left"),
        "h1" if heading else "b",
        title,
        "h1" if heading else "b",
        format_html('<small class="t12">{}</small>', note) if note else "",
        _inside(content),
    )


@register.simple_tag
def crumbs(*parts: Any) -> SafeString:
    """`{% crumbs "Students" url "Grade 6 East" url2 "Amani Barasa" %}`: name, address, …, and last where one is."""
    links = list(zip(parts[:-1:2], parts[1::2], strict=True))
    return format_html(
        '<nav class="only-wide" aria-label="{}"><ol class="crumbs">{}<li aria-current="page">{}</li></ol></nav>',
        _("Where you are"),
        format_html_join(
            "", '<li><a href="{}">{}</a>{}</li>', ((url, name, icon("right", "s")) for name, url in links)
        ),
        parts[-1] if parts else "",
    )


@register.simple_tag
def empty(icon_name: str, title: str, text: str = "", action: str = "", url: str = "") -> SafeString:
    """Why a list is empty and what comes next."""
    return format_html(
        '<div class="empty">{}<h2>{}</h2>{}{}</div>',
        icon(icon_name),
        title,
        format_html("<p>{}</p>", text) if text else "",
        format_html('<a class="btn" href="{}">{}</a>', url, action) if action else "",
    )


@register.simple_tag
def progress(value: Any, maximum: Any, label: str = "", css: str = "") -> SafeString:
    """How much of a thing is done, with the words for those who cannot see the bar."""
    words = label or _("%(value)s of %(maximum)s") % {"value": value, "maximum": maximum}
    return format_html(
        '<progress{} max="{}" value="{}" aria-label="{}">{}</progress>',
        format_html(' class="{}"', css) if css else "",
        maximum or 1,
        min(value, maximum) if maximum else 0,
        words,
        words,
    )


@register.simple_tag
def sync(text: str, tone: str = "", icon_name: str = "", aside: Any = "") -> SafeString:
    """Where the work is: "" draft, `wait` on this phone, `go` on its way, `done` at the school, `fail` needs you."""
    name = icon_name or {"": "pen", "wait": "device", "go": "upload", "done": "sent", "fail": "alert"}[tone]
    return format_html(
        '<div class="sync{}" role="status">{}<span>{}</span>{}</div>',
        f" {tone}" if tone else "",
        icon(name),
        text,
        format_html("<small>{}</small>", aside) if aside else "",
    )


# Lists


def _request(context: Context) -> HttpRequest:
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        raise RuntimeError("This tag needs the request in the template's context.")
    return request


def _address(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """The same page with some of its query changed; the page number falls away unless it is the change."""
    query = query.copy()
    query.pop("page", None)
    for key, value in changes.items():
        if value in (None, "", []):
            query.pop(key, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(key, [str(v) for v in value])
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def pager(context: Context, page: "Page[Any]", note: Any = "") -> SafeString:
    """Back and next of a Django page, keeping the filters, with "1 to 25 of 861"."""
    query = _request(context).GET
    if not page.paginator.count:
        return SafeString("")
    total = _plain(page.paginator.count)
    said = _("%(first)s to %(last)s of %(total)s") % {
        "first": _plain(page.start_index()),
        "last": _plain(page.end_index()),
        "total": total,
    }
    links: list[SafeString] = []
    if page.has_previous():
        back = _address(query, {"page": page.previous_page_number()})
        links.append(
            format_html('<a class="btn slim" rel="prev" href="{}">{}{}</a>', back, icon("left", "s"), _("Back"))
        )
    if page.has_next():
        ahead = _address(query, {"page": page.next_page_number()})
        links.append(
            format_html('<a class="btn slim" rel="next" href="{}">{}{}</a>', ahead, _("Next"), icon("right", "s"))
        )
    return format_html(
        '<nav class="pager" aria-label="{}"><span class="grow">{}{}</span>{}</nav>',
        _("Pages"),
        said,
        format_html(" · {}", note) if note else "",
        charts.joined(links),
    )


@register.simple_tag(takes_context=True)
def sort(context: Context, field: str, label: str, css: str = "", param: str = "sort") -> SafeString:
    """A head cell that sorts by `field`, and the other way round when it already does."""
    query = _request(context).GET
    now = query.get(param, "")
    aria, arrow, target = "", SafeString(""), field
    if now == field:
        aria, arrow, target = "ascending", icon("up", "s"), f"-{field}"
    elif now == f"-{field}":
        aria, arrow = "descending", icon("dn", "s")
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}{}</a></th>',
        format_html(' class="{}"', css) if css else "",
        format_html(' aria-sort="{}"', aria) if aria else "",
        _address(query, {param: target}),
        label,
        arrow,
    )


@register.simple_tag(takes_context=True)
def chip(context: Context, label: str, name: str, value: Any = "1", number: Any = None) -> SafeString:
    """A filter that lives in the address: pressing adds it, pressing again takes it away."""
    query = _request(context).GET
    value = str(value)
    chosen = query.getlist(name)
    on = value in chosen
    rest = [v for v in chosen if v != value] if on else [value]
    return format_html(
        '<a class="chip" href="{}"{}>{}{}{}</a>',
        _address(query, {name: rest}),
        mark_safe(' aria-current="true"') if on else "",
        label,
        format_html(" <b>{}</b>", number) if number is not None else "",
        icon("x") if on else "",
    )


@register.simple_tag(takes_context=True)
def keep_query(context: Context, *without: str) -> SafeString:
    """Hidden fields that carry the other filters through a search form; name those the form itself sends."""
    query = _request(context).GET
    left_out = {*without, "page"}
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        ((key, value) for key, values in query.lists() if key not in left_out for value in values),
    )


@register.inclusion_tag("web/partials/search.html", takes_context=True)
def search(context: Context, label: str, placeholder: str = "", name: str = "q") -> dict[str, Any]:
    """The search field of a list; put it in a `<form role="search">` with `keep_query`."""
    value = _request(context).GET.get(name, "")
    return {"label": label, "placeholder": placeholder or label, "name": name, "value": value}


@register.simple_block_tag(takes_context=True)
def menu(
    context: Context, content: SafeString, label: str, icon_name: str = "more", text: str = "", css: str = ""
) -> SafeString:
    """`{% menu "More for Amani" %}<a href=…>{% icon "user" %}Open profile</a>{% endmenu %}`: works without script."""
    request = _request(context)
    number = getattr(request, "menus_drawn", 0) + 1
    setattr(request, "menus_drawn", number)  # noqa: B010
    # A fragment is put into a page that has menus of its own: the first letter and the label keep them apart.
    name = f"{'h' if getattr(request, 'htmx', False) else 'm'}{zlib.crc32(label.encode()) % 100000:05d}-{number}"
    if text:
        opener = format_html(
            '<button class="btn{}" type="button" popovertarget="{}">{}{}</button>',
            f" {css}" if css else "",
            name,
            icon(icon_name) if icon_name else "",
            text,
        )
    else:
        opener = format_html(
            '<button class="btn icon{}" type="button" popovertarget="{}" aria-label="{}">{}</button>',
            f" {css}" if css else "",
            name,
            label,
            icon(icon_name),
        )
    return format_html(
        '{}<div class="menu pop" id="{}" popover data-module="popover" role="group" aria-label="{}">{}</div>',
        opener,
        name,
        label,
        _inside(content),
    )


# Forms


@register.simple_tag(name="field")
def field_tag(field: BoundField, affix: str = "", hint: str = "", label: str = "") -> SafeString:
    """One field of a Django form in the look's markup: label, hint or error, control."""
    return forms.draw(field, affix=affix, hint=hint, label=label)


@register.simple_tag
def form_errors(form: BaseForm, focus: bool = True) -> SafeString:
    """What to correct, at the top of a form, each as a link to its field; it takes the focus when the page opens."""
    return forms.draw_errors(form, focus=focus)


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Every field of a form in order."""
    return forms.draw_all(form)


# Charts


@register.simple_tag
def spark(values: Sequence[float], tone: str = "") -> SafeString:
    """A small line: tone "" good, `bad`, or `flat`."""
    return charts.spark(values, tone=tone)


@register.simple_tag
def mini_bar(value: float, maximum: float = 100, tone: int = 2) -> SafeString:
    """The thin bar before a percentage in a table."""
    return charts.mini_bar(value, maximum, tone=tone)


@register.simple_tag
def stacked_bar(parts: Sequence[tuple[float, int]]) -> SafeString:
    """One bar of (value, tone) parts."""
    return charts.stacked_bar(parts)


@register.simple_tag
def column_chart(data: Sequence[charts.Column], label: str, **options: Any) -> SafeString:
    """Upright bars from zero out of `charts.Column`; options `maximum`, `unit`, `axis`, `narrow`."""
    return charts.columns(data, label=label, **options)


@register.simple_tag
def target_bar(share: float, text: str, label: str, **marks: Any) -> SafeString:
    """How far along, with `target`, `target_text`, `before`, `before_text`."""
    return charts.target_bar(share, text=text, label=label, **marks)


@register.simple_tag
def donut(parts: Sequence[tuple[float, int]], label: str, text: str = "") -> SafeString:
    """Shares of a whole."""
    return charts.donut(parts, label=label, text=text)


@register.simple_tag
def calendar(weeks: Sequence[Sequence[str | None]], label: str, days: Sequence[str] | None = None) -> SafeString:
    """A term of one student's school days."""
    return charts.calendar(weeks, label=label, days=days or [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri")])


@register.simple_tag
def heat(names: Sequence[str], rows: Sequence[tuple[str, Sequence[charts.Cell | None]]]) -> SafeString:
    """A grid of percentages out of `charts.Cell`."""
    return charts.heat(names, rows, none=_("none"))


@register.simple_tag
def week(days: Iterable[tuple[str, str, bool]], label: str) -> SafeString:
    """Five squares of (day, `P A L E` or "", is today); the label says them in words."""
    return format_html(
        '<div class="week" role="img" aria-label="{}">{}</div>',
        label,
        format_html_join(
            "",
            '<div{}><span class="{}">{}</span>{}</div>',
            ((mark_safe(' class="today"') if today else "", code or "F", code, name) for name, code, today in days),
        ),
    )


# Home


@register.simple_tag(takes_context=True)
def tile(context: Context, filled: tiles.Filled) -> SafeString:
    """One block of the home page, drawn with its own context above the page's."""
    with context.push(**filled.context):
        return context.template.engine.get_template(filled.tile.template).render(context)  # type: ignore[union-attr]


@register.simple_tag
def board(filled: tiles.Board, request: HttpRequest) -> SafeString:
    """The whole home page below its head."""
    return render_to_string("web/partials/board.html", {"board": filled}, request)
