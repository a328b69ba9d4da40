"""What a family sees: the open forms, one page after the other, the review, and how far the application is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import cache, clock
from core.errors import DomainError, NotFound
from identity.access import public
from schools.admissions import definition, forms, letters, queries, services
from schools.admissions.choices import MOVES, Kind, Stage
from schools.admissions.models import Application

WINDOW_SECONDS, MOST_BEGUN = 3600, 60


class TooMany(DomainError):
    """From this address too many applications were begun."""

    status = 429
    code = "too_many"


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """The forms that are open."""
    return render(request, "admissions/apply.html", {"open": queries.open_forms(clock.today())})


@require_http_methods(["GET", "HEAD", "POST"])
@public
def begin(request: HttpRequest, pk: Any) -> HttpResponse:
    """Begin an application; the link that comes by mail goes on with it."""
    found = next((one for one in queries.open_forms(clock.today()) if one.pk == pk), None)
    if found is None:
        raise NotFound(_("This form is closed."))
    form = forms.BeginForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not form.cleaned_data["website"]:
        _count(request)
        try:
            application = services.begin(form=found, email=form.cleaned_data["email"], by=None, at=clock.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("apply_page", application.key, 1)
    return render(request, "admissions/begin.html", {"form": form, "for": found}, status=400 if form.is_bound else 200)


def _count(request: HttpRequest) -> None:
    """A school's own computer room may apply for many; a machine may not."""
    begun = cache.count(f"admissions:begun:{request.META.get('REMOTE_ADDR', '')}", WINDOW_SECONDS)
    if begun is not None and begun > MOST_BEGUN:
        raise TooMany(_("Too many applications from here. Try again in an hour."))


@require_http_methods(["GET", "HEAD", "POST"])
@public
def page(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One page of the form; what is typed is kept when it is sent."""
    application = queries.by_key(key)
    if not application.is_draft:
        return redirect("apply_status", key)
    if not 1 <= number <= len(application.pages):
        raise NotFound("There is no such page.")
    errors: dict[str, list[str]] = {}
    typed = {name: str(value) for name, value in application.answers.items()}
    if request.method == "POST":
        typed.update({name: value for name, value in request.POST.items() if isinstance(value, str)})
        errors = _keep(request, application, number)
        if not errors:
            return (
                redirect("apply_review", key)
                if number == len(application.pages)
                else redirect("apply_page", key, number + 1)
            )
        application.refresh_from_db()
    asked = application.pages[number - 1]
    fields = [
        {
            **field, "value": typed.get(field["key"], ""), "errors": errors.get(field["key"], []),
            "file": application.files.get(field["key"]), "choices": _choices(application, field),
        }
        for field in asked["fields"]
    ]  # fmt: skip
    around = {
        "application": application, "page": asked, "fields": fields, "number": number, "pages": len(application.pages),
        "errors": errors, "multipart": any(field["kind"] == Kind.FILE for field in asked["fields"]),
    }  # fmt: skip
    return _private(render(request, "admissions/page.html", around, status=400 if errors else 200))


def _keep(request: HttpRequest, application: Application, number: int) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    at = clock.now()
    for field in application.pages[number - 1]["fields"]:
        upload = request.FILES.get(field["key"]) if field["kind"] == Kind.FILE else None
        if upload is not None:
            try:
                services.keep_file(
                    application=application, key=field["key"], name=upload.name or "", content=upload.read(), by=None,
                    at=at,
                )  # fmt: skip
            except DomainError as error:
                errors.update(error.errors)
    try:
        services.save_page(application=application, number=number - 1, typed=request.POST.dict(), by=None, at=at)
    except DomainError as error:
        errors = {**error.errors, **errors} or {"": [error.message]}
    return errors


def _choices(application: Application, field: dict[str, Any]) -> list[tuple[str, str]]:
    if field["key"] == definition.LEVEL:
        return list(queries.levels_of(application.form).items())
    if field["kind"] == Kind.YESNO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option, option) for option in field.get("options", [])]


@require_http_methods(["GET", "HEAD", "POST"])
@public
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Everything once more, then it is sent."""
    application = queries.by_key(key)
    if not application.is_draft:
        return redirect("apply_status", key)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            services.submit(application=application, by=None, at=clock.now())
        except DomainError as error:
            errors = error.errors or {"": [error.message]}
        else:
            return redirect("apply_status", key)
    labels = {
        field["key"]: (field["label"], place)
        for place, one in enumerate(application.pages, 1)
        for field in one["fields"]
    }
    wrong = [(*labels.get(name, (name, 1)), said[0]) for name, said in errors.items()]
    around = {"application": application, "answered": queries.answered(application), "wrong": wrong}
    return _private(render(request, "admissions/review.html", around, status=400 if errors else 200))


@require_safe
@public
def status(request: HttpRequest, key: str) -> HttpResponse:
    """How far an application is; a draft goes on where it was left."""
    application = queries.by_key(key)
    if application.is_draft:
        return redirect("apply_page", key, 1)
    around = {
        "application": application,
        "may_answer": application.stage == Stage.OFFERED,
        "may_withdraw": Stage.WITHDRAWN in MOVES[application.stage] and application.student_id is None,
    }
    return _private(render(request, "admissions/status.html", around))


@require_safe
@public
def offer_letter(request: HttpRequest, key: str) -> HttpResponse:
    """The offer as PDF, while it stands."""
    application = queries.by_key(key)
    if application.stage not in (Stage.OFFERED, Stage.ACCEPTED):
        raise NotFound(_("There is no offer."))
    answer = HttpResponse(letters.offer(application), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="offer-{application.reference or "letter"}.pdf"'
    return _private(answer)


@require_POST
@public
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Accept or decline the offer, or withdraw."""
    application = queries.by_key(key)
    asked = request.POST.get("answer", "")
    at = clock.now()
    if asked == "withdraw":
        services.withdraw(application=application, by=None, at=at)
    elif asked in ("accept", "decline"):
        services.answer_offer(application=application, accepted=asked == "accept", by=None, at=at)
    else:
        raise DomainError(_("Accept or decline."))
    return redirect("apply_status", key)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
