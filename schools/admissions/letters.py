"""The letters to families who apply."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import scope
from schools.admissions.models import Application
from schools.papers import merging, setting


def link_of(application: Application) -> str:
    """Where the family goes on, looks and answers."""
    host = scope.current().host or f"{scope.current().slug}.{settings.PLATFORM_DOMAIN}"
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}/apply/a/{application.key}/"


def offer(application: Application) -> bytes:
    """The offer of a place on the school's paper, in the reader's language."""
    said = {
        "name": application.name, "school": scope.current().name, "reference": application.reference,
        "year": application.form.year.name,
        "class": application.offered_class or application.grade_level or "–",
        "until": date_format(application.offer_until, "j F Y") if application.offer_until else "–",
    }  # fmt: skip
    text = _(
        "To the family of **%(name)s**\n\nWe are glad to offer %(name)s a place at %(school)s in **%(class)s**, in the "
        "school year %(year)s.\n\nPlease accept or decline the place by **%(until)s**, with the link of your "
        "application %(reference)s, or at our office. After that day the place may go to somebody on the waiting list."
    )
    return setting.plain_letter(
        title=_("Offer of a place"), text=text % said, language=get_language() or "en", signed_by=merging.head_name()
    )


def post(application: Application, letter: str) -> None:
    """One letter, with the link."""
    school = scope.current().name
    said = {
        "school": school,
        "name": application.name,
        "reference": application.reference,
        "link": link_of(application),
    }
    if application.interview_at:
        said["when"] = date_format(application.interview_at, "l j F Y, H:i")
        said["place"] = application.interview_place
    if application.offer_until:
        said["until"] = date_format(application.offer_until, "j F Y")
    subject, body = {
        "draft": (_("Your application to %(school)s"), _("Go on with it, today or later:\n\n%(link)s")),
        "sent": (
            _("%(school)s has your application %(reference)s"),
            _("Thank you. See how far it is, at any time:\n\n%(link)s"),
        ),
        "interview": (
            _("Interview at %(school)s"),
            _("We invite %(name)s to an interview: %(when)s, %(place)s.\n\n%(link)s"),
        ),
        "offered": (
            _("A place at %(school)s"),
            _("We offer %(name)s a place. Please accept or decline it here:\n\n%(link)s"),
        ),
        "declined": (_("Your application to %(school)s"), _("We cannot offer %(name)s a place.\n\n%(link)s")),
    }[letter]
    send_mail(" ".join((subject % said).split()), body % said, None, [application.email])
