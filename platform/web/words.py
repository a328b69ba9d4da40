"""The few sentences that scripts say; they reach the page as JSON so that they are translated like all others."""

from django.utils.translation import gettext as _


def for_scripts() -> dict[str, str]:
    """Key to sentence in the reader's language; `{n}`, `{max}` and the like are filled in by the script."""
    return {
        "absent": _("AB"),
        "cancel": _("Not now"),
        "chosen": _("{n} chosen"),
        "close": _("Close"),
        "confirm": _("Yes, do it"),
        "failed": _("It did not work. Try again."),
        "fileTooBig": _("This file is larger than {max} MB. Choose a smaller one."),
        "markOf": _("{mark} of {max} = {percent} %"),
        "markNone": _("no mark, out of {max}"),
        "markMoreThan": _("{value} is more than {max}. Type 0 to {max}, or {absent} for absent."),
        "markNotNumber": _("{value} is not a mark. Type 0 to {max}, or {absent} for absent."),
        "noResults": _("Nothing found for “{q}”"),
        "offline": _("No signal"),
        "pasted": _("{n} marks pasted"),
        "presentLeft": _("Mark {n} present"),
        "allMarked": _("All are marked"),
        "saved": _("Sent to the school"),
        "saving": _("Saving {n}"),
        "toCorrect": _("{n} to correct"),
        "undo": _("Undo"),
        "undone": _("Undone"),
        "unsaved": _("Not saved yet"),
        "waiting": _("On this page, will be sent"),
    }
