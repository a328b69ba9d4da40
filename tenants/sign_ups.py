"""A school asks for itself: the form, the head's e-mail proven by a link, then policy or an operator decides.

Nothing is held for who has proven nothing: an address belongs to the first request that is confirmed. One e-mail
address learns nothing about another: every request that is well-formed is answered alike.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from audit import recording as audit
from core import cache, jobs, text
from core.errors import Conflict, DomainError, NotFound
from core.models import Rows
from identity.models import Language
from tenants import context, entitlements, provisioning
from tenants.models import SchoolKind, SignUp, SignUpState
from tenants.plans import PLANS

log = logging.getLogger("shule.tenants")
HOUR = 3600
PER_ADDRESS, PER_EMAIL, IN_ALL = 10, 3, 200  # requests an hour
LINK_FOR = timedelta(hours=48)
KEPT_FOR = timedelta(days=90)
_SALT = "tenants.sign_ups"


class TooMany(DomainError):
    """This address, or everybody together, asked too often within the hour."""

    status = 429
    code = "throttled"


def ask(*, facts: Mapping[str, Any], address: str, at: datetime) -> SignUp:
    """Keep a request and mail its link; `address` is where it came from.

    `facts`: name, slug, kind, plan, head_name, head_email, phone, wants_example, language. Raises DomainError that
    names each wrong field, Conflict when the slug is taken, TooMany. The fourth request of one e-mail address within
    the hour is answered like the others, and mails nothing.
    """
    if settings.SIGN_UP_POLICY == "closed":
        raise Conflict(_("Schools are not taken in here at the moment. Write to us."))
    facts = _checked(facts)
    with context.in_public():
        if _over(f"sign-ups:{address}", PER_ADDRESS) or _over("sign-ups", IN_ALL):
            raise TooMany(_("Too many schools were asked for from here. Try again in an hour."))
        if provisioning.is_spoken_for(facts["slug"]) or _is_promised(facts["slug"]):
            raise _taken()
        with transaction.atomic():
            sign_up = SignUp.objects.create(**facts, expires_at=at + LINK_FOR)
            if not _over(f"sign-ups:{facts['head_email']}", PER_EMAIL):
                jobs.later("tenants.send_sign_up_link", sign_up_id=str(sign_up.pk))
    return sign_up


def by_token(token: str, *, at: datetime) -> SignUp:
    """The request that a link was mailed for; raises NotFound for a link that is made up or too old."""
    try:
        found = signing.loads(token, salt=_SALT)
        with context.in_public():
            sign_up = SignUp.objects.select_related("school").get(pk=UUID(str(found)))
    except (signing.BadSignature, ValueError, SignUp.DoesNotExist):
        raise NotFound(_("This link is not whole. Open it again from the letter.")) from None
    if sign_up.state == SignUpState.UNCONFIRMED and at > sign_up.expires_at:
        raise NotFound(_("This link is too old. Ask for the school again."))
    return sign_up


@transaction.atomic
def confirm(token: str, *, at: datetime) -> SignUp:
    """The head's e-mail is proven; a second time changes nothing. Raises Conflict when the address went meanwhile."""
    found = by_token(token, at=at)
    with context.in_public():
        _one_at_a_time(found.slug)
        sign_up = SignUp.objects.lock(found.pk)
        if sign_up.state != SignUpState.UNCONFIRMED:
            return sign_up
        if provisioning.is_spoken_for(sign_up.slug) or _is_promised(sign_up.slug):
            raise _taken()
        sign_up.state, sign_up.confirmed_at = SignUpState.WAITING, at
        sign_up.save(update_fields=["state", "confirmed_at", "updated_at"])
        audit.record("sign_up.confirmed", on=sign_up, by=None, at=at, changes={"slug": sign_up.slug})
        if _opens_by_itself(sign_up):
            return _open(sign_up, by=None, at=at)
    return sign_up


@transaction.atomic
def approve(*, sign_up_id: Any, by: audit.Actor | None, at: datetime) -> SignUp:
    """Have the school set up; a second time changes nothing."""
    with context.in_public():
        sign_up = _waiting(sign_up_id, but=SignUpState.APPROVED)
        return sign_up if sign_up.state == SignUpState.APPROVED else _open(sign_up, by=by, at=at)


