"""What assessment adds to students' pages: a panel and a tab."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from identity import roles
from identity.access import user_of
from schools.assessment import queries
from schools.people import directory
from schools.people.models import Student

SEEN_BY = (roles.HEAD, roles.REGISTRAR, roles.TEACHER, roles.GUARDIAN, roles.STUDENT)


def register() -> None:
    """Called when the app is ready."""
    directory.panel(directory.Panel("marks", "assessment/panel.html", _panel, SEEN_BY, 20))
    directory.tab(directory.Tab("marks", gettext_lazy("Marks"), "assessment/tab.html", _tab, SEEN_BY, 30))


def _panel(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    return {"trends": queries.trends(user_of(request), student)}


def _tab(request: HttpRequest, student: Student) -> dict[str, Any]:
    user = user_of(request)
    return {"trends": queries.trends(user, student), "sheets": queries.sheets(user, student)}
