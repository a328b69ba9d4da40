"""Charts drawn by the server as SVG: bars from zero, the number written on the mark, no script, no inline style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 620
NARROW = 340
Number = float | int
_BOLD = mark_safe(' class="b"')
_STACK = '<svg class="bar big" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
_RULE = '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
_ARC = (
    '<circle class="s{}" cx="21" cy="21" r="15.9" pathLength="100" stroke-dasharray="{} {}"{}'
    ' transform="rotate(-90 21 21)"/>'
)


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a column chart; `label` stands under it, `text` on it, `usual` draws a line across it."""

    label: str
    value: float
    text: str = ""
    tone: int = 2
    usual: float | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of a heat grid: a percentage, or None where nothing was recorded."""

    value: float | None
    url: str
    label: str


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Pieces of SVG one after another."""
    return format_html_join("", "{}", ((part,) for part in parts))


def number(value: float) -> str:
    """A coordinate without noise: at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def spark(values: Sequence[Number], *, tone: str = "") -> SafeString:
    """A small line of a few values with the last one marked; the number itself stands beside it."""
    if not values:
        return mark_safe("")
    low, high = min(values), max(values)
    step = 82 / (len(values) - 1) if len(values) > 1 else 0
    span = (high - low) or 1
    points = [(2 + i * step, 20 - (v - low) / span * 16 if high > low else 12) for i, v in enumerate(values)]
    x, y = points[-1]
    return format_html(
        '<svg class="spark{}" viewBox="0 0 88 24" aria-hidden="true"><polyline points="{}"/>'
        '<circle cx="{}" cy="{}" r="2.2"/></svg>',
        f" {tone}" if tone else "",
        " ".join(f"{number(px)},{number(py)}" for px, py in points),
        number(x),
        number(y),
    )


def mini_bar(value: Number, maximum: Number = 100, *, tone: int = 2) -> SafeString:
    """The thin bar before a percentage in a table."""
    return format_html(
        '<svg class="bar mini only-wide" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="f{}" width="{}" height="10"/></svg>',
        tone,
        number(max(0, min(100, 100 * value / maximum)) if maximum else 0),
    )


def stacked_bar(parts: Sequence[tuple[Number, int]]) -> SafeString:
    """One bar of several (value, tone) parts; the table or key beside it gives the numbers."""
    total = sum(value for value, _ in parts)
    if not total:
        return format_html(_STACK, "")
    shown = [(value, tone) for value, tone in parts if value > 0]
    room = 1000 - 2 * (len(shown) - 1)
    x = 0.0
    rects = []
    for value, tone in shown:
        width = room * value / total
        rects.append((tone, number(x), number(width)))
        x += width + 2
    return format_html(
        _STACK,
        format_html_join("", '<rect class="f{}" x="{}" width="{}" height="10"/>', rects),
    )


def columns(
    data: Sequence[Column],
    *,
    label: str,
    maximum: float | None = None,
    unit: str = "",
    axis: bool = False,
    narrow: bool = False,
) -> SafeString:
    """Upright bars from zero; `label` says the whole chart in one sentence, `narrow` is for the side column."""
    if not data:
        return mark_safe("")
    height, top = (152, 20) if axis else (92, 16)
    foot = height - (32 if axis else 20)
    left = 44 if axis else 0
    wide = NARROW if narrow else WIDTH
    highest = maximum or max([c.value for c in data] + [c.usual or 0 for c in data]) or 1
    slot = (wide - left) / len(data)
    width = slot * (0.58 if axis else 0.8)
    parts: list[SafeString] = []
    if axis:
        for share in (1, 0.5, 0):
            y = top + (foot - top) * (1 - share)
            parts.append(
                format_html(_RULE, "ax", left, wide, number(y), number(y))
                + format_html(
                    '<text class="yl" x="{}" y="{}" text-anchor="end">{}</text>',
                    left - 8,
                    number(y + 4),
                    number(highest * share) + (unit if share == 1 else ""),
                )
            )
    for i, column in enumerate(data):
        middle = left + slot * (i + 0.5)
        tall = (foot - top) * max(0.0, min(1.0, column.value / highest))
        line = (foot - top) * min(1.0, column.usual / highest) if column.usual is not None else None
        parts.append(
            format_html(
                '<rect class="f{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
                column.tone,
                number(middle - width / 2),
                number(foot - tall),
                number(width),
                number(tall),
            )
        )
        if line is not None:
            from_, to = number(middle - width / 2 - 6), number(middle + width / 2 + 6)
            parts.append(format_html(_RULE, "tgt", from_, to, number(foot - line), number(foot - line)))
        above = (column.strong or axis, foot - max(tall, line or 0) - 6, column.text or number(column.value))
        below = (column.strong, height - (14 if axis else 4), column.label)
        for bold, y, words in (above, below):
            parts.append(
                format_html(
                    '<text{} x="{}" y="{}" text-anchor="middle">{}</text>',
                    _BOLD if bold else "",
                    number(middle),
                    number(y),
                    words,
                )
            )
    return format_html(
        '<svg class="chart{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        " narrow" if narrow else "",
        wide,
        height,
        label,
        joined(parts),
    )


def target_bar(
    share: float,
    *,
    text: str,
    label: str,
    target: float | None = None,
    target_text: str = "",
    before: float | None = None,
    before_text: str = "",
) -> SafeString:
    """How far along, in percent, with where one should be and where one was a year ago."""

    def at(percent: float) -> float:
        return WIDTH * max(0.0, min(100.0, percent)) / 100

    def anchor(x: float) -> str:
        return "end" if x > WIDTH - 110 else "start" if x < 110 else "middle"

    parts = [
        format_html('<rect class="fs" y="22" width="{}" height="24" rx="4"/>', WIDTH),
        format_html('<rect class="f1" y="22" width="{}" height="24" rx="4"/>', number(at(share))),
    ]
    inside = share >= 25
    x = 10 if inside else at(share) + 8
    parts.append(format_html('<text class="{}" x="{}" y="39">{}</text>', "w" if inside else "b", number(x), text))
    if target is not None:
        x = at(target)
        parts.append(
            format_html(_RULE, "tgt", number(x), number(x), 16, 52)
            + format_html('<text class="b" x="{}" y="11" text-anchor="{}">{}</text>', number(x), anchor(x), target_text)
        )
    if before is not None:
        x = at(before)
        parts.append(
            format_html(
                '<path class="f0" d="M{} 50l5 7h-10z"/><text x="{}" y="76" text-anchor="{}">{}</text>',
                number(x),
                number(x),
                anchor(x),
                before_text,
            )
        )
    parts.append(format_html('<text x="{}" y="64" text-anchor="end">100 %</text><text x="0" y="64">0</text>', WIDTH))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} 82" role="img" aria-label="{}">{}</svg>',
        WIDTH,
        label,
        joined(parts),
    )


def donut(parts: Sequence[tuple[Number, int]], *, label: str, text: str = "") -> SafeString:
    """Shares of a whole as (value, tone 1, 3 or 4), the first one's share written inside."""
    total = sum(value for value, _ in parts)
    arcs: list[SafeString] = []
    start = 0.0
    for value, tone in parts:
        share = 100 * value / total if total else 0
        if share:
            drawn = max(share - 1, 0.5)
            arcs.append(
                format_html(
                    _ARC,
                    tone,
                    number(drawn),
                    number(100 - drawn),
                    format_html(' stroke-dashoffset="{}"', number(-start)) if start else "",
                )
            )
        start += share
    shown = text or (f"{round(100 * parts[0][0] / total)} %" if total else "")
    return format_html(
        '<svg class="donut" viewBox="0 0 42 42" role="img" aria-label="{}">'
        '<circle class="tr" cx="21" cy="21" r="15.9"/>{}'
        '<text x="21" y="24" text-anchor="middle">{}</text></svg>',
        label,
        joined(arcs),
        shown,
    )