@transaction.atomic
def refuse(*, sign_up_id: Any, reason: str, by: audit.Actor | None, at: datetime) -> SignUp:
    """Say no; the head reads why, and the address is free again."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise DomainError(_("Say why."), errors={"reason": [_("Say why: the head reads these words.")]})
    with context.in_public():
        sign_up = _waiting(sign_up_id, but=SignUpState.REFUSED)
        if sign_up.state == SignUpState.REFUSED:
            return sign_up
        sign_up.state, sign_up.reason = SignUpState.REFUSED, reason
        _decide(sign_up, by, at)
        audit.record("sign_up.refused", on=sign_up, by=by, at=at, changes={"reason": reason})
        jobs.later("tenants.send_sign_up_refusal", sign_up_id=str(sign_up.pk))
    return sign_up


def one(sign_up_id: Any) -> SignUp:
    """A request by its id; raises NotFound."""
    with context.in_public():
        sign_up = SignUp.objects.filter(pk=sign_up_id).first()
    if sign_up is None:
        raise NotFound(_("This request is not there any more."))
    return sign_up


def waiting() -> Rows[SignUp]:
    """Those whose e-mail is proven and that nobody has decided, longest waiting first; call inside in_public()."""
    return SignUp.objects.filter(state=SignUpState.WAITING).order_by("confirmed_at")  # type: ignore[return-value]


def decided() -> Rows[SignUp]:
    """Those that were decided, newest first; call inside in_public()."""
    found = SignUp.objects.filter(state__in=(SignUpState.APPROVED, SignUpState.REFUSED)).select_related("school")
    return found.order_by("-decided_at")  # type: ignore[return-value]


def address_fault(slug: str) -> str:
    """Why a school cannot have this address, or nothing."""
    try:
        provisioning.check_address(slug)
    except DomainError as error:
        return error.message
    with context.in_public():
        return _taken().message if provisioning.is_spoken_for(slug) or _is_promised(slug) else ""


def sweep(*, at: datetime) -> int:
    """Forget links that nobody followed, and refusals after ninety days; gives back how many."""
    with context.in_public():
        old = SignUp.objects.filter(state=SignUpState.UNCONFIRMED, expires_at__lt=at)
        refused = SignUp.objects.filter(state=SignUpState.REFUSED, decided_at__lt=at - KEPT_FOR)
        return old.delete()[0] + refused.delete()[0]


def send_link(sign_up_id: Any) -> None:
    """Mail the link that proves the head's e-mail address."""
    with context.in_public():
        sign_up = SignUp.objects.filter(pk=sign_up_id, state=SignUpState.UNCONFIRMED).first()
    if sign_up is None:
        return
    with translation.override(sign_up.language):
        said = {"school": sign_up.name, "platform": settings.PLATFORM_NAME, "link": link(sign_up)}
        _post(
            sign_up,
            _("Confirm %(school)s at %(platform)s") % said,
            _(
                "Somebody asked for a place for %(school)s at %(platform)s and gave this e-mail address as the head's. "
                "If that is right, go on here:\n\n%(link)s\n\n"
                "The link works for two days. If it was not you, leave this letter: nothing is set up."
            )
            % said,
        )


def send_refusal(sign_up_id: Any) -> None:
    """Mail the head why there will be no school."""
    with context.in_public():
        sign_up = SignUp.objects.filter(pk=sign_up_id, state=SignUpState.REFUSED).first()
    if sign_up is None:
        return
    with translation.override(sign_up.language):
        said = {"school": sign_up.name, "platform": settings.PLATFORM_NAME, "reason": sign_up.reason}
        _post(
            sign_up,
            _("%(school)s was not taken in at %(platform)s") % said,
            _("%(school)s was not taken in at %(platform)s, for this reason:\n\n%(reason)s\n\nAnswer this letter to "
              "talk about it.") % said,
        )  # fmt: skip


