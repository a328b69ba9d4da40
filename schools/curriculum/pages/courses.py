"""Courses of a modular programme, and those of one student."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from schools.curriculum import forms, policies, queries, services
from schools.curriculum.models import Course, CourseTaken
from schools.people.forms import refuse
from schools.people.models import Student


@require_safe
@allow(policies.may_read)
def index(request: HttpRequest) -> HttpResponse:
    """Every course, by programme."""
    courses = list(Course.objects.all())
    codes = {str(one.pk): one.code for one in courses}
    rows = [(one, [codes[pk] for pk in one.before if pk in codes]) for one in courses]
    return render(request, "curriculum/courses.html", {"rows": rows, "may_shape": policies.may_shape(user_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def add(request: HttpRequest) -> HttpResponse:
    """Offer a course."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a course."""
    return _form(request, queries.course_for(pk))


def _form(request: HttpRequest, found: Course | None) -> HttpResponse:
    title = str(found) if found else _("Offer a course")
    form = forms.CourseForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        try:
            services.save_course(course=found, by=user_of(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("curriculum:courses")
    around = {"form": form, "title": title, "button": _("Save")}
    return render(request, "curriculum/form.html", around, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_shape)
def of_student(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The courses of one student: what was taken, and the form that enrols in another."""
    user = user_of(request)
    student: Student = queries.student_for(user, pk)
    form = forms.TakeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.take(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("curriculum:of_student", pk)
    around = {"form": form, "student": student, "progress": queries.progress_of(student), "record": forms.RecordForm()}
    return render(request, "curriculum/of_student.html", around, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_shape)
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note how a course went."""
    user = user_of(request)
    taken = CourseTaken.objects.filter(pk=pk).first()
    if taken is None:
        raise NotFound("There is no such course of a student.")
    form = forms.RecordForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say how it went."))
    else:
        services.record(taken=taken, by=user, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved"))
    return redirect("curriculum:of_student", taken.student_id)
