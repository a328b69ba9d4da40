"""Cells of people's files: names, days, phones, words of choices."""

import re
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from core import text
from schools.imports.batch import Wrong
from schools.people import choices

_DAYS = (
    re.compile(r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?$"),
    re.compile(r"^(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})$"),
)
_SEXES = {
    "F": choices.Sex.FEMALE,
    "FEMALE": choices.Sex.FEMALE,
    "GIRL": choices.Sex.FEMALE,
    "KE": choices.Sex.FEMALE,
    "MSICHANA": choices.Sex.FEMALE,
    "M": choices.Sex.MALE,
    "MALE": choices.Sex.MALE,
    "BOY": choices.Sex.MALE,
    "ME": choices.Sex.MALE,
    "MVULANA": choices.Sex.MALE,
    "U": choices.Sex.UNKNOWN,
}


def names(whole: str) -> dict[str, str]:
    """First, middle and last names out of one column; one word alone is a first name."""
    parts = whole.split()
    if not parts:
        return {}
    if len(parts) == 1:
        return {"first_name": parts[0]}
    return {"first_name": parts[0], "middle_name": " ".join(parts[1:-1]), "last_name": parts[-1]}


def word(longest: int) -> Callable[[str], str]:
    """Reads one line of at most so many characters."""

    def parse(typed: str) -> str:
        found = text.squash("".join(c if c.isprintable() else " " for c in typed))
        if len(found) > longest:
            raise Wrong(_("This has more than %(n)d characters.") % {"n": longest})
        return found

    return parse


def parse_sex(typed: str) -> str:
    """F or M, in the words that lists use."""
    found = _SEXES.get(text.match_form(typed))
    if found is None:
        raise Wrong(_("%(value)s is not known here. Write F or M.") % {"value": typed[:20]})
    return found.value


def parse_day(typed: str) -> date:
    """A day as 2015-03-04 or 4/3/2015, day before month."""
    for form in _DAYS:
        found = form.match(typed)
        if found is not None:
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
    raise Wrong(_("%(value)s is not a date. Write it like 2015-03-04 or 4/3/2015.") % {"value": typed[:20]})


def parse_boarding(typed: str) -> str:
    """Day or boarder."""
    word = text.match_form(typed)
    if word.startswith(("BOARD", "B")) or word == "BWENI":
        return choices.Boarding.BOARDER.value
    if word.startswith("D") or word == "KUTWA":
        return choices.Boarding.DAY.value
    raise Wrong(_("%(value)s is not known here. Write day or boarder.") % {"value": typed[:20]})


def parse_phone(typed: str) -> str:
    """A phone in E.164."""
    try:
        return text.phone(typed)
    except ValueError:
        words = _("%(value)s is not a phone number. Write it like 0722 418 093, or with + and the country.")
        raise Wrong(words % {"value": typed[:30]}) from None


def parse_relationship(typed: str) -> str:
    """What a guardian is to the student, by its word in either language."""
    word = text.search_form(typed)
    for one in choices.Relationship:
        if word in (text.search_form(one.value), text.search_form(str(one.label))):
            return one.value
    also = {"mum": "mother", "mama": "mother", "dad": "father", "baba": "father", "other": "guardian"}
    if word in also:
        return also[word]
    raise Wrong(
        _("%(value)s is not known here. Write mother, father, guardian, grandparent or sponsor.")
        % {"value": typed[:20]}
    )
