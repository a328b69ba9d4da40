"""The letters that carry a link."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from core import scope
from identity import tokens
from identity.models import User


def invitation(user_id: str) -> None:
    """Mail a link with which an invited user chooses a password."""
    user = _reader(user_id)
    if user is None:
        return
    with translation.override(user.language):
        said = {"school": _sender(), "username": user.username, "link": _link(user)}
        _post(
            user,
            _("Your account at %(school)s") % said,
            _(
                "%(school)s has an account for you. Choose a password here:\n\n%(link)s\n\n"
                "Your username is %(username)s. The link works once, for three days."
            )
            % said,
        )


def reset(user_id: str) -> None:
    """Mail a link with which a user chooses a new password."""
    user = _reader(user_id)
    if user is None:
        return
    with translation.override(user.language):
        said = {"school": _sender(), "username": user.username, "link": _link(user)}
        _post(
            user,
            _("A new password for %(school)s") % said,
            _(
                "Somebody asked for a new password at %(school)s. Choose it here:\n\n%(link)s\n\n"
                "Your username is %(username)s. The link works once, for three days. "
                "If it was not you, leave this letter: nothing has changed."
            )
            % said,
        )


def _reader(user_id: str) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()


def _sender() -> str:
    return scope.current().name or str(settings.PLATFORM_NAME)


def _link(user: User) -> str:
    current = scope.current()
    host = current.host or (f"{current.slug}.{settings.PLATFORM_DOMAIN}" if current.slug else settings.PLATFORM_DOMAIN)
    door = "/console/welcome" if current.is_public else "/welcome"
    return f"{settings.SCHEME}://{host}{settings.PORT_SUFFIX}{door}/{tokens.link_token(user)}/"


def _post(user: User, subject: str, body: str) -> None:
    """One letter to one reader; a school's name cannot add lines to its head."""
    send_mail(" ".join(subject.split()), body, None, [user.email])
