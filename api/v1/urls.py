"""Addresses of version 1."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from api import description, reference
from api.v1.assessments import Assessments
from api.v1.attendance_registers import AttendanceRegisters
from api.v1.classes import Classes
from api.v1.enrolments import Enrolments
from api.v1.grading_scales import GradingScales
from api.v1.guardians import Guardians
from api.v1.marks import Marks
from api.v1.me import Me
from api.v1.staff import StaffMembers
from api.v1.students import Students
from api.v1.subjects import Subjects
from api.v1.teaching_groups import TeachingGroups
from api.v1.terms import Terms

app_name = "api"
RESOURCES = (
    Students,
    Guardians,
    StaffMembers,
    Classes,
    TeachingGroups,
    Subjects,
    Terms,
    Enrolments,
    AttendanceRegisters,
    Assessments,
    Marks,
    GradingScales,
)
router = SimpleRouter(use_regex_path=False)
for one in RESOURCES:
    router.register(one.resource, one, basename=one.resource)

urlpatterns = [
    *router.urls,
    path("me/", Me.as_view({"get": "list"}), name="me"),
    path("schema/", description.schema, name="schema"),
    path("docs/", reference.docs, name="docs"),
    re_path(r"^.*$", description.nothing_here),
]
