"""What the school says of itself: name, motto, place, contacts, colour, emblem, logo."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core import scope, storage, text
from core.errors import DomainError
from identity.models import Language, User
from schools.home import logos
from tenants import context, lifecycle
from web import colour

EMBLEMS = ("sun", "book", "tree", "star")
LONGEST = {"name": 120, "short_name": 30, "motto": 120, "place": 60, "address": 200, "website": 200}


@dataclass(frozen=True, slots=True)
class Profile:
    """The words of a school; empty ones are not shown."""

    name: str
    short_name: str = ""
    motto: str = ""
    place: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = Language.ENGLISH.value


def profile() -> Profile:
    """What the school says of itself now."""
    here = scope.current_school()
    known = {f.name: str(here.facts[f.name]) for f in fields(Profile) if f.name != "name" and here.facts.get(f.name)}
    return Profile(name=here.name, **known)


def describe(*, wanted: Profile, by: User, at: datetime) -> None:
    """Change the words of the school; raises DomainError naming each field that cannot stay so."""
    tidy = {key: text.squash(value) for key, value in asdict(wanted).items()}
    errors: dict[str, list[str]] = {}
    if len(tidy["name"]) < 2:
        errors["name"] = [_("Type the school's name.")]
    for key, most in LONGEST.items():
        if len(tidy.get(key, "")) > most:
            errors[key] = [_("This is too long: %(most)s characters at most.") % {"most": most}]
    if tidy["phone"]:
        try:
            tidy["phone"] = text.phone(tidy["phone"])
        except ValueError:
            errors["phone"] = [_("This is not a phone number. It looks like 0722 418 093.")]
    if tidy["email"]:
        try:
            validate_email(tidy["email"])
        except ValidationError:
            errors["email"] = [_("This is not an e-mail address. It looks like name@example.com.")]
    if tidy["language"] not in Language.values:
        errors["language"] = [_("Choose one of the languages.")]
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    _present(tidy.pop("name"), {key: value or None for key, value in tidy.items()}, by=by, at=at)


def dress(*, accent: str, emblem: str, by: User, at: datetime) -> None:
    """Choose the crest's colour and emblem; raises DomainError with the contrast when it would not be seen."""
    try:
        accent = colour.check_accent(accent)
    except ValidationError as error:
        raise DomainError(error.messages[0], errors={"accent": error.messages}) from None
    if emblem not in EMBLEMS:
        raise DomainError(_("Choose one of the emblems."), errors={"emblem": [_("Choose one of the emblems.")]})
    _present(scope.current_school().name, {"accent": accent, "emblem": emblem}, by=by, at=at)


def hang_logo(*, image: bytes, by: User, at: datetime) -> str:
    """Show this picture in place of the drawn crest; gives back its path. Raises DomainError for what is no picture."""
    content, name = logos.prepare(image)
    before = logo_path()
    path = storage.save(f"{storage.OPEN}/{name}", content)
    _present(scope.current_school().name, {"logo": path}, by=by, at=at)
    _clear(before, keep=path)
    return path


def take_logo_down(*, by: User, at: datetime) -> None:
    """Show the drawn crest again."""
    before = logo_path()
    _present(scope.current_school().name, {"logo": None}, by=by, at=at)
    _clear(before)


def logo_path() -> str:
    """Where the logo lies, or empty."""
    return str(scope.current_school().facts.get("logo", ""))


def told() -> Mapping[str, str]:
    """The fact that pages cannot read as it is kept: the logo's address of this hour."""
    path = logo_path()
    return {"logo_url": storage.url(path)} if path else {}


def _present(name: str, facts: dict[str, Any], *, by: User, at: datetime) -> None:
    """Hand over what is different; what stays the same leaves no line in the trail."""
    here = scope.current_school()
    changed = {key: value for key, value in facts.items() if here.facts.get(key) != value}
    if name != here.name or changed:
        lifecycle.present(school_id=here.id, name=name, facts=changed, by=by, at=at)


def _clear(path: str, *, keep: str = "") -> None:
    """Remove a file that is shown no longer, once that is certain."""
    if not path or path == keep:
        return
    here = scope.current_school()

    def remove() -> None:
        with context.in_school(here):
            storage.delete(path)

    transaction.on_commit(remove)
