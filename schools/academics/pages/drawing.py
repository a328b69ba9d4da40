"""What the pages of the academic structure share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_page(request: HttpRequest, form: Any, title: str, button: str, back: str, **more: Any) -> HttpResponse:
    """A page with one form: 400 when it was sent and refused."""
    page = {"form": form, "title": title, "button": button, "back": back, **more}
    return render(request, "academics/form.html", page, status=400 if form.is_bound else 200)
