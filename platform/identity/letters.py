"""The letters that carry a link."""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from core import scope
from identity import tokens
from identity.models import User

Subject = Callable[[str], str]
Body = Callable[[str, str], str]


def invitation(user_id: str) -> None:
    """Mail a link with which an invited user chooses a password."""
    _send(
        user_id,
        lambda name: _("Your account at %(school)s") % {"school": name},
        lambda name, link: (
            _(
                "%(school)s has an account for you. Choose a password here:\n\n%(link)s\n\nThe link works for three days."
            )
            % {"school": name, "link": link}
        ),
    )


def reset(user_id: str) -> None:
    """Mail a link with which a user chooses a new password."""
    _send(
        user_id,
        lambda name: _("A new password for %(school)s") % {"school": name},
        lambda name, link: (
            _(
                "Somebody asked for a new password at %(school)s. Choose it here:\n\n%(link)s\n\n"
                "The link works for three days. If it was not you, leave this letter: nothing has changed."
            )
            % {"school": name, "link": link}
        ),
    )


def _send(user_id: str, subject: Subject, body: Body) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.email:
        return
    current = scope.current()
    name = current.name or settings.PLATFORM_NAME
    with translation.override(user.language):
        link = f"{_address(current)}/welcome/{tokens.link_token(user)}/"
        send_mail(subject(name), body(name, link), None, [user.email])


def _address(current: scope.Scope) -> str:
    host = current.host or (f"{current.slug}.{settings.PLATFORM_DOMAIN}" if current.slug else settings.PLATFORM_DOMAIN)
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}"
