"""The doors of a school's host: sign in and out, choose a password, one's own account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.errors import DomainError, NotFound
from identity import access, accounts, signing_in, tokens
from identity.forms import AccountForm, ChangePasswordForm, ChoosePasswordForm, ForgotForm, SignInForm, refuse

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@access.public
def sign_in(request: HttpRequest) -> HttpResponse:
    """The school's door."""
    return sign_in_at(request, template="identity/sign_in.html", home="/")


@require_POST
@never_cache
@access.public
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    return sign_out_to(request, reverse("identity:sign_in"))


def sign_in_at(request: HttpRequest, *, template: str, home: str) -> HttpResponse:
    """Show and handle a door: whoever is let in goes on to a safe `next`, or to `home`."""
    following = _safe_next(request, home)
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(following)
    status, wait = 200, 0
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                signing_in.sign_in(request, at=clock.now(), **form.cleaned_data)
                return HttpResponseRedirect(following)
            except DomainError as error:
                status = error.status
                wait = signing_in.WINDOW_SECONDS if isinstance(error, signing_in.TooManyTries) else 0
                refuse(form, error.errors, error.message)
    asked = request.POST.get("next", request.GET.get("next", ""))
    response = render(request, template, {"form": form, "next": following if asked else ""}, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def sign_out_to(request: HttpRequest, door: str) -> HttpResponse:
    """End the session and stand before the door again; the browser forgets what it kept of the pages."""
    signing_in.sign_out(request)
    response = HttpResponseRedirect(door)
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.public
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a letter with a link; the answer is the same whether the name is known or not."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accounts.ask_reset(name=form.cleaned_data["name"], at=clock.now())
        return render(request, "identity/forgot_sent.html")
    return render(request, "identity/forgot.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
@access.public
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation or a reset opens."""
    return welcome_at(request, token, template="identity/welcome.html", home="/")


def welcome_at(request: HttpRequest, token: str, *, template: str, home: str) -> HttpResponse:
    """Let the holder of a link choose a password, and in; a used or foreign link says how to get another."""
    user = tokens.user_for(token)
    if user is None:
        return render(request, "identity/link_over.html", status=404)
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            at = clock.now()
            user = accounts.choose_password(token=token, password=form.cleaned_data["password"], at=at)
            signing_in.start(request, user=user, at=at)
            messages.success(request, _("Your password is set."))
            return HttpResponseRedirect(home)
        except NotFound:
            return render(request, "identity/link_over.html", status=404)
        except DomainError as error:
            refuse(form, error.errors, error.message)
    return render(request, template, {"form": form, "who": user}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, e-mail, phone and language."""
    user = access.user_of(request)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = accounts.change_own(user=user, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error.errors, error.message)
        else:
            with override(changed.language):
                messages.success(request, _("Saved"))
            response = HttpResponseRedirect(reverse("identity:account"))
            _speak(request, response, changed.language)
            return response
    return _account(request, form=form, status=400 if form.is_bound else 200)


@require_POST
@sensitive_post_parameters("current", "password", "again")
@access.signed_in
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password for oneself; other devices have to sign in again."""
    user = access.user_of(request)
    form = ChangePasswordForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            signing_in.prove(request, username=user.username, password=form.cleaned_data["current"])
            changed = accounts.set_password(user=user, password=form.cleaned_data["password"], by=user, at=clock.now())
            signing_in.keep(request, user=changed)
            messages.success(request, _("Your password is changed. Other devices have to sign in again."))
            return HttpResponseRedirect(reverse("identity:account"))
        except signing_in.WrongPassword:
            form.add_error("current", _("This is not your password until now."))
        except DomainError as error:
            status = error.status
            refuse(form, error.errors, error.message)
    return _account(request, password_form=form, status=status)


@require_POST
@access.signed_in
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """End one's sessions on every device, this one too."""
    user = access.user_of(request)
    accounts.sign_out_everywhere(user=user, by=user, at=clock.now())
    return sign_out_to(request, reverse("identity:sign_in"))


def _account(
    request: HttpRequest,
    *,
    form: AccountForm | None = None,
    password_form: ChangePasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = access.user_of(request)
    if form is None or not form.is_bound:
        form = AccountForm(initial={field: getattr(user, field) for field in AccountForm.base_fields})
    around = {"form": form, "password_form": password_form or ChangePasswordForm(), "who": user}
    return render(request, "identity/account.html", around, status=status)


def _safe_next(request: HttpRequest, home: str) -> str:
    """Where somebody wanted to go, when it is a page of this host."""
    following = request.POST.get("next", request.GET.get("next", ""))
    here = {request.get_host()}
    if following and url_has_allowed_host_and_scheme(following, allowed_hosts=here, require_https=request.is_secure()):
        return following
    return home


def _speak(request: HttpRequest, response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_COOKIE_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
