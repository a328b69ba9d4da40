"""The numbers beside the console's navigation."""

from django.http import HttpRequest

from tenants import context, sign_ups


def waiting_sign_ups(_request: HttpRequest) -> int:
    """How many schools wait for an answer."""
    with context.in_public():
        return sign_ups.waiting().count()
