"""What a key or token may be limited to, offered to whoever issues them."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from identity import scopes

RESOURCES = {
    "students": _("students"),
    "guardians": _("guardians"),
    "staff": _("staff"),
    "classes": _("classes"),
    "teaching-groups": _("teaching groups"),
    "subjects": _("subjects"),
    "terms": _("terms"),
    "enrolments": _("enrolments"),
    "attendance-registers": _("attendance registers"),
    "assessments": _("assessments"),
    "marks": _("marks"),
    "grading-scales": _("grading scales"),
    "academic-years": _("academic years"),
    "alerts": _("alerts"),
    "announcements": _("notices"),
    "applications": _("applications"),
    "bulk-actions": _("bulk acts"),
    "consents": _("consents"),
    "documents": _("documents"),
    "grade-levels": _("grade levels"),
    "guardianships": _("guardians’ rights"),
    "holidays": _("holidays"),
    "households": _("households"),
    "houses": _("houses"),
    "leave-requests": _("leave"),
    "letters": _("letters"),
    "streams": _("streams"),
    "courses": _("courses"),
    "curricula": _("curricula"),
    "option-blocks": _("options"),
    "transfers": _("transfers"),
    "student-identifiers": _("students’ numbers"),
}


def register() -> None:
    """Offer `<resource>:read` and `<resource>:write` for every resource of the API."""
    for name, label in RESOURCES.items():
        scopes.register(f"{name}:read", format_lazy(_("Read {what}"), what=label))
        scopes.register(f"{name}:write", format_lazy(_("Write {what}"), what=label))


def every(*, write: bool = True) -> list[str]:
    """All scopes of the API, or only the reading ones."""
    return [name for name in scopes.all() if write or name.endswith(":read")]
