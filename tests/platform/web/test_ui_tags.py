"""Every component tag gives exactly the markup that the stylesheet expects, and escapes what people typed."""

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from core.money import Money
from web import charts


def drawn(source: str, address: str = "/students/", **context: Any) -> str:
    request = RequestFactory().get(address)
    html = Template("{% load ui %}" + source).render(Context({"request": request, **context}))
    assert "style=" not in html
    assert not re.search(r"\son\w+=", html)
    return html


CHECK = '<svg class="i" aria-hidden="true"><use href="#i-check"/></svg>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('{% icon "check" %}', CHECK),
        ('{% icon "x" "s" %}', '<svg class="i s" aria-hidden="true"><use href="#i-x"/></svg>'),
        ('{% icon "x" label="Gone" %}', '<svg class="i" role="img" aria-label="Gone"><use href="#i-x"/></svg>'),
        ('{% badge "Enrolled" "ok" %}', f'<span class="badge ok">{CHECK}Enrolled</span>'),
        ('{% badge "Draft" %}', '<span class="badge line plain">Draft</span>'),
        ('{% badge "Plain" "warn" "" %}', '<span class="badge warn plain">Plain</span>'),
        ('{% state "Sent" "ok" %}', f'<span class="st ok-t">{CHECK}Sent</span>'),
        ("{% count 3 %}{% count 0 %}{% count 2 False %}", '<span class="n soft">3</span><span class="n">2</span>'),
        ("{% money 12400 %}", '<span class="money"><span class="c">KSh</span>12,400</span>'),
        ('{% money "-22100.50" %}', '<span class="money"><span class="c">KSh</span>−22,100.50</span>'),
        ('{% money 5 "UGX" %}', '<span class="money"><span class="c">USh</span>5</span>'),
        ("{% money None %}", '<span class="muted">–</span>'),
        ("{{ 9842300|grouped }}", "9,842,300"),
        ('{% level "" %}', '<span class="muted">–</span>'),
        (
            "{% progress 28 41 %}",
            '<progress max="41" value="28" aria-label="28 of 41">28 of 41</progress>',
        ),
        ("{% progress 3 0 %}", '<progress max="1" value="0" aria-label="3 of 0">3 of 0</progress>'),
        (
            '{% sync "Sent" "done" aside="8:31" %}',
            '<div class="sync done" role="status"><svg class="i" aria-hidden="true"><use href="#i-sent"/></svg>'
            "<span>Sent</span><small>8:31</small></div>",
        ),
        (
            '{% empty "users" "No student yet" "Admit one." "Admit" "/admit/" %}',
            '<div class="empty"><svg class="i" aria-hidden="true"><use href="#i-users"/></svg><h2>No student yet</h2>'
            '<p>Admit one.</p><a class="btn" href="/admit/">Admit</a></div>',
        ),
        (
            '{% alert "ok" "Done" %} 41 cards {% endalert %}',
            f'<div class="alert ok">{CHECK}<div><b>Done</b><p>41 cards</p></div></div>',
        ),
        (
            '{% head "Students" "861 enrolled" %}<a>Admit</a>{% endhead %}',
            '<header class="head"><div class="t"><h1>Students</h1><p class="meta">861 enrolled</p></div>'
            '<div class="acts"><a>Admit</a></div></header>',
        ),
        (
            '{% crumbs "Students" "/students/" "Amani" %}',
            '<nav class="only-wide" aria-label="Where you are"><ol class="crumbs"><li><a href="/students/">Students</a>'
            '<svg class="i s" aria-hidden="true"><use href="#i-right"/></svg></li>'
            '<li aria-current="page">Amani</li></ol></nav>',
        ),
        (
            '{% subbar "6 East" "Maths" back="/x/" %}{% endsubbar %}',
            '<header class="topbar sub"><a class="btn icon" href="/x/" aria-label="Back">'
            '<svg class="i" aria-hidden="true"><use href="#i-left"/></svg></a>'
            '<div class="where"><b class="tt">6 East</b><small class="t12">Maths</small></div></header>',
        ),
    ],
)
def test_a_tag_draws_its_component(source: str, html: str) -> None:
    assert drawn(source) == html


def test_what_people_typed_is_escaped_everywhere() -> None:
    typed = '<script>"&'
    for source in (
        "{% badge x %}",
        "{% avatar x %}",
        "{% alert x x %}{{ x }}{% endalert %}",
        "{% head x x x %}{{ x }}{% endhead %}",
        "{% crumbs x x x %}",
        "{% empty 'user' x x x x %}",
        "{% menu x %}{{ x }}{% endmenu %}",
        "{% chip x 'q' x x %}",
        "{% sync x aside=x %}",
        "{% level x %}",
        "{% sort 'name' x x %}",
        "{% search x x %}{% keep_query %}",
    ):
        assert "<script>" not in drawn(source, f"/?q={typed}&other={typed}", x=typed), source


def test_a_level_is_letters_and_pips_for_one_ink() -> None:
    html = drawn('{% level "ME2" %}')
    assert html.startswith('<span class="lvl ME">ME2<svg viewBox="0 0 28 8" aria-hidden="true">')
    assert (html.count('class="on"'), html.count("<rect")) == (3, 4)
    other = drawn('{% level "B+" rank=2 of=5 band="ME" %}')
    assert (other.count('class="on"'), other.count("<rect")) == (2, 5)


