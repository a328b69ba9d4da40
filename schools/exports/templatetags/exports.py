"""The menu of files in the head of a list."""

from typing import Any

from django import template
from django.template.context import Context

from schools.exports import writing

register = template.Library()


@register.inclusion_tag("exports/menu.html", takes_context=True)
def take_home(context: Context, key: str) -> dict[str, Any]:
    """`{% take_home "guardians" %}`: this list as a file, with the filters of the address."""
    request = context["request"]
    asked = request.GET.copy()
    asked.pop("page", None)
    query = asked.urlencode()
    kinds = [(kind, kind.upper() if kind != "xlsx" else "Excel") for kind in writing.KINDS]
    return {"request": request, "key": key, "kinds": kinds, "query": f"?{query}" if query else ""}
