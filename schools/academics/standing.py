"""Where in its calendar the school stands, for the line under its name."""

from django.utils.translation import gettext as _

from core import clock
from schools.academics import queries


def told() -> str:
    """`Term 3, week 7` on a day of a term; nothing in the holidays."""
    day = clock.today()
    term = queries.term_on(day)
    if term is None:
        return ""
    return _("%(term)s, week %(week)s") % {"term": term.name, "week": term.week_of(day)}
