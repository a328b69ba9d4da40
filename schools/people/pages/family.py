"""Guardians of a student, their rights, what a court ordered, and the household."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError, NotFound
from identity.access import allow, user_of
from identity.models import User
from schools.people import directory, forms, policies, queries, services
from schools.people.choices import Relationship
from schools.people.models import Guardian, Guardianship, Household, Student
from schools.people.pages.profile import forms_page, student_for

MOST_FOUND = 8
PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_guardian)
def add_guardian(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tie a guardian to a student: one who is known here already, or a new one."""
    user = user_of(request)
    student = student_for(user, pk)
    words = request.GET.get("q", "")
    bound = request.method == "POST"
    known = bound and bool(request.POST.get("guardian"))
    choose = forms.ChooseGuardianForm(request.POST if known else None, user=user)
    person = forms.GuardianForm(request.POST if bound and not known else None, prefix="new")
    first = Relationship.GUARDIAN.value
    rights = forms.RightsForm(
        request.POST if bound else None,
        initial={"relationship": first, "call_order": student.guardianships.count() + 1},
    )
    wanted: Any = choose if known else person
    if bound and wanted.is_valid() & rights.is_valid():
        at = clock.now()
        try:
            if known:
                services.link(
                    student=student, guardian=choose.cleaned_data["guardian"], by=user, at=at, **rights.cleaned_data
                )
            else:
                facts, given = person.facts(), cast(services.Rights, rights.cleaned_data)
                services.add_guardian_of(student=student, facts=facts, rights=given, by=user, at=at)
        except DomainError as error:
            forms.refuse(wanted, error)
        else:
            messages.success(request, _("The guardian is added"))
            return redirect("people:student", pk)
    found = _guardians_to_choose(user, student, words)
    page = {
        "student": student,
        "found": found,
        "words": words,
        "choose": choose,
        "person": person,
        "rights": rights,
    }
    return render(request, "people/guardian_add.html", page, status=400 if bound else 200)


