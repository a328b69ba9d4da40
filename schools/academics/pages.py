"""The pages of classes, subjects and teaching groups."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import Conflict, DomainError
from identity.access import allow, user_of
from identity.models import User
from schools.academics import acts, forms, policies, queries, services
from schools.academics.models import SchoolClass, Stream, Subject, TeachingGroup
from schools.people import policies as people_policies
from schools.people import queries as people
from schools.people import several
from schools.people.models import Photo, Student


def class_for(user: User, pk: uuid.UUID) -> SchoolClass:
    """The class of an address, if this user sees it."""
    found = queries.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _student_for(user: User, pk: uuid.UUID) -> Student:
    found = people.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _refuse(form: Any, error: DomainError) -> None:
    for name, said in error.errors.items():
        for message in said:
            form.add_error(name if name in form.fields else None, message)
    if not error.errors:
        form.add_error(None, error.message)


def _form_page(request: HttpRequest, form: Any, title: str, button: str, back: str, **more: Any) -> HttpResponse:
    page = {"form": form, "title": title, "button": button, "back": back, **more}
    return render(request, "academics/form.html", page, status=400 if form.is_bound else 200)


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
            _refuse(form, error)
        else:
            messages.success(request, _("%(name)s is open") % {"name": row.name})
            return redirect("academics:class", row.pk)
    back = reverse("academics:classes")
    return _form_page(request, form, _("Open a class"), _("Open the class"), back, section=_("Classes"))


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
            _refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:class", pk)
    back = reverse("academics:class", args=[pk])
    return _form_page(
        request, form, _("Change %(name)s") % {"name": found.name}, _("Save the class"), back, section=found.name
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_enrol)
def move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move one student to another class, or enrol who is in none."""
    user = user_of(request)
    student = _student_for(user, pk)
    form = forms.MoveForm(request.POST if request.method == "POST" else None)
    present = queries.open_classes([student.pk]).get(student.pk)
    if request.method == "POST" and form.is_valid():
        try:
            act = services.move if present else services.enrol
            act(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            words = {"student": student.short_name, "name": form.cleaned_data["school_class"].name}
            messages.success(request, _("%(student)s is in %(name)s") % words)
            return redirect("people:student", pk)
    now = present.name if present else _("in no class now")
    return _form_page(
        request,
        form,
        _("Move %(name)s") % {"name": student.short_name},
        _("Move to the class"),
        reverse("people:student", args=[pk]),
        meta=now,
        section=student.short_name,
        leave_url=reverse("academics:leave", args=[pk]) if present else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_enrol)
def leave(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a student leaves the school."""
    user = user_of(request)
    student = _student_for(user, pk)
    form = forms.LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.leave(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(name)s has left") % {"name": student.short_name})
            return redirect("people:student", pk)
    back = reverse("people:student", args=[pk])
    title = _("%(name)s leaves the school") % {"name": student.short_name}
    return _form_page(request, form, title, _("Note the leaving"), back, section=student.short_name)


@require_POST
@allow(policies.may_enrol)
def moves(request: HttpRequest) -> HttpResponse:
    """Move the chosen students to one class."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.move_all(students=students, by=user, at=clock.now(), **facts)
        said = ngettext("%(n)s student moved to %(name)s", "%(n)s students moved to %(name)s", n)
        to = facts["school_class"]
        return said % {"n": n, "name": to.name}, redirect("academics:class", to.pk)

    return several.ask(
        request,
        forms.MoveForm,
        title=_("Move class"),
        button=lambda n: ngettext("Move %(n)s student", "Move %(n)s students", n) % {"n": n},
        act=act,
    )


@require_POST
@allow(policies.may_enrol)
def leave_all(request: HttpRequest) -> HttpResponse:
    """Note that the chosen students leave the school."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        n = services.leave_all(students=students, by=user, at=clock.now(), **facts)
        return ngettext("%(n)s student left", "%(n)s students left", n) % {"n": n}, redirect("people:students")

    return several.ask(
        request,
        forms.LeaveForm,
        title=_("Leave the school"),
        button=lambda n: ngettext("Note that %(n)s student leaves", "Note that %(n)s students leave", n) % {"n": n},
        act=act,
    )


@require_POST
@allow(policies.may_change_classes)
def join(request: HttpRequest) -> HttpResponse:
    """Add the chosen students to a teaching group."""
    user = user_of(request)

    def act(students: Sequence[Student], facts: Mapping[str, Any]) -> tuple[str, HttpResponse]:
        group = facts["group"]
        n = services.join_group(students=students, group=group, by=user, at=clock.now())
        said = ngettext("%(n)s student joined %(name)s", "%(n)s students joined %(name)s", n)
        return said % {"n": n, "name": group.name}, redirect("academics:group", group.pk)

    return several.ask(
        request,
        forms.JoinForm,
        title=_("Join a teaching group"),
        button=lambda n: ngettext("Add %(n)s student", "Add %(n)s students", n) % {"n": n},
        act=act,
    )


@require_safe
@allow(policies.may_list_classes)
def subjects(request: HttpRequest) -> HttpResponse:
    """What the school teaches."""
    user = user_of(request)
    rows = queries.subjects_visible_to(user)
    taught = request.GET.get("all") != "1"
    page = {
        "subjects": list(rows.filter(is_active=True) if taught else rows),
        "may_change": policies.may_change_classes(user),
    }
    return render(request, "academics/subjects.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def subject_add(request: HttpRequest) -> HttpResponse:
    """Add a subject."""
    return _subject(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_classes)
def subject_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a subject."""
    found = queries.subjects_visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return _subject(request, found)


def _subject(request: HttpRequest, subject: Subject | None) -> HttpResponse:
    user = user_of(request)
    title = _("Change %(name)s") % {"name": subject.name} if subject else _("Add a subject")
    form = forms.SubjectForm(request.POST if request.method == "POST" else None, instance=subject)
    if request.method == "POST" and form.is_valid():
        try:
            if subject is None:
                services.add_subject(by=user, at=clock.now(), **form.cleaned_data)
            else:
                services.change_subject(subject=subject, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:subjects")
    back = reverse("academics:subjects")
    return _form_page(request, form, title, _("Save the subject"), back, section=_("Subjects"))


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
            _refuse(form, error)
        else:
            messages.success(request, _("%(name)s is open") % {"name": row.name})
            return redirect("academics:group", row.pk)
    back = reverse("academics:groups")
    return _form_page(
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
            _refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("academics:group", pk)
    back = reverse("academics:group", args=[pk])
    title = _("Change %(name)s") % {"name": found.name}
    picked = [(student, str(student.pk) in held) for student in pool]
    return _form_page(request, form, title, _("Save the group"), back, section=_("Teaching groups"), pool=picked)


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
