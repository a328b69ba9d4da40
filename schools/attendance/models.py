"""The day register of each class."""

from datetime import time

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import SchoolModel
from identity.models import User
from identity.roles import Role
from schools.academics.models import AcademicYear, SchoolClass
from schools.attendance import choices
from schools.people.models import Student


class AbsenceReason(SchoolModel):
    """Why a learner was away; the school keeps its own list."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("reason"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["order", "name"]
        constraints = [models.UniqueConstraint(fields=["code"], name="attendance_reason_code")]

    def __str__(self) -> str:
        return self.name


class AttendanceCode(SchoolModel):
    """One code of the school's list; P, A, L and E are its first four and stay.

    `counts_as` is what statistics make of it. `roles` are those who may give it: empty for all who take registers.
    """

    code = models.CharField(
        _("code"), max_length=4, validators=[RegexValidator(r"^[A-Z0-9]{1,4}\Z", _("Use 1 to 4 capital letters."))]
    )
    name = models.CharField(_("name"), max_length=40)
    counts_as = models.CharField(_("counts as"), max_length=1, choices=choices.Code.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=choices.Direction.choices)
    scope = models.CharField(_("where"), max_length=12, choices=choices.Scope.choices)
    reportable = models.BooleanField(_("stands in returns and reports"), default=True)
    future = models.BooleanField(_("can be planned ahead"), default=False)
    prefill = models.BooleanField(_("fills the register when planned"), default=False)
    roles = models.JSONField(_("given by"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="attendance_code_once"),
            models.CheckConstraint(
                condition=~Q(code__in=choices.Code.values) | Q(code=F("counts_as"), is_active=True),
                name="attendance_code_first_four_stay",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def givers(self) -> str:
        """Who may give it, in words."""
        return ", ".join(str(Role(role).label) for role in self.roles)


class Register(SchoolModel):
    """One roll call of one class."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="registers", db_index=False)
    date = models.DateField(_("date"))
    session = models.CharField(
        _("session"), max_length=10, choices=choices.Session.choices, default=choices.Session.MORNING
    )
    status = models.CharField(
        _("status"), max_length=6, choices=choices.RegisterStatus.choices, default=choices.RegisterStatus.OPEN
    )
    taken_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-date", "school_class"]
        constraints = [
            models.UniqueConstraint(fields=["school_class", "date", "session"], name="attendance_register_once")
        ]
        indexes = [models.Index(fields=["date", "session"], name="attendance_register_day")]

    def __str__(self) -> str:
        return f"{self.school_class} {self.date:%Y-%m-%d}"


class AttendanceMark(SchoolModel):
    """What one register says of one student.

    `code` is what counts, `given` the school's finer code where one was used. Where the office has spoken (`by_office`)
    its code counts, and what the teacher says is kept beside it.
    """

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="marks", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="attendance_marks")
    code = models.CharField(_("mark"), max_length=1, choices=choices.Code.choices)
    given = models.ForeignKey(
        AttendanceCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    reason = models.ForeignKey(AbsenceReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    minutes_late = models.PositiveSmallIntegerField(
        _("minutes late"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    left_at = models.TimeField(_("left at"), null=True, blank=True)
    marked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField()
    by_office = models.BooleanField(default=False, db_default=False)
    note = models.CharField(_("note"), max_length=120, blank=True, default="", db_default="")
    teacher_code = models.CharField(max_length=1, choices=choices.Code.choices, blank=True, default="", db_default="")
    teacher_given = models.ForeignKey(
        AttendanceCode, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    teacher = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    teacher_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "student"], name="attendance_mark_once"),
            models.CheckConstraint(
                condition=Q(minutes_late__isnull=True) | Q(code="L", minutes_late__lte=600),
                name="attendance_mark_minutes_of_late",
            ),
            models.CheckConstraint(
                condition=Q(reason__isnull=True) | ~Q(code="P"), name="attendance_mark_reason_of_away"
            ),
            models.CheckConstraint(condition=Q(code__in=choices.Code.values), name="attendance_mark_known_code"),
            models.CheckConstraint(
                condition=Q(by_office=True) | Q(teacher_code=""), name="attendance_mark_beside_the_office"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(code__in=("P", "L")), name="attendance_mark_left_who_was_here"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student} {self.code}"

    @property
    def words(self) -> str:
        """The finer code's name where one was given, else what counts."""
        return gettext(self.given.name) if self.given else str(self.get_code_display())


class AttendanceLog(SchoolModel):
    """One thing said of one student, in the order of arrival; never changed, so that conflicts stay visible.

    `applied` is False for what came too late: a newer capture stood already. `created_at` is when it arrived.
    """

    register = models.ForeignKey(Register, on_delete=models.CASCADE, related_name="log", db_index=False)
    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=1, choices=choices.Code.choices)
    given = models.ForeignKey(AttendanceCode, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.ForeignKey(AbsenceReason, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    minutes_late = models.PositiveSmallIntegerField(null=True)
    left_at = models.TimeField(null=True)
    said_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    captured_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=choices.Source.choices)
    applied = models.BooleanField()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["register", "student"], name="attendance_log_of")]

    def __str__(self) -> str:
        return f"{self.student} {self.code} {self.source}"


class Rules(SchoolModel):
    """The school's own times and ways of following up absences: one row."""

    morning_from = models.TimeField(_("morning from"), default=time(8), db_default=time(8))
    morning_until = models.TimeField(_("morning until"), default=time(12, 40), db_default=time(12, 40))
    afternoon_from = models.TimeField(_("afternoon from"), default=time(14), db_default=time(14))
    afternoon_until = models.TimeField(_("afternoon until"), default=time(16), db_default=time(16))
    notify = models.BooleanField(_("tell guardians of an absence"), default=True, db_default=True)
    notify_after = models.TimeField(_("not before"), default=time(9, 30), db_default=time(9, 30))
    notify_by_sms = models.BooleanField(_("by SMS too"), default=True, db_default=True)
    remind = models.BooleanField(_("remind teachers of a missing register"), default=True, db_default=True)
    remind_after = models.PositiveSmallIntegerField(
        _("minutes after the session begins"), default=45, db_default=45, validators=[MaxValueValidator(240)]
    )

    def __str__(self) -> str:
        return f"{self.notify_after}"


class AbsenceNotice(SchoolModel):
    """That a student's guardians were told of an absence; once a day for each student."""

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="+", db_index=False)
    date = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "date"], name="attendance_notice_once")]

    def __str__(self) -> str:
        return f"{self.student} {self.date}"


class BroughtForward(SchoolModel):
    """A student's absences of a year as a total, from the system the school used before."""

    student = models.ForeignKey(
        Student, on_delete=models.CASCADE, related_name="attendance_brought_forward", db_index=False
    )
    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="+")
    absences = models.PositiveSmallIntegerField(_("absences"), validators=[MaxValueValidator(366)])
    source = models.CharField(_("source"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "year"], name="attendance_brought_forward_once")]

    def __str__(self) -> str:
        return f"{self.student} {self.absences}"
