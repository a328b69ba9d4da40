"""What papers add to the students' list and profile."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from identity import roles
from identity.access import user_of
from schools.academics import acts
from schools.papers import policies, queries
from schools.people import directory
from schools.people.models import Student


def register() -> None:
    """Called once, when the apps are ready."""
    directory.act(directory.Act("cards", _("ID cards"), "card", "papers:cards", roles.OFFICE, 80, bulk=True))
    directory.act(directory.Act("letter", _("Issue a letter"), "report", "papers:issue", roles.OFFICE, order=70))
    acts.register(acts.Act("papers", _("Cards and lists"), "card", "papers:of_class", roles.OFFICE))
    directory.panel(
        directory.Panel(
            "papers", "papers/panel.html", _papers, (*roles.OFFICE, roles.GUARDIAN, roles.STUDENT), 85, "side"
        )
    )
    directory.words("card.issued", "card", _("ID card given out"))
    directory.words("card.ended", "card", _("ID card ended"))
    directory.words("letter.issued", "report", _("Letter issued"))
    directory.words("letter.revoked", "report", _("Letter revoked"))
    directory.words("letter.shared", "report", _("Letter shown to the guardians"))


def _papers(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    user = user_of(request)
    letters = list(queries.letters_visible_to(user).filter(student=student)[:20])
    card = queries.open_cards([student.pk]).get(student.pk) if policies.may_print(user) else None
    if not letters and card is None:
        return None
    valid = card is not None and queries.shown_of(card, clock.today()) is not None
    return {"letters": letters, "card": card, "card_is_valid": valid, "may_issue": policies.may_issue(user)}