def test_initials_and_their_tint_belong_to_the_name() -> None:
    assert drawn('{% avatar "Amani Wekesa Barasa" "s" %}') == '<span class="avatar a3 s" aria-hidden="true">AB</span>'
    assert drawn('{% avatar "Amani Barasa" %}') == '<span class="avatar a3" aria-hidden="true">AB</span>'
    assert 'aria-hidden="true">?<' in drawn('{% avatar "" %}')
    assert 'aria-hidden="true">Ŵ<' in drawn('{% avatar "ŵanjikũ" %}')
    photo = drawn('{% avatar "Amani" photo="/media/a.webp" %}')
    assert photo == '<img class="avatar" src="/media/a.webp" alt="" loading="lazy" decoding="async">'


def test_money_is_read_from_anything_that_has_an_amount() -> None:
    expected = '<span class="money"><span class="c">KSh</span>1,500</span>'
    for amount in (1500, Decimal("1500.00"), "1500.00", Money(Decimal(1500)), Money(Decimal(1500)).as_json()):
        assert drawn("{% money x %}", x=amount) == expected


def test_the_pager_keeps_the_filters_and_says_where_one_is() -> None:
    page = Paginator(range(861), 25).page(2)
    html = drawn("{% pager page %}", "/students/?q=ama&page=2", page=page)
    assert '<span class="grow">26 to 50 of 861</span>' in html
    assert 'rel="prev" href="?q=ama&amp;page=1"' in html
    assert 'rel="next" href="?q=ama&amp;page=3"' in html
    assert drawn("{% pager page %}", page=Paginator([], 25).page(1)) == ""


def test_a_filter_is_a_link_that_adds_itself_and_takes_itself_away() -> None:
    off = drawn('{% chip "6 East" "class" 7 %}', "/students/?q=a&page=3")
    assert off == '<a class="chip" href="?q=a&amp;class=7">6 East</a>'
    on = drawn('{% chip "6 East" "class" 7 number=41 %}', "/students/?q=a&class=7")
    assert on.startswith('<a class="chip" href="?q=a" aria-current="true">6 East <b>41</b><svg')


def test_a_head_cell_sorts_one_way_and_then_the_other() -> None:
    assert drawn('{% sort "name" "Student" %}') == '<th scope="col"><a href="?sort=name">Student</a></th>'
    up = drawn('{% sort "name" "Student" %}', "/students/?sort=name")
    assert up.startswith('<th scope="col" aria-sort="ascending"><a href="?sort=-name">Student<svg')
    down = drawn('{% sort "name" "Student" "r" %}', "/students/?sort=-name")
    assert down.startswith('<th scope="col" class="r" aria-sort="descending"><a href="?sort=name">Student<svg')


def test_menus_of_one_page_never_share_a_name() -> None:
    html = drawn(
        '{% for n in names %}{% menu "More for Amani" %}<a href="#">x</a>{% endmenu %}{% endfor %}', names="ab"
    )
    targets = re.findall(r'popovertarget="([^"]+)"', html)
    assert len(set(targets)) == 2
    assert re.findall(r' id="([^"]+)"', html) == targets


def test_the_crest_is_the_logo_or_a_shield_in_both_shades() -> None:
    facts = SimpleNamespace(logo_url="", accent="#7a2330", accent_dark="#c2515e", emblem="sun")
    html = drawn("{% crest school %}", school=facts)
    assert '<path class="lt" fill="#7a2330"' in html
    assert '<path class="dk" fill="#c2515e"' in html
    facts.logo_url = "/media/logo.png"
    assert drawn("{% crest school 'l' %}", school=facts).strip() == '<img class="crest l" src="/media/logo.png" alt="">'


def test_bars_start_at_zero_and_carry_their_number() -> None:
    html = drawn(
        "{% column_chart data 'Two weeks' maximum=100 %}", data=[charts.Column("Mon", 50), charts.Column("Tue", 100)]
    )
    heights = [float(h) for h in re.findall(r'height="([\d.]+)" rx', html)]
    assert heights[1] == 2 * heights[0]
    assert re.findall(r">(\w+)</text>", html) == ["50", "Mon", "100", "Tue"]
    assert 'role="img" aria-label="Two weeks"' in html


def test_a_heat_square_says_its_number_and_a_missing_one_that_it_is_missing() -> None:
    cells = [charts.Cell(v, f"/{i}/", f"c{i}") for i, v in enumerate((96, 92, 88, 82, None))]
    html = drawn("{% heat names rows %}", names="ABCDE", rows=[("East", cells)])
    assert re.findall(r'<a class="(h\w)" href="/\d/" aria-label="c\d">([^<]+)<', html) == [
        ("h4", "96"),
        ("h3", "92"),
        ("h2", "88"),
        ("h1", "82"),
        ("hx", "–"),
    ]


@pytest.mark.parametrize(
    "source", ["{% spark x %}", "{% column_chart x 'l' %}", "{% donut x 'l' %}", "{% stacked_bar x %}"]
)
def test_a_chart_of_nothing_is_drawn_without_an_error(source: str) -> None:
    drawn(source, x=[])


def test_a_spark_of_one_or_equal_values_stays_in_its_box() -> None:
    for values in ([5], [5, 5, 5], [0, 0]):
        ys = [float(y) for y in re.findall(r"[\d.]+,([\d.]+)", drawn("{% spark x %}", x=values))]
        assert ys == [12.0] * len(values)
