"""Names and numbers brought to one form, so that search and matching need no database extension."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def squash(value: str) -> str:
    """Trim and fold white space: what a person typed, without the accidents."""
    return _SPACES.sub(" ", value).strip()


def printable(value: str) -> str:
    """Without NUL and other characters that no name holds, and that PostgreSQL may refuse."""
    return "".join(c if c.isprintable() else " " for c in value)


def tidy(value: str) -> str:
    """One line as it is kept: printable, white space trimmed and folded."""
    return squash(printable(value))


def search_form(value: str) -> str:
    """Lower case, no accents or marks, single spaces: `Wanjikũ  O'Brien` is `wanjiku o brien`."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def match_form(value: str) -> str:
    """An identifier for comparison: upper case, letters and digits only."""
    return re.sub(r"[^A-Z0-9]+", "", unicodedata.normalize("NFKC", value).upper())


def phone(value: str, *, country: str = "254") -> str:
    """A phone number in E.164 (ITU-T), taking a leading 0 as the country's own; raises ValueError.

    `0722 418 093`, `722418093`, `254722418093` and `+254 722 418 093` are one number.
    """
    digits = re.sub(r"[\s().\-/]", "", value)
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = country + digits[1:]
    elif len(digits) == 9:
        digits = country + digits
    if not digits.isascii() or not digits.isdigit() or not 8 <= len(digits) <= 15:
        raise ValueError(f"{value} is not a phone number.")
    return f"+{digits}"


def bare_number(value: str) -> str:
    """An identifier as people mistype it: `match_form` without the zeros that lead each run of digits.

    `A007`, `a 7` and `A-07` are one number. For finding what was meant, never for telling two apart.
    """
    parts = re.findall(r"[A-Z]+|[0-9]+", unicodedata.normalize("NFKC", value).upper())
    return ".".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)
