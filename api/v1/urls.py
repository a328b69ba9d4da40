"""Addresses of version 1."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from api import description, reference
from api.v1.academic_years import AcademicYears
from api.v1.alerts import Alerts
from api.v1.announcements import Announcements
from api.v1.applications import Applications
from api.v1.assessments import Assessments
from api.v1.attendance_registers import AttendanceRegisters
from api.v1.bulk_actions import BulkActions
from api.v1.classes import Classes
from api.v1.consents import Consents
from api.v1.courses import Courses
from api.v1.curricula import Curricula
from api.v1.documents import Documents
from api.v1.enrolments import Enrolments
from api.v1.grade_levels import GradeLevels
from api.v1.grading_scales import GradingScales
from api.v1.guardians import Guardians
from api.v1.guardianships import Guardianships
from api.v1.holidays import Holidays
from api.v1.households import Households
from api.v1.houses import Houses
from api.v1.leave_requests import LeaveRequests
from api.v1.letters import Letters
from api.v1.marks import Marks
from api.v1.me import Me
from api.v1.option_blocks import OptionBlocks
from api.v1.staff import StaffMembers
from api.v1.streams import Streams
from api.v1.student_identifiers import StudentIdentifiers
from api.v1.students import Students
from api.v1.subjects import Subjects
from api.v1.teaching_groups import TeachingGroups
from api.v1.terms import Terms
from api.v1.transfers import Transfers

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
    AcademicYears,
    Alerts,
    Applications,
    BulkActions,
    Consents,
    Documents,
    GradeLevels,
    Guardianships,
    Holidays,
    Households,
    Houses,
    Announcements,
    LeaveRequests,
    Letters,
    Streams,
    StudentIdentifiers,
    Courses,
    Curricula,
    OptionBlocks,
    Transfers,
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
