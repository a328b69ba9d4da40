"""The platform's trail in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from audit.models import Entry
from tenants.models import State

LONGEST = 160
ICONS = {
    "school.suspended": "lock",
    "school.resumed": "check",
    "school.made_read_only": "eye",
    "school.opened": "check",
    "school.requested": "plus",
    "sign_up.confirmed": "message",
    "sign_up.approved": "check",
    "sign_up.refused": "x",
    "school.set_up_again": "undo",
    "school.head_invited": "message",
    "school.archived": "server",
    "school.brought_back": "check",
    "school.renamed": "pen",
    "school.limits_changed": "pen",
    "school.restored": "undo",
    "school.erasure_confirmed": "trash",
    "school.erased": "trash",
    "school.export_asked": "download",
    "school.archive_asked": "download",
    "job.discarded": "trash",
    "job.retried": "undo",
    "user.signed_in": "user",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it is told."""

    at: datetime
    who: str
    what: str
    thing: str
    icon: str
    changes: tuple[str, ...]
    sealed: bool


def line(entry: Entry) -> Line:
    """An entry of the trail in words."""
    named = entry.changes.get("name", "") if entry.object_type == "core.job" else entry.object_name
    return Line(
        at=entry.at,
        who=entry.actor_name,
        what=_sentence(entry.action),
        thing=str(named),
        icon=ICONS.get(entry.action, "pen"),
        changes=tuple(_changes(entry.changes)) if entry.object_type != "core.job" else (),
        sealed=entry.seal_number is not None,
    )


def _sentence(action: str) -> str:
    known = {
        "sign_up.confirmed": _("A school asks to be taken in"),
        "sign_up.approved": _("School taken in"),
        "sign_up.refused": _("School not taken in"),
        "school.requested": _("School asked for"),
        "school.opened": _("School opened"),
        "school.suspended": _("School suspended"),
        "school.resumed": _("School opened again"),
        "school.made_read_only": _("School made read-only"),
        "school.set_up_again": _("Set-up tried again"),
        "school.head_invited": _("Head invited again"),
        "school.archive_begun": _("School on its way to the archive"),
        "school.archived": _("School archived"),
        "school.bring_back_asked": _("Archived school asked back"),
        "school.brought_back": _("Archived school opened again"),
        "school.brought_in": _("School brought in from a file"),
        "school.renamed": _("School has a new address"),
        "school.limits_changed": _("Limits changed"),
        "school.export_asked": _("Export asked for"),
        "school.export_fetched": _("Export fetched"),
        "school.archive_asked": _("Archive asked for"),
        "school.restore_asked": _("Earlier self loaded beside the school"),
        "school.restore_discarded": _("Earlier self thrown away"),
        "school.restored": _("School restored"),
        "school.erasure_asked": _("End of the school asked for"),
        "school.erasure_confirmed": _("End of the school confirmed"),
        "school.erasure_taken_back": _("End of the school taken back"),
        "school.erased": _("School erased"),
        "school.canary_chosen": _("Gets new versions first"),
        "school.canary_released": _("Gets new versions with the others"),
        "fleet.paused": _("New version paused"),
        "fleet.resumed": _("New version goes on"),
        "fleet.retried": _("New version tried again"),
        "job.retried": _("Job tried again"),
        "job.discarded": _("Job discarded"),
        "user.signed_in": _("Signed in"),
        "user.created": _("Account made"),
        "user.invited": _("Account invited"),
        "user.password_changed": _("Password changed"),
        "user.deactivated": _("Account closed"),
        "api_key.issued": _("API key issued"),
        "api_key.revoked": _("API key ended"),
    }
    return known.get(action, action.replace(".", " ").replace("_", " "))


def _changes(changes: Mapping[str, Any]) -> Iterator[str]:
    """What changed, without the empty; states in their words."""
    words = {state.value: str(state.label) for state in State}
    for field, value in changes.items():
        if isinstance(value, list) and len(value) == 2 and field == "state":
            yield f"{words.get(value[0], value[0])} → {words.get(value[1], value[1])}"
        elif isinstance(value, list):
            yield _short(", ".join(map(str, value)))
        elif value:
            yield _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
