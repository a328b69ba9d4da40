"""Teaching groups."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import Conflict, DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.academics import forms, policies, queries, services
from schools.academics.models import TeachingGroup
from schools.academics.pages import drawing
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Photo


def group_for(user: User, pk: uuid.UUID) -> TeachingGroup:
    """The teaching group of an address, if this user sees it."""
    found = queries.teaching_groups_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@allow(policies.may_list_classes)
def groups(request: HttpRequest) -> HttpResponse:
    """This year's teaching groups: who teaches what to whom."""
    user = user_of(request)
    rows = queries.teaching_groups_visible_to(user).filter(year=queries.current_year()).prefetch_related("teachers")
    page = {
        "groups": list(
            rows.order_by("school_class__grade_level__order", "school_class__name", "subject__order", "name")
        ),
        "may_change": policies.may_change_classes(user),
    }
    return render(request, "academics/groups.html", page)


@require_safe
@allow(policies.may_list_classes)
def group(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A teaching group with its teachers and learners."""
    user = user_of(request)
    found = group_for(user, pk)
    on = min(max(clock.today(), found.year.starts_on), found.year.ends_on)
    visible = people.visible_to(user).order_by().values("pk")
    learners = list(queries.members(found, on).filter(pk__in=visible))
    photos = {photo.student_id: photo for photo in Photo.objects.filter(student__in=[s.pk for s in learners])}
    page = {
        "group": found,
        "teachers": list(found.teachers.all()),
        "learners": [(student, photos.get(student.pk)) for student in learners],
        "may_change": policies.may_change_classes(user),
    }
    return render(request, "academics/group.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def group_add(request: HttpRequest) -> HttpResponse:
    """Open a teaching group this year."""
    user = user_of(request)
    year = queries.current_year()
    if year is None:
        raise Conflict(_("Open a school year first."))
    given = {"school_class": request.GET.get("class", "")} if _is_id(request.GET.get("class", "")) else None
    form = forms.GroupForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.open_teaching_group(year=year, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s is open") % {"name": row.name})
            return redirect("academics:group", row.pk)
    back = reverse("academics:groups")
    return drawing.form_page(
        request, form, _("Open a teaching group"), _("Open the group"), back, section=_("Teaching groups")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def group_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a group's name, teachers, and members where it has its own."""
    user = user_of(request)
    found = group_for(user, pk)
    form = forms.GroupChangeForm(
        request.POST if request.method == "POST" else None, group=found, initial={"name": found.name}
    )
    pool = (
        [] if found.is_whole_class else list(people.visible_to(user).filter(status="enrolled").order_by("first_name"))
    )
    held = {str(student_id) for student_id in found.members.values_list("pk", flat=True)}
    if request.method == "POST" and form.is_valid():
        held = set(request.POST.getlist("members"))
        members = None if found.is_whole_class else [student for student in pool if str(student.pk) in held]
        try:
            services.change_teaching_group(
                group=found,
                by=user,
                at=clock.now(),
                name=form.cleaned_data["name"],
                teachers=list(form.cleaned_data["teachers"]),
                members=members,
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:group", pk)
    back = reverse("academics:group", args=[pk])
    title = _("Change %(name)s") % {"name": found.name}
    picked = [(student, str(student.pk) in held) for student in pool]
    return drawing.form_page(request, form, title, _("Save the group"), back, section=_("Teaching groups"), pool=picked)


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
