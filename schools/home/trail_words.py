"""How an audited act reads: the thing, then what was done."""

from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

_ = gettext_lazy
THINGS: dict[str, StrOrPromise] = {
    "api_client": _("OAuth client"),
    "api_key": _("API key"),
    "assessment": _("Assessment"),
    "attendance": _("Attendance"),
    "class": _("Class"),
    "demo": _("Demo"),
    "enrolment": _("Class of a student"),
    "grade_level": _("Grade level"),
    "guardian": _("Guardian"),
    "guardianship": _("Guardian of a student"),
    "holiday": _("Holiday"),
    "household": _("Household"),
    "identifier": _("Number of a student"),
    "import": _("Import"),
    "mark": _("Mark"),
    "marks": _("Marks"),
    "photo": _("Photo"),
    "register": _("Register"),
    "scale": _("Grading scale"),
    "school": _("School"),
    "staff": _("Staff"),
    "stream": _("Stream"),
    "student": _("Student"),
    "subject": _("Subject"),
    "teaching_group": _("Teaching group"),
    "term": _("Term"),
    "user": _("Account"),
    "year": _("School year"),
}
ACTS: dict[str, StrOrPromise] = {
    "added": _("added"),
    "admitted": _("admitted"),
    "archive_asked": _("archive asked for"),
    "archived": _("archived"),
    "brought_in": _("brought in from a file"),
    "brought_forward": _("brought forward"),
    "brought_forward_removed": _("no longer brought forward"),
    "changed": _("changed"),
    "closed": _("closed"),
    "created": _("made"),
    "deactivated": _("closed"),
    "dropped": _("taken back"),
    "ended": _("ended"),
    "entered": _("entered"),
    "export_asked": _("export asked for"),
    "export_fetched": _("export fetched"),
    "invited": _("invited"),
    "issued": _("issued"),
    "made_read_only": _("made read-only"),
    "marked": _("marked"),
    "moved": _("moved"),
    "opened": _("opened"),
    "password_changed": _("password changed"),
    "presented": _("profile or look changed"),
    "published": _("published"),
    "refused": _("refused"),
    "removed": _("removed"),
    "reopened": _("opened again"),
    "renamed": _("at a new address"),
    "requested": _("requested"),
    "reset_asked": _("asked for a new password"),
    "restored": _("restored from a backup"),
    "resumed": _("opened again"),
    "revoked": _("ended"),
    "roles_changed": _("roles changed"),
    "signed_in": _("signed in"),
    "signed_out_everywhere": _("signed out everywhere"),
    "suspended": _("suspended"),
    "taken": _("taken"),
    "undone": _("undone"),
    "uploaded": _("uploaded"),
    "withdrawn": _("withdrawn"),
}


def sentence(action: str) -> str:
    """`student.changed` as "Student changed"; an act without words of its own is spelled out."""
    thing, _dot, act = action.partition(".")
    return gettext("%(thing)s %(act)s") % {
        "thing": THINGS.get(thing) or thing.replace("_", " ").capitalize(),
        "act": ACTS.get(act) or act.replace("_", " "),
    }
