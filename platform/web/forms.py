"""Django forms in the look's markup: label above, hint under it, the error in the place of the hint."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_ALERT = mark_safe('<svg class="i s" aria-hidden="true"><use href="#i-alert"/></svg>')
_CAMERA = mark_safe('<svg class="i" aria-hidden="true"><use href="#i-upload"/></svg>')


def draw(field: BoundField, *, affix: str = "", hint: str = "", label: str = "") -> SafeString:
    """One bound field with everything around it; hidden fields come bare."""
    widget = field.field.widget
    if field.is_hidden:
        return field.as_hidden()
    label = label or str(field.label)
    hint = hint or str(field.help_text or "")
    wrong = bool(field.errors)
    described = _described(field, hint, wrong)
    if isinstance(widget, forms.CheckboxInput):
        return _check(field, widget, label, hint, wrong, described)
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return _choices(field, label, hint, wrong)
    if isinstance(widget, forms.FileInput):
        return _file(field, label, hint, wrong, described)
    control = field.as_widget(attrs=_attrs(field, wrong, described))
    if affix:
        control = format_html('<div class="affix"><span>{}</span>{}</div>', affix, control)
    return format_html(
        '<div class="field{}"><label for="{}">{}{}</label>{}{}</div>',
        " wrong" if wrong else "",
        field.id_for_label,
        label,
        _optional(field),
        _below(field, hint, wrong),
        control,
    )


def draw_errors(form: forms.BaseForm, *, focus: bool = True) -> SafeString:
    """The summary at the top of a form that was refused; nothing when all is well."""
    items: list[tuple[str, str]] = [("", str(message)) for message in form.non_field_errors()]
    for field in form:
        prefix = f"{field.label}: " if field.label else ""
        items += [(field.id_for_label or field.auto_id, f"{prefix}{message}") for message in field.errors]
    if not items:
        return SafeString("")
    title = ngettext("%(n)s thing to correct", "%(n)s things to correct", len(items)) % {"n": len(items)}
    return format_html(
        '<div class="alert bad" role="alert"{}>{}<div><b>{}</b>{}</div></div>',
        mark_safe(' tabindex="-1" data-module="focus"') if focus else "",
        mark_safe('<svg class="i" aria-hidden="true"><use href="#i-alert"/></svg>'),
        title,
        format_html_join(
            "",
            "<p>{}</p>",
            (
                (format_html('<a class="link" href="#{}">{}</a>', target, text) if target else text,)
                for target, text in items
            ),
        ),
    )


def draw_all(form: forms.BaseForm) -> SafeString:
    """Every field in order."""
    return format_html_join("", "{}", ((draw(field),) for field in form))


def _described(field: BoundField, hint: str, wrong: bool) -> str:
    name = field.auto_id or field.html_name
    return f"{name}-e" if wrong else f"{name}-h" if hint else ""


def _attrs(field: BoundField, wrong: bool, described: str) -> dict[str, Any]:
    """The control's own class and what a screen reader needs."""
    numeric = isinstance(field.field, (forms.DecimalField, forms.FloatField))
    own = str(field.field.widget.attrs.get("class", ""))
    attrs: dict[str, Any] = {"class": " ".join(filter(None, ["input", "num" if numeric else "", own]))}
    if wrong:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = described
    return attrs


def _optional(field: BoundField) -> SafeString:
    """Most fields are needed; the others say so."""
    if field.field.required:
        return SafeString("")
    return format_html(' <small class="muted">{}</small>', _("optional"))


def _below(field: BoundField, hint: str, wrong: bool) -> SafeString:
    """The error in the hint's place, or the hint."""
    name = field.auto_id or field.html_name
    if wrong:
        return format_html(
            '<span class="err" id="{}-e">{}<span>{}</span></span>', name, _ALERT, " ".join(map(str, field.errors))
        )
    if hint:
        return format_html('<span class="hint" id="{}-h">{}</span>', name, hint)
    return SafeString("")


def _check(
    field: BoundField, widget: forms.CheckboxInput, label: str, hint: str, wrong: bool, described: str
) -> SafeString:
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described else {}
    if wrong:
        attrs["aria-invalid"] = "true"
    is_switch = widget.attrs.get("role") == "switch"
    if is_switch:
        attrs["class"] = "switch"
    return format_html(
        '<div class="field{}"><label class="check">{}<span>{}</span></label>{}</div>',
        " wrong" if wrong else "",
        field.as_widget(attrs=attrs),
        label,
        _below(field, hint, wrong),
    )


def _choices(field: BoundField, label: str, hint: str, wrong: bool) -> SafeString:
    boxes = format_html_join(
        "", '<label class="check">{}<span>{}</span></label>', ((box.tag(), box.choice_label) for box in field)
    )
    return format_html(
        '<fieldset class="field{}" id="{}"><legend>{}{}</legend>{}{}</fieldset>',
        " wrong" if wrong else "",
        field.auto_id or field.html_name,
        label,
        _optional(field),
        _below(field, hint, wrong),
        boxes,
    )


def _file(field: BoundField, label: str, hint: str, wrong: bool, described: str) -> SafeString:
    attrs: dict[str, Any] = {"class": "vh", "data-file": True}
    if described:
        attrs["aria-describedby"] = described
    if wrong:
        attrs["aria-invalid"] = "true"
    widget = field.field.widget
    plain = forms.FileInput(attrs={**widget.attrs, **attrs})
    control = field.as_widget(widget=plain)
    return format_html(
        '<div class="field{}"><span class="lab">{}{}</span>{}<label class="file" data-module="drop">{}{}'
        '<span><b class="link">{}</b></span><span data-chosen>{}</span></label></div>',
        " wrong" if wrong else "",
        label,
        _optional(field),
        _below(field, hint if wrong else "", wrong),
        control,
        _CAMERA,
        _("Choose a file"),
        hint or _("or drop it here"),
    )
