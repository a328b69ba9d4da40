"""How people's phones, photos and states are shown."""

import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import storage
from schools.people.choices import PhotoState, StaffStatus, StudentStatus
from schools.people.models import Photo, Staff, Student
from web.templatetags import ui

register = template.Library()

_TYPES = (("avif", "image/avif"), ("webp", "image/webp"))
_WIDTHS = {"": "96", "s": "96", "l": "256", "xl": "640"}
_KENYA = re.compile(r"^\+254(\d{3})(\d{3})(\d{3})$")
_TONES = {
    StudentStatus.ENROLLED: "ok",
    StudentStatus.SUSPENDED: "warn",
    StudentStatus.LEFT: "line",
    StudentStatus.GRADUATED: "info",
    StaffStatus.ACTIVE: "ok",
    StaffStatus.ON_LEAVE: "warn",
}


@register.filter
def phone(number: str) -> str:
    """`+254722418093` as the country writes it, `0722 418 093`; other countries' as they are."""
    found = _KENYA.match(number or "")
    return "0{} {} {}".format(*found.groups()) if found else number or ""


@register.simple_tag
def portrait(name: str, photo: Photo | str | None = None, size: str = "") -> SafeString:
    """A person's photo in the best format that the browser reads, or the initials; a template's missing one is ""."""
    ready = isinstance(photo, Photo) and photo.state == PhotoState.READY
    kept = photo.variants.get(_WIDTHS[size], {}) if ready and isinstance(photo, Photo) else {}
    if "jpeg" not in kept:
        return SafeString(ui.avatar(name, size))
    offered = ((kind, storage.url(kept[name])) for name, kind in _TYPES if name in kept)
    sources = format_html_join("", '<source type="{}" srcset="{}">', offered)
    return format_html("<picture>{}{}</picture>", sources, ui.avatar(name, size, storage.url(kept["jpeg"])))


@register.simple_tag
def status(person: Student | Staff) -> SafeString:
    """Where a student or a member of staff stands, as a badge."""
    return SafeString(ui.badge(person.get_status_display(), _TONES.get(person.status, "line")))  # type: ignore[call-overload]


@register.simple_tag
def right(allowed: bool, yes: Any, no: Any) -> SafeString:
    """One right of a guardian as a badge, given or not."""
    if allowed:
        return SafeString(ui.badge(yes, "ok"))
    return SafeString(ui.badge(no, "line", "minus"))


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """A value out of a mapping."""
    return mapping.get(key)
