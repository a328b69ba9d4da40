"""Classes: the list, one with its roll, opening and changing."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import Conflict, DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.academics import acts, forms, policies, queries, services
from schools.academics.models import SchoolClass, Stream
from schools.academics.pages import drawing
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people.forms import refuse
from schools.people.models import Photo


def class_for(user: User, pk: uuid.UUID) -> SchoolClass:
    """The class of an address, if this user sees it."""
    found = queries.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
@allow(policies.may_list_classes)
def classes(request: HttpRequest) -> HttpResponse:
    """This year's classes with their teachers and numbers."""
    user = user_of(request)
    rows = list(queries.classes_now(user))
    page = {
        "classes": rows,
        "year": queries.current_year(),
        "learners": sum(getattr(row, "learners", 0) for row in rows),
        "may_change": policies.may_change_classes(user),
    }
    return render(request, "academics/classes.html", page)


@require_safe
@allow(policies.may_open_class)
def school_class(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A class: its roll with photos and contacts, its teacher, what it is taught."""
    user = user_of(request)
    found = class_for(user, pk)
    on = min(max(clock.today(), found.year.starts_on), found.year.ends_on)
    visible = people.visible_to(user).order_by().values("pk")
    roll = list(queries.roll(found, on).filter(pk__in=visible))
    ids = [student.pk for student in roll]
    photos = {photo.student_id: photo for photo in Photo.objects.filter(student__in=ids)}
    contacts = people.first_guardians(ids) if people_policies.may_see_contacts(user) else {}
    page = {
        "class": found,
        "roll": [(student, photos.get(student.pk), contacts.get(student.pk)) for student in roll],
        "groups": list(found.teaching_groups.select_related("subject").prefetch_related("teachers")),
        "may_change": policies.may_change_classes(user),
        "may_enrol": policies.may_enrol(user),
        "acts": acts.for_user(user),
    }
    return render(request, "academics/class.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def class_add(request: HttpRequest) -> HttpResponse:
    """Open a class this year."""
    user = user_of(request)
    year = queries.current_year()
    if year is None:
        raise Conflict(_("Open a school year first."))
    form = forms.NewClassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("name", "class_teacher", "capacity", "room")}
        at = clock.now()
        try:
            with transaction.atomic():
                stream: Stream | None = form.cleaned_data["stream"]
                if form.cleaned_data["new_stream"]:
                    stream = services.add_stream(name=form.cleaned_data["new_stream"], by=user, at=at)
                row = services.open_class(
                    year=year, grade_level=form.cleaned_data["grade_level"], stream=stream, by=user, at=at, **facts
                )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(name)s is open") % {"name": row.name})
            return redirect("academics:class", row.pk)
    back = reverse("academics:classes")
    return drawing.form_page(request, form, _("Open a class"), _("Open the class"), back, section=_("Classes"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def class_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a class's name, teacher, places and room."""
    user = user_of(request)
    found = class_for(user, pk)
    names = ("name", "class_teacher", "capacity", "room")
    form = forms.ClassForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        facts = {name: form.cleaned_data[name] for name in names if name != "name" or form.cleaned_data[name]}
        try:
            services.change_class(school_class=found, by=user, at=clock.now(), **facts)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:class", pk)
    back = reverse("academics:class", args=[pk])
    return drawing.form_page(
        request, form, _("Change %(name)s") % {"name": found.name}, _("Save the class"), back, section=found.name
    )
