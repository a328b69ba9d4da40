"""Who is at a demo school: families and staff, put together by chance that falls the same way each time."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core import text
from schools.demo import baraka, mwangaza, names
from schools.demo.plan import ChildPlan, ClassPlan, FamilyPlan, SchoolPlan, StaffPlan

PLANS = {plan.kind: plan for plan in (mwangaza.PLAN, baraka.PLAN)}
_OPERATORS = (
    *range(710, 730),
    *range(740, 744),
    745,
    746,
    748,
    757,
    758,
    759,
    768,
    769,
    *range(790, 800),
    110,
    111,
    112,
)
_NO_LETTERS_LIKE_DIGITS = "ABCDEFGHJKLMNPQRTUVWXY346789"


@dataclass(frozen=True, slots=True)
class Child:
    """A learner as the roll has it."""

    admission_number: str
    first: str
    middle: str
    last: str
    sex: str
    age: int
    born: tuple[int, int]
    class_name: str
    came: str  # "before", "this year", "term 2", or the class that they moved from
    county: str
    identifiers: tuple[tuple[str, str, bool], ...]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adult:
    """A guardian as the roll has them."""

    first: str
    last: str
    phone: str
    email: str
    language: str
    relationship: str
    sees_portal: bool = True
    may_collect: bool = True
    gets_messages: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """One household with a child at the school."""

    name: str
    address: str
    town: str
    county: str
    children: tuple[Child, ...]
    adults: tuple[Adult, ...]


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff, with a name."""

    number: str
    first: str
    last: str
    sex: str
    phone: str
    tsc_number: str
    plan: StaffPlan


@lru_cache(maxsize=8)
def staff(plan: SchoolPlan) -> tuple[Worker, ...]:
    """Everybody who works at the school, in the order of the plan."""
    chance = random.Random(f"{plan.kind}:staff")  # noqa: S311
    phones = _Phones(chance, ())
    workers: list[Worker] = []
    taken = {found.name for found in plan.staff}
    for place, found in enumerate(plan.staff, start=1):
        sex = found.sex or chance.choice("FFM" if plan.girls_only else "FM")
        name = found.name
        while not name:
            people = names.community(chance)
            invented = f"{names.first_name(chance, people, sex)} {chance.choice(people.male)}"
            name = "" if invented in taken else invented
        taken.add(name)
        first, last = name.split()
        tsc = str(chance.randint(420_000, 989_999)) if "Teacher" in found.title or found.teaches else ""
        workers.append(Worker(f"S{place:03d}", first, last, sex, phones.next(), tsc, found))
    return tuple(workers)


