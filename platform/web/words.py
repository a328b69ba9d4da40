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
        "days": _("{n} days"),
        "discard": _("Discard"),
        "discardTitle": _("Discard this for good?"),
        "failed": _("It did not work. Try again."),
        "fileTooBig": _("This file is larger than {max} MB. Choose a smaller one."),
        "hours": _("{n} h"),
        "leaveDo": _("Sign out"),
        "leaveText": _("{n} not sent yet. It stays on this phone and is sent when you sign in here again."),
        "leaveTitle": _("Sign out before it is sent?"),
        "markOf": _("{mark} of {max} = {percent} %"),
        "markNone": _("no mark, out of {max}"),
        "markMoreThan": _("{value} is more than {max}. Type 0 to {max}, or {absent} for absent."),
        "markNotNumber": _("{value} is not a mark. Type 0 to {max}, or {absent} for absent."),
        "minutes": _("{n} min"),
        "needsYou": _("{n} need you"),
        "noResults": _("Nothing found for “{q}”"),
        "noRoom": _("This phone has no room to keep it. Do not close the page; save again with signal."),
        "offline": _("No signal"),
        "onPhone": _("On this phone, will be sent"),
        "pasted": _("{n} marks pasted"),
        "presentLeft": _("Mark {n} present"),
        "allMarked": _("All are marked"),
        "refused": _("Not taken"),
        "saved": _("Sent to the school"),
        "saving": _("Saving {n}"),
        "savedInPart": _("Saved in part"),
        "signInToSend": _("On this phone. Sign in to send"),
        "smsParts": _("{units} characters, SMS parts: {n}"),
        "smsPartsUnicode": _(
            "{units} characters, SMS parts: {n}. A sign outside the SMS alphabet makes parts shorter."
        ),
        "toCorrect": _("{n} to correct"),
        "undo": _("Undo"),
        "undone": _("Undone"),
        "unsent": _("{n} on this phone, {age} old"),
        "unsaved": _("Not saved yet"),
        "waiting": _("On this page, will be sent"),
        "willBeSent": _("Will be sent"),
    }
