"""A student's profile and its tabs, and the forms that change what stands there."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity import roles
from identity.access import allow, user_of
from identity.models import User
from schools.people import directory, forms, photos, policies, queries, services, story
from schools.people.models import Guardian, Guardianship, Student, StudentIdentifier

MOST_SIBLINGS = 12


def student_for(user: User, pk: uuid.UUID) -> Student:
    """The student of an address, if this user sees it; raises NotFound."""
    student = queries.visible_to(user).select_related("household", "photo").filter(pk=pk).first()
    if student is None:
        raise NotFound(_("There is no such student, or not for you."))
    return student


def around(request: HttpRequest, student: Student, tab: str) -> dict[str, Any]:
    """What the head and the tabs of every page of a profile show."""
    user = user_of(request)
    facts = []
    crumb = None
    for column in directory.columns_for(user):
        if column.in_head:
            value = column.load([student.pk]).get(student.pk)
            if value is not None:
                link = column.link(value) if column.link and policies.is_staff(user) else ""
                facts.append((column.label, column.plain(value), link))
                crumb = crumb or ((column.plain(value), link) if link else None)
    sees_numbers = policies.may_see_identifiers(user)
    may_change = policies.may_change_student(user)
    return {
        "student": student,
        "photo": getattr(student, "photo", None),
        "facts": facts,
        "crumb": crumb,
        "identifiers": list(student.identifiers.all()) if sees_numbers else [],
        "age": directory.age_on(student.date_of_birth, clock.today()) if student.date_of_birth else None,
        "tabs": directory.tabs_for(user),
        "tab": tab,
        "may_change": may_change,
        "may_list": policies.may_list_students(user),
        "sees_trail": policies.may_see_trail(user),
        "acts": directory.acts_for(user, bulk=False),
    }


@require_safe
@allow(policies.may_open_student)
def overview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The first page of a profile: other domains' panels, the timeline, guardians, household."""
    user = user_of(request)
    student = student_for(user, pk)
    panels: dict[str, list[str]] = {"main": [], "side": []}
    for panel in directory.panels_for(user):
        shown = panel.context(request, student)
        if shown is not None:
            panels[panel.column].append(render_to_string(panel.template, shown, request))
    page = {
        **around(request, student, "overview"),
        "panels": panels,
        "moments": story.of_student(user, student),
        "ties": ties_for(user, student),
        "may_change_guardians": policies.may_change_guardian(user),
        "sees_household": policies.may_see_contacts(user) or _own_household(user, student),
        "may_list_households": policies.may_list_households(user),
        "siblings": _siblings(user, student),
    }
    return render(request, "people/student.html", page)


def ties_for(user: User, student: Student) -> list[tuple[Guardianship, bool]]:
    """A student's guardians in call order, and whether this user sees how to reach each: families only themselves."""
    ties = list(student.guardianships.select_related("guardian").order_by("call_order", "pk"))
    everyone = policies.may_see_contacts(user) or policies.sees_all(user)
    if not everyone and not user.has_role(roles.GUARDIAN):
        return [(tie, False) for tie in ties]
    return [(tie, everyone or tie.guardian.user_id == user.pk) for tie in ties]


def _siblings(user: User, student: Student) -> list[Student]:
    """The other children of the household whom this user sees."""
    if student.household_id is None:
        return []
    return list(queries.visible_to(user).filter(household=student.household_id).exclude(pk=student.pk)[:MOST_SIBLINGS])


def _own_household(user: User, student: Student) -> bool:
    """A guardian sees the address of a child only where it is their own."""
    return (
        student.household_id is not None
        and Guardian.objects.filter(user=user, household_id=student.household_id).exists()
    )


@require_safe
@allow(policies.may_see_trail)
def history(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who changed what."""
    student = student_for(user_of(request), pk)
    page = {**around(request, student, "history"), "acts_told": story.trail(student)}
    return render(request, "people/student_history.html", page)


@require_safe
@allow(policies.may_open_student)
def tab(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """A page of the profile that another domain registered."""
    user = user_of(request)
    found = next((entry for entry in directory.tabs_for(user) if entry.key == key), None)
    if found is None:
        raise Http404
    student = student_for(user, pk)
    page = {**around(request, student, key), **found.context(request, student), "tab_template": found.template}
    return render(request, "people/student_tab.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_student)
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what is written down of a student."""
    user = user_of(request)
    student = student_for(user, pk)
    shown = {"version": student.version}
    form = forms.StudentChangeForm(request.POST if request.method == "POST" else None, instance=student, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            expected = form.cleaned_data["version"]
            services.change_student(student=student, by=user, at=clock.now(), expected=expected, **form.facts())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student", pk)
    named = student_for(user, pk)
    page = {
        **forms_page(form, _("Change %(name)s") % {"name": named.short_name}, _("Save the record")),
        "back": reverse("people:student", args=[pk]),
        "student": named,
    }
    return render(request, "people/student_form.html", page, status=400 if form.is_bound else 200)


def forms_page(form: Any, title: str, button: str) -> dict[str, Any]:
    """What the plain form page shows."""
    return {"form": form, "title": title, "button": button}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_student)
def photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Upload or replace a student's photo."""
    student = student_for(user_of(request), pk)
    return photo_of(request, student, reverse("people:student", args=[pk]), reverse("people:photo_remove", args=[pk]))


def photo_of(request: HttpRequest, person: Any, back: str, remove_url: str) -> HttpResponse:
    """The upload form for a student or a member of staff."""
    bound = request.method == "POST"
    form = forms.PhotoForm(request.POST, request.FILES) if bound else forms.PhotoForm()
    if bound and form.is_valid():
        try:
            content = form.cleaned_data["photo"]
            if content.size > photos.most_bytes():
                raise photos.too_large()
            photos.put(person=person, content=content.read(), by=user_of(request), at=clock.now())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("The photo arrived and is being prepared"))
            return redirect(back)
    page = {
        **forms_page(form, _("Photo of %(name)s") % {"name": person.short_name}, _("Upload the photo")),
        "person": person,
        "photo": getattr(person, "photo", None),
        "back": back,
        "remove_url": remove_url,
    }
    return render(request, "people/photo_form.html", page, status=400 if bound else 200)


@require_POST
@allow(policies.may_change_student)
def photo_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Forget a student's photo."""
    user = user_of(request)
    photos.remove(person=student_for(user, pk), by=user, at=clock.now())
    messages.success(request, _("The photo is removed"))
    return redirect("people:student", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_student)
def numbers(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A student's official numbers: add one, see those there are."""
    user = user_of(request)
    student = student_for(user, pk)
    form = forms.IdentifierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_identifier(student=student, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("The number is added"))
            return redirect("people:numbers", pk)
    page = {"form": form, "student": student, "identifiers": list(student.identifiers.all())}
    return render(request, "people/numbers.html", page, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_change_student)
def number_remove(request: HttpRequest, pk: uuid.UUID, number: uuid.UUID) -> HttpResponse:
    """Forget one official number."""
    user = user_of(request)
    student = student_for(user, pk)
    found = StudentIdentifier.objects.filter(student=student, pk=number).first()
    if found is None:
        raise Http404
    services.remove_identifier(identifier=found, by=user, at=clock.now())
    messages.success(request, _("The number is removed"))
    return redirect("people:numbers", pk)