def size(plan: SchoolPlan, school_class: ClassPlan, scale: int) -> int:
    """How many learners a class has in a school `scale` times smaller; those known by name stay."""
    known = sum(child.class_name == school_class.name for family in plan.families for child in family.children)
    return max(known, school_class.size // scale, 1)


@lru_cache(maxsize=8)
def families(plan: SchoolPlan, scale: int = 1) -> tuple[Family, ...]:
    """Every household of the school; their children fill its classes exactly."""
    return tuple(_Roll(plan, scale).fill())


class _Phones:
    """Numbers that nobody else on the roll has."""

    def __init__(self, chance: random.Random, taken: tuple[str, ...]) -> None:
        self._chance, self._taken = chance, set(taken)

    def next(self) -> str:
        """A fresh number in E.164."""
        while True:
            number = f"+254{self._chance.choice(_OPERATORS)}{self._chance.randint(100_000, 999_999)}"
            if number not in self._taken:
                self._taken.add(number)
                return number


class _Roll:
    """Fills the classes of one school with families."""

    def __init__(self, plan: SchoolPlan, scale: int) -> None:
        self._plan = plan
        self._chance = random.Random(f"{plan.kind}:roll:{scale}")  # noqa: S311
        self._free = {found.name: size(plan, found, scale) for found in plan.classes}
        self._taken: dict[str, set[str]] = {found.name: set() for found in plan.classes}
        self._codes: set[str] = {child.upi for family in plan.families for child in family.children}
        known = [text.phone(adult.phone) for family in plan.families for adult in family.adults]
        self._phones = _Phones(self._chance, tuple(known))
        self._numbers = dict(self._blocks())

    def fill(self) -> Iterator[Family]:
        """Known families first, then invented ones until no place is free."""
        for plan in self._plan.families:
            for child in plan.children:
                self._free[child.class_name] -= 1
        for plan in self._plan.families:
            yield self._family(plan)
        while any(self._free.values()):
            yield self._family(self._invented())

    def _blocks(self) -> Iterator[tuple[str, list[str]]]:
        """Admission numbers of each class: the oldest classes came first. Known numbers stay with their owners."""
        known = {child.admission_number for family in self._plan.families for child in family.children}
        number = self._plan.first_number
        levels = list(dict.fromkeys(found.level for found in self._plan.classes))
        for level in reversed(levels):
            for school_class in (found for found in self._plan.classes if found.level == level):
                block = [f"{self._plan.prefix}{n}" for n in range(number, number + school_class.size)]
                number += school_class.size
                block = [found for found in block if found not in known]
                self._chance.shuffle(block)
                yield school_class.name, block

    def _invented(self) -> FamilyPlan:
        """A family of one to four children in different grades, as far as places are free."""
        chance = self._chance
        wanted = chance.choices((1, 2, 3, 4), weights=self._plan.siblings)[0]
        chosen: list[ClassPlan] = []
        for _child in range(wanted):
            open_to = [
                found
                for found in self._plan.classes
                if self._free[found.name] and all(found.level.age != other.level.age for other in chosen)
            ]
            if not open_to:
                break
            found = chance.choices(open_to, weights=[self._free[place.name] for place in open_to])[0]
            self._free[found.name] -= 1
            chosen.append(found)
        community = chance.choices(list(names.WEIGHTS), weights=list(names.WEIGHTS.values()))[0]
        people = names.COMMUNITIES[community]
        last = chance.choice(people.male)
        children: list[ChildPlan] = []
        for place in sorted(chosen, key=lambda found: -found.level.age):
            sex = "F" if self._plan.girls_only else chance.choice("FM")
            name = self._unused(place.name, people, sex, last, {child.name.split()[0] for child in children})
            children.append(ChildPlan(name, sex, place.name, community))
        return FamilyPlan(tuple(children))

    def _unused(self, class_name: str, people: names.Community, sex: str, last: str, siblings: set[str]) -> str:
        """A first and last name that no classmate and no sibling has, as far as twenty tries go."""
        name = ""
        for _try in range(20):
            first = names.first_name(self._chance, people, sex)
            name = f"{first} {last}"
            if first not in siblings and first != last and name not in self._taken[class_name]:
                break
        return name

    def _family(self, plan: FamilyPlan) -> Family:
        chance = self._chance
        people = names.COMMUNITIES[plan.children[0].community]
        last = plan.children[0].name.split()[-1]
        county = chance.choice(people.counties)
        adults = tuple(self._known_adults(plan)) or tuple(self._adults(people, last))
        return Family(
            name=f"{last} family",
            address=f"P.O. Box {chance.randint(11, 19_999)}",
            town=chance.choice(self._plan.towns),
            county=county,
            children=tuple(self._child(child, county) for child in plan.children),
            adults=adults,
        )

    def _child(self, plan: ChildPlan, county: str) -> Child:
        chance = self._chance
        place = self._plan.class_named(plan.class_name)
        people = names.COMMUNITIES[plan.community]
        first, *middle, last = plan.name.split()
        self._taken[plan.class_name].add(f"{first} {last}")
        entry = place.level == self._plan.classes[0].level
        came = "this year" if entry else chance.choices(("before", "this year", "term 2"), weights=(93, 5, 2))[0]
        other = [found.name for found in self._plan.classes if found.level == place.level and found != place]
        if came == "before" and not plan.admission_number and chance.random() < 0.008:
            came = chance.choice(other)
        sets = self._plan.optional(place.level)
        return Child(
            admission_number=plan.admission_number or self._numbers[plan.class_name].pop(),
            first=first,
            middle=" ".join(middle) or names.own_name(chance, people, plan.sex, but=last),
            last=last,
            sex=plan.sex,
            age=place.level.age,
            born=plan.born or (chance.randint(1, 12), chance.randint(1, 28)),
            class_name=plan.class_name,
            came="before" if plan.admission_number else came,
            county=county,
            identifiers=tuple(self._identifiers(plan, place.level.age)),
            options=chance.choice(sets) if sets else (),
        )

    def _identifiers(self, plan: ChildPlan, age: int) -> Iterator[tuple[str, str, bool]]:
        """Kind, number, and whether the office has seen it on paper."""
        chance = self._chance
        upi, knec, certificate, seen = (
            self._code(),
            f"B{chance.randint(0, 9_999_999):09d}",
            self._digits(),
            chance.random(),
        )
        if plan.upi or chance.random() < 0.93:
            yield "upi", plan.upi or upi, True
        if plan.knec or (age >= 8 and chance.random() < 0.96):
            yield "knec_assessment", plan.knec or knec, True
        if chance.random() < 0.9:
            yield "birth_certificate", certificate, seen < 0.8

    def _code(self) -> str:
        return self._once(lambda: "".join(self._chance.choices(_NO_LETTERS_LIKE_DIGITS, k=6)))

    def _digits(self) -> str:
        return self._once(lambda: str(self._chance.randint(10_000_000, 99_999_999)))

    def _once(self, make: Callable[[], str]) -> str:
        while (code := make()) in self._codes:
            pass
        self._codes.add(code)
        return code

    def _known_adults(self, plan: FamilyPlan) -> Iterator[Adult]:
        for found in plan.adults:
            first, last = found.name.split()
            yield Adult(
                first=first,
                last=last,
                phone=text.phone(found.phone),
                email="",
                language=found.language,
                relationship=found.relationship,
                sees_portal=found.sees_portal,
                may_collect=found.may_collect,
                gets_messages=found.gets_messages,
            )

    def _adults(self, people: names.Community, last: str) -> Iterator[Adult]:
        together = (("mother", "father"), ("mother",), ("father",), ("grandparent",), ("aunt_uncle",))
        for relationship in self._chance.choices(together, weights=(56, 27, 7, 6, 4))[0]:
            yield self._adult(people, last, relationship)
        if self._chance.random() < 0.12:
            yield self._adult(people, last, "aunt_uncle", helper=True)

    def _adult(self, people: names.Community, last: str, relationship: str, *, helper: bool = False) -> Adult:
        chance = self._chance
        sex = {"mother": "F", "father": "M"}.get(relationship) or chance.choice("FFM")
        first = names.first_name(chance, people, sex)
        while first == last:
            first = names.first_name(chance, people, sex)
        own = chance.choice(people.female if sex == "F" else people.male)
        family_name = own if relationship == "aunt_uncle" and own != first else last
        mail = f"{text.match_form(first)}.{text.match_form(family_name)}{chance.randint(2, 99)}@mail.example".lower()
        return Adult(
            first=first,
            last=family_name,
            phone=self._phones.next(),
            email=mail if chance.random() < 0.4 else "",
            language="sw" if chance.random() < 0.35 else "en",
            relationship=relationship,
            sees_portal=not helper,
            gets_messages=not helper,
        )
