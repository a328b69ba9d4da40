"""Which records look like one person: pairs with a score of 0 to 100 and the reasons, in one pass over all of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core import text
from schools.duplicates.choices import Kind
from schools.duplicates.models import Different
from schools.people.models import Guardian, Guardianship, Student, StudentIdentifier

LEAST, MOST_PAIRS, MOST_OF_A_BLOCK = 65, 200, 40
ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person."""

    first: UUID
    second: UUID
    score: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Facts:
    names: frozenset[str]
    first_name: str
    marks: dict[str, set[Hashable]]


def pairs(kind: str, *, about: UUID | None = None) -> list[Pair]:
    """The likeliest pairs first, without those that somebody found to be two people; `about` one record, or all."""
    facts = _students() if kind == Kind.STUDENT else _guardians()
    told_apart = set(Different.objects.filter(kind=kind).values_list("first", "second"))
    found = []
    for first, second in _candidates(facts):
        if (first, second) in told_apart or (about is not None and about not in (first, second)):
            continue
        score, reasons = _judge(kind, facts[first], facts[second])
        if score >= LEAST:
            found.append(Pair(first, second, score, tuple(reasons)))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))[:MOST_PAIRS]


def _candidates(facts: dict[UUID, _Facts]) -> set[tuple[UUID, UUID]]:
    """Pairs that share a mark: a day of birth, a phone, a number, all names. A mark of very many tells nothing."""
    blocks: dict[Hashable, list[UUID]] = defaultdict(list)
    for pk, fact in facts.items():
        for name, marks in fact.marks.items():
            for mark in marks:
                blocks[name, mark].append(pk)
        blocks["names", fact.names].append(pk)
    found: set[tuple[UUID, UUID]] = set()
    for some in blocks.values():
        if 1 < len(some) <= MOST_OF_A_BLOCK:
            found.update((min(pair), max(pair)) for pair in combinations(some, 2))
    return found


def _judge(kind: str, one: _Facts, other: _Facts) -> tuple[int, list[str]]:
    same_names = one.names == other.names
    within = (
        not same_names and (one.names < other.names or other.names < one.names) and len(one.names & other.names) > 1
    )
    alike = SequenceMatcher(None, one.first_name, other.first_name).ratio() >= ALIKE
    shared = {name for name in one.marks if one.marks[name] & other.marks[name]}
    both = {name for name in one.marks if one.marks[name] and other.marks[name]}
    if not alike and "number" not in shared and not same_names:
        return 0, []
    score, reasons = 0, []
    weights = _WEIGHTS[Kind(kind)]
    for name, (points, against, words) in weights.items():
        if name in shared:
            score += points
            reasons.append(str(words()))
        elif name in both:
            score -= against
    if same_names:
        score += 50
        reasons.insert(0, _("the same names"))
    elif within:
        score += 40
        reasons.insert(0, _("the same names, one with more of them"))
    elif alike:
        score += 20 + (15 if one.names & other.names - {one.first_name} else 0)
        reasons.insert(0, _("first names alike"))
    return max(0, min(score, 99)), reasons


_WEIGHTS: dict[Kind, dict[str, tuple[int, int, Any]]] = {
    Kind.STUDENT: {
        "born": (40, 60, lambda: _("born on the same day")),
        "phone": (20, 0, lambda: _("a guardian with the same phone")),
        "number": (70, 0, lambda: _("the same official number")),
    },
    Kind.GUARDIAN: {
        "phone": (45, 10, lambda: _("the same phone")),
        "email": (40, 0, lambda: _("the same e-mail")),
        "home": (15, 0, lambda: _("the same household")),
        "child": (25, 0, lambda: _("the same child")),
    },
}


def _students() -> dict[UUID, _Facts]:
    phones = _by_student(Guardianship.objects.exclude(guardian__phone="").values_list("student_id", "guardian__phone"))
    numbers = _by_student(
        (student, (kind, text.bare_number(match)))
        for student, kind, match in StudentIdentifier.objects.values_list("student_id", "type", "match")
    )
    rows = Student.objects.order_by().values_list("pk", "first_name", "middle_name", "last_name", "date_of_birth")
    return {
        pk: _Facts(
            _names(*names), text.search_form(names[0]),
            {"born": {born} if born else set(), "phone": phones[pk], "number": numbers[pk]},
        )
        for pk, *names, born in rows
    }  # fmt: skip


def _guardians() -> dict[UUID, _Facts]:
    children = _by_student(Guardianship.objects.values_list("guardian_id", "student_id"))
    rows = Guardian.objects.order_by().values_list(
        "pk", "first_name", "middle_name", "last_name", "phone", "email", "household_id"
    )
    return {
        pk: _Facts(
            _names(first, middle, last), text.search_form(first),
            {
                "phone": {phone} if phone else set(), "email": {email.lower()} if email else set(),
                "home": {home} if home else set(), "child": children[pk],
            },
        )
        for pk, first, middle, last, phone, email, home in rows
    }  # fmt: skip


def _names(*parts: str) -> frozenset[str]:
    return frozenset(word for part in parts for word in text.search_form(part).split())


def _by_student(rows: Iterable[tuple[Any, Any]] | Iterator[tuple[Any, Any]]) -> defaultdict[UUID, set[Hashable]]:
    found: defaultdict[UUID, set[Hashable]] = defaultdict(set)
    for pk, value in rows:
        found[pk].add(value)
    return found
