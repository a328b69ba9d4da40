"""What a student's file adds to the profile, the list and the home pages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import clock
from identity import roles
from identity.access import user_of
from identity.models import User
from schools.people import directory
from schools.people.models import Student
from schools.records import queries, services
from schools.records.choices import Purpose
from schools.records.pages import documents, file
from web import tiles

_FAMILY = (roles.GUARDIAN, roles.STUDENT)


def register() -> None:
    """Called once, when the apps are ready."""
    care = (roles.HEAD, roles.REGISTRAR, roles.TEACHER, *_FAMILY)
    directory.tab(directory.Tab("care", _("Care"), "records/care.html", file.care_tab, care, order=60))
    directory.tab(
        directory.Tab(
            "consent", _("Consent"), "records/consent.html", file.consent_tab, (*roles.OFFICE, roles.GUARDIAN), 65
        )
    )
    directory.tab(
        directory.Tab(
            "documents", _("Documents"), "records/documents.html", documents.tab, (*roles.OFFICE, *_FAMILY), 70
        )
    )
    directory.panel(directory.Panel("alerts", "records/alerts.html", _alerts, roles.STAFF, order=1))
    directory.staff_panel(directory.StaffPanel("documents", "records/staff_documents.html", documents.staff_panel, 80))
    directory.witness(_note)
    directory.words("care.changed", "heart", _("Care record changed"))
    directory.words("alert.added", "alert", _("Alert added"))
    directory.words("alert.ended", "alert", _("Alert ended"))
    directory.words("consent.given", "check", _("Consent given"))
    directory.words("consent.refused", "x", _("Consent refused"))
    directory.words("document.added", "report", _("Document added"))
    directory.words("document.removed", "report", _("Document removed"))
    tiles.register(tiles.Tile("records.own", _FAMILY, "records/tiles/own.html", _own, 60, "side"))
    tiles.register(tiles.Tile("records.expiring", roles.OFFICE, "records/tiles/expiring.html", _expiring, 45, "side"))


def _own(request: HttpRequest) -> dict[str, Any] | None:
    """For a family: the newest papers of the children, and those that expire."""
    found = list(queries.documents_visible_to(user_of(request)).order_by("-created_at", "-pk")[:5])
    return {"documents": found, "today": clock.today()} if found else None


def _note(student: Student, what: str, user: User, at: datetime) -> None:
    services.note_look(student=student, groups=[what], by=user, at=at)


def _alerts(request: HttpRequest, student: Student) -> dict[str, Any] | None:
    """What stands out: alerts, and a refused consent to photos."""
    alerts = queries.alerts_of(user_of(request), [student.pk], clock.today()).get(student.pk, [])
    no_photo = bool(queries.refused([student.pk], Purpose.PHOTO_PUBLIC))
    return {"alerts": alerts, "no_photo": no_photo} if alerts or no_photo else None


def _expiring(request: HttpRequest) -> dict[str, Any] | None:
    found = list(queries.expiring(user_of(request), clock.today())[:6])
    return {"documents": found, "today": clock.today()} if found else None
