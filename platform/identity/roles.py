"""What somebody may be at a school, or on the platform."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The standing roles; one person may hold several."""

    HEAD = "head", _("Head teacher")
    REGISTRAR = "registrar", _("Registrar")
    TEACHER = "teacher", _("Teacher")
    BURSAR = "bursar", _("Bursar")
    GUARDIAN = "guardian", _("Guardian")
    STUDENT = "student", _("Student")
    OPERATOR = "operator", _("Operator")


HEAD, REGISTRAR, TEACHER, BURSAR, GUARDIAN, STUDENT, OPERATOR = (str(role) for role in Role.values)
SCHOOL_ROLES = (HEAD, REGISTRAR, TEACHER, BURSAR, GUARDIAN, STUDENT)
OFFICE = (HEAD, REGISTRAR)
STAFF = (HEAD, REGISTRAR, TEACHER, BURSAR)