def link(sign_up: SignUp) -> str:
    """Where the head confirms, and later sees how far the school is."""
    return f"{settings.PUBLIC_URL}/sign-up/{signing.dumps(str(sign_up.pk), salt=_SALT)}/"


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts in their one form; raises DomainError that names every wrong one."""
    found: dict[str, Any] = {
        "name": text.squash(str(facts.get("name", ""))),
        "slug": str(facts.get("slug", "")).strip().lower(),
        "kind": str(facts.get("kind", "")),
        "plan": str(facts.get("plan", "")),
        "head_name": text.squash(str(facts.get("head_name", ""))),
        "head_email": str(facts.get("head_email", "")).strip().lower(),
        "phone": str(facts.get("phone", "")).strip(),
        "wants_example": bool(facts.get("wants_example")),
        "language": str(facts.get("language", "")) or Language.ENGLISH.value,
    }
    errors = provisioning.faults(found["slug"], found["name"], found["head_email"])
    if not found["head_email"]:
        errors["head_email"] = [_("The link to go on is sent there: give the head's e-mail.")]
    if not 2 <= len(found["head_name"]) <= 120:
        errors["head_name"] = [_("Give the head's name, 2 to 120 characters.")]
    if found["phone"]:
        try:
            found["phone"] = text.phone(found["phone"])
        except ValueError:
            errors["phone"] = [_("This is not a phone number. It looks like 0722 418 093.")]
    for field, known in (("kind", SchoolKind.values), ("plan", PLANS), ("language", Language.values)):
        if found[field] not in known:
            errors[field] = [_("Choose one of the list.")]
    if errors:
        raise DomainError(next(iter(errors.values()))[0], errors=errors)
    return found


def _open(sign_up: SignUp, *, by: audit.Actor | None, at: datetime) -> SignUp:
    """Ask for the school under its plan, and note who decided."""
    school = provisioning.request(
        slug=sign_up.slug,
        name=sign_up.name,
        head_name=sign_up.head_name,
        head_email=sign_up.head_email,
        facts={
            "kind": sign_up.kind, "plan": sign_up.plan, "language": sign_up.language, "example": sign_up.wants_example,
        },
        by=by,
        at=at,
    )  # fmt: skip
    limits = PLANS[sign_up.plan].limits
    if limits:
        school = entitlements.set_limits(school_id=school.pk, limits=limits, by=by, at=at)
    sign_up.state, sign_up.school = SignUpState.APPROVED, school
    _decide(sign_up, by, at)
    audit.record("sign_up.approved", on=sign_up, by=by, at=at, changes={"slug": sign_up.slug, "plan": sign_up.plan})
    return sign_up


def _decide(sign_up: SignUp, by: audit.Actor | None, at: datetime) -> None:
    sign_up.decided_at, sign_up.decided_by = at, str(by)[:150] if by else ""
    sign_up.save()


def _waiting(sign_up_id: Any, *, but: SignUpState) -> SignUp:
    """A request that may be decided, locked; or one that was decided so already."""
    sign_up = SignUp.objects.lock(one(sign_up_id).pk)
    if sign_up.state not in (SignUpState.WAITING, but):
        raise Conflict(_("This request was decided otherwise, or its e-mail address is not proven."))
    return sign_up


def _opens_by_itself(sign_up: SignUp) -> bool:
    host = sign_up.head_email.rpartition("@")[2]
    return settings.SIGN_UP_POLICY == "open" or host in settings.SIGN_UP_OPEN_TO


def _is_promised(slug: str) -> bool:
    return SignUp.objects.filter(slug=slug, state=SignUpState.WAITING).exists()


def _one_at_a_time(slug: str) -> None:
    """Two confirmations of one address wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-up:{slug}"])


def _taken() -> Conflict:
    taken = _("Another school has this address, or asked for it before.")
    return Conflict(taken, errors={"slug": [taken]})


def _over(key: str, most: int) -> bool:
    counted = cache.count(key, HOUR)
    return counted is not None and counted > most


def _post(sign_up: SignUp, subject: str, body: str) -> None:
    """One letter to the head; a school's name cannot add lines to its head."""
    send_mail(" ".join(subject.split()), body, None, [sign_up.head_email])
