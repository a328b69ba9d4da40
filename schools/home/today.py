"""The line under the date: where in the term the school stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from identity import roles
from identity.models import User
from schools.academics import queries as academics
from schools.academics.models import Term
from schools.people import queries as people
from schools.people.choices import StudentStatus

SOON_DAYS = 14
NOON, EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class Head:
    """The top of somebody's home page."""

    title: str
    above: str
    meta: str


def head_for(user: User, at: datetime) -> Head:
    """The office opens a desk with date and figures; everybody else is greeted."""
    now = timezone.localtime(at)
    day = date_format(now, "l j F")
    if user.has_role(roles.HEAD, roles.REGISTRAR, roles.BURSAR):
        facts = [*term_facts(now.date()), *_figures(user)]
        return Head(f"{day}, {date_format(now, 'G:i')}", "", " · ".join(facts))
    facts = [day, *_where(now.date())] if user.has_role(roles.TEACHER) else [day]
    return Head(_greeting(now.hour) % {"name": user.first_name}, " · ".join(facts), "")


def term_facts(day: date) -> list[str]:
    """What the calendar says of a day: the term and its week, then what is near."""
    term = academics.term_on(day)
    if term is None:
        ahead = academics.term_after(day)
        if ahead is None:
            return [_("No term is planned")]
        opens = date_format(ahead.starts_on, "l j F")
        return [_("Holidays"), _("%(term)s opens on %(day)s") % {"term": ahead.name, "day": opens}]
    week = _("%(term)s, week %(week)s of %(weeks)s") % {
        "term": term.name,
        "week": term.week_of(day),
        "weeks": term.weeks,
    }
    return [week, *_near(term, day)]


def _near(term: Term, day: date) -> list[str]:
    first, last = term.half_term_starts_on, term.half_term_ends_on
    if first is not None and last is not None:
        if first <= day <= last:
            return [_("half-term until %(day)s") % {"day": date_format(last, "l j F")}]
        days = (first - day).days
        if 0 < days <= SOON_DAYS:
            return [ngettext("half-term in %(n)s day", "half-term in %(n)s days", days) % {"n": days}]
    days = (term.ends_on - day).days
    if 0 <= days <= SOON_DAYS:
        return [
            _("closes today")
            if days == 0
            else ngettext("closes in %(n)s day", "closes in %(n)s days", days) % {"n": days}
        ]
    return []


def _where(day: date) -> list[str]:
    """The term and its week in as few words as a phone has room for."""
    term = academics.term_on(day)
    if term is None:
        return term_facts(day)[:1]
    return [_("%(term)s, week %(week)s") % {"term": term.name, "week": term.week_of(day)}]


def _figures(user: User) -> list[str]:
    learners = people.visible_to(user).filter(status=StudentStatus.ENROLLED).count()
    return [ngettext("%(n)s learner", "%(n)s learners", learners) % {"n": f"{learners:,}"}]


def _greeting(hour: int) -> str:
    if hour < NOON:
        return _("Good morning, %(name)s")
    return _("Good afternoon, %(name)s") if hour < EVENING else _("Good evening, %(name)s")