def _guardians_to_choose(user: User, student: Student, words: str) -> list[Guardian]:
    """Those who match the search and are not tied to the student; without a search, those of the same household."""
    guardians = queries.guardians_visible_to(user).exclude(guardianships__student=student)
    if words.strip():
        return list(queries.search_guardians(guardians, words)[:MOST_FOUND])
    if student.household_id:
        return list(guardians.filter(household_id=student.household_id)[:MOST_FOUND])
    return []


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_guardian)
def rights(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one guardian may do for one student; or untie them."""
    user = user_of(request)
    tie = _tie_for(user, pk)
    name, student_id = tie.guardian.full_name, tie.student_id
    bound = request.method == "POST"
    if bound and "remove" in request.POST:
        services.unlink(guardianship=tie, by=user, at=clock.now())
        messages.success(request, _("%(name)s is no guardian of this student any more") % {"name": name})
        return redirect("people:student", student_id)
    form = forms.RightsForm(request.POST if bound else None, instance=tie)
    if bound and form.is_valid():
        try:
            services.change_rights(guardianship=tie, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student", student_id)
    return render(request, "people/rights.html", {"form": form, "tie": tie}, status=400 if bound else 200)


def _tie_for(user: User, pk: uuid.UUID) -> Guardianship:
    tie = queries.guardianships_visible_to(user).filter(pk=pk).first()
    if tie is None:
        raise Http404
    return tie


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_guardian)
def restriction(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What a court ordered about one guardian and one child; who opens it is noted."""
    user = user_of(request)
    tie = _tie_for(user, pk)
    shown = _tie_for(user, pk)
    bound = request.method == "POST"
    if bound and "lift" in request.POST:
        services.lift_restriction(guardianship=tie, by=user, at=clock.now())
        messages.success(request, _("The restriction is lifted"))
        return redirect("people:student", tie.student_id)
    form = forms.RestrictionForm(request.POST if bound else None, instance=tie)
    if bound and form.is_valid():
        try:
            services.restrict(guardianship=tie, by=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student", tie.student_id)
    if shown.restricted_from is not None:
        directory.looked(shown.student, "restriction", user, clock.now())
    return render(request, "people/restriction.html", {"form": form, "tie": shown}, status=400 if bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_student)
def household(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where a student lives: change the household, or begin one; brothers and sisters in it move along."""
    user = user_of(request)
    student = student_for(user, pk)
    present: Household | None = student.household
    bound = request.method == "POST"
    shown = {"version": present.version} if present else {"name": f"{student.last_name or student.first_name} family"}
    form = forms.HouseholdForm(request.POST if bound else None, instance=present, initial=shown)
    if bound and form.is_valid():
        at = clock.now()
        try:
            if present is not None:
                expected = form.cleaned_data["version"]
                services.change_household(household=present, by=user, at=at, expected=expected, **form.facts())
            else:
                services.settle(student=student, facts=form.facts(), by=user, at=at)
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:student", pk)
    page = {
        **forms_page(form, _("Household of %(name)s") % {"name": student.short_name}, _("Save the household")),
        "back": reverse("people:student", args=[pk]),
        "student": student,
    }
    return render(request, "people/form.html", page, status=400 if bound else 200)


@require_safe
@allow(policies.may_list_households)
def households(request: HttpRequest) -> HttpResponse:
    """Who lives with whom."""
    words = request.GET.get("q", "")
    found = queries.search_households(queries.households_visible_to(user_of(request)), words)
    found = found.annotate(children=Count("students", distinct=True), adults=Count("guardians", distinct=True))
    page = Paginator(found.order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "people/households.html", {"page_obj": page, "households": list(page), "words": words})


def _household_for(user: User, pk: uuid.UUID) -> Household:
    found = queries.households_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such household, or not for you."))
    return found


@require_safe
@allow(policies.may_list_households)
def home(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One household: its children and adults, its address, and who else may belong to it."""
    user = user_of(request)
    found = _household_for(user, pk)
    words = request.GET.get("q", "")
    page = {
        "household": found,
        "students": list(queries.visible_to(user).filter(household=found).select_related("photo")),
        "guardians": list(found.guardians.order_by("first_name", "pk")),
        "may_change": policies.may_change_student(user),
        "words": words,
        "joining": _who_may_join(user, found, words) if policies.may_change_student(user) else [],
    }
    return render(request, "people/household.html", page)


def _who_may_join(user: User, household: Household, words: str) -> list[Student | Guardian]:
    """Those whom a search names; without one, the children and guardians of those who live here."""
    students = queries.visible_to(user).exclude(household=household)
    guardians = queries.guardians_visible_to(user).exclude(household=household)
    if words.strip():
        students = queries.search_students(students, words)
        guardians = queries.search_guardians(guardians, words)
    else:
        students = students.filter(guardians__household=household).distinct()
        guardians = guardians.filter(students__household=household).distinct()
    return [*students[:MOST_FOUND], *guardians[:MOST_FOUND]]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(policies.may_change_student)
def household_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Name, address and phone of a household."""
    user = user_of(request)
    found = _household_for(user, pk)
    shown = {"version": found.version}
    form = forms.HouseholdForm(request.POST if request.method == "POST" else None, instance=found, initial=shown)
    if form.is_bound and form.is_valid():
        try:
            expected = form.cleaned_data["version"]
            services.change_household(household=found, by=user, at=clock.now(), expected=expected, **form.facts())
        except DomainError as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("Saved"))
            return redirect("people:home", pk)
    page = {**forms_page(form, _("Change the household"), _("Save the household"))}
    page["back"] = reverse("people:home", args=[pk])
    return render(request, "people/form.html", page, status=400 if form.is_bound else 200)


@require_POST
@allow(policies.may_change_student)
def household_member(request: HttpRequest, pk: uuid.UUID, whose: str, member: uuid.UUID) -> HttpResponse:
    """Bring a student or a guardian into a household, or take one out (`leave`)."""
    user = user_of(request)
    found = _household_for(user, pk)
    into = None if "leave" in request.POST else found
    if whose == "students":
        services.change_student(student=student_for(user, member), household=into, by=user, at=clock.now())
    else:
        guardian = queries.guardians_visible_to(user).filter(pk=member).first()
        if guardian is None:
            raise NotFound(_("There is no such guardian."))
        services.change_guardian(guardian=guardian, household=into, by=user, at=clock.now())
    messages.success(request, _("Saved"))
    return redirect("people:home", pk)
