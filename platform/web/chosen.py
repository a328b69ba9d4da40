"""The ticked rows of a list, as a form posts them."""

from uuid import UUID

from django.http import HttpRequest

MOST = 1000


def ids(request: HttpRequest) -> list[UUID]:
    """The ids of `chosen`; what is no id is left out."""
    found = []
    for value in request.POST.getlist("chosen")[:MOST]:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