_CALENDAR_TONES = {"P": "f2", "L": "f3", "A": "f4", "E": "fb", "": "fs"}


def calendar(weeks: Sequence[Sequence[str | None]], *, label: str, days: Sequence[str]) -> SafeString:
    """A term of school days: one column per week, one square per day, `P A L E`, "" to come, None no school."""
    parts = [format_html('<text x="0" y="{}">{}</text>', 30 + 20 * i, day) for i, day in enumerate(days)]
    for week, codes in enumerate(weeks):
        x = 34 + 18 * week
        parts.append(format_html('<text x="{}" y="12" text-anchor="middle">{}</text>', x + 7, week + 1))
        for day, code in enumerate(codes):
            if code is None:
                continue
            tone = _CALENDAR_TONES.get(code, "fs")
            y = 18 + 20 * day
            parts.append(format_html('<rect class="{}" x="{}" y="{}" width="15" height="16" rx="3"/>', tone, x, y))
            if code in {"L", "A", "E"}:
                ink = {"L": "o3", "A": "o4", "E": "b"}[code]
                parts.append(
                    format_html(
                        '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>', ink, x + 7.5, y + 12, code
                    )
                )
    return format_html(
        '<svg class="chart cal" viewBox="0 0 {} 116" role="img" aria-label="{}">{}</svg>',
        max(300, 34 + 18 * len(weeks) + 14),
        label,
        joined(parts),
    )


def heat_class(value: float | None) -> str:
    """The step of a percentage: 95 and over, 90, 85, under, or not recorded."""
    if value is None:
        return "hx"
    return "h4" if value >= 95 else "h3" if value >= 90 else "h2" if value >= 85 else "h1"


def heat(names: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell | None]]], *, none: str) -> SafeString:
    """A grid of percentages, columns by rows; every square has its number, a missing one says `none`."""
    head = format_html(
        '<div class="hr"><span></span>{}</div>',
        format_html_join("", '<span class="col">{}</span>', ((n,) for n in names)),
    )
    body = []
    for label, cells in rows:
        squares = []
        for cell in cells:
            if cell is None:
                squares.append(mark_safe("<span></span>"))
            elif cell.value is None:
                squares.append(
                    format_html(
                        '<a class="hx" href="{}" aria-label="{}">–<small>{}</small></a>', cell.url, cell.label, none
                    )
                )
            else:
                squares.append(
                    format_html(
                        '<a class="{}" href="{}" aria-label="{}">{}</a>',
                        heat_class(cell.value),
                        cell.url,
                        cell.label,
                        number(float(round(cell.value))),
                    )
                )
        body.append(format_html('<div class="hr"><span class="lab">{}</span>{}</div>', label, joined(squares)))
    return format_html('<div class="heat">{}{}</div>', head, joined(body))
