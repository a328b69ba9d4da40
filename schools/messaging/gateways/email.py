"""E-mail by the platform's SMTP server (`EMAIL_URL`), under the school's name."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from schools.messaging.choices import Delivery, Why
from schools.messaging.gateways.base import Outgoing, Result, again


@dataclass(slots=True)
class Email:
    """One connection for a handful; who is refused for good is told from a server that is away."""

    school: str
    batch: int = 40

    def send(self, outgoing: Sequence[Outgoing]) -> list[Result]:
        """A result for each."""
        results: list[Result] = []
        sender = formataddr((self.school, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
        with get_connection() as connection:
            for one in outgoing:
                letter = EmailMessage(one.title, one.text, sender, [one.address], connection=connection)
                try:
                    letter.send()
                except smtplib.SMTPRecipientsRefused:
                    results.append(Result(one.key, Delivery.FAILED, Why.BAD_ADDRESS))
                except smtplib.SMTPResponseException as error:
                    said = str(error.smtp_code)
                    heals = 400 <= error.smtp_code < 500
                    results.append(
                        again(one.key, said) if heals else Result(one.key, Delivery.FAILED, Why.REFUSED, said)
                    )
                except OSError as error:
                    results.append(again(one.key, type(error).__name__))
                else:
                    results.append(Result(one.key, Delivery.SENT))
        return results
