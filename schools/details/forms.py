"""The forms of a school's own facts; what they accept is checked again by the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools.details import choices, queries
from schools.details.choices import FieldKind
from schools.details.models import Details, House, OwnField

PREFIX = "own-"


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


class HouseForm(forms.Form):
    """A house."""

    name = forms.CharField(label=_("Name"), max_length=60)
    colour = forms.ChoiceField(label=_("Colour"), choices=choices.Colour.choices, required=False)


class OwnFieldForm(forms.Form):
    """A field of the school's own."""

    label = forms.CharField(label=_("Question"), max_length=80, help_text=_("Such as “Religious name” or “Club”."))
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=choices.FieldKind.choices)
    options = forms.CharField(
        label=_("List to choose from"), required=False, max_length=6000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on a line; only for lists."),
    )  # fmt: skip
    help_text = forms.CharField(label=_("Help under the question"), max_length=160, required=False)
    audience = forms.ChoiceField(label=_("Read by"), choices=choices.Audience.choices)
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=999, initial=1)
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    retired = forms.BooleanField(label=_("Asked no longer"), required=False)

    def clean_options(self) -> list[str]:
        """One option of each line."""
        return [line for line in str(self.cleaned_data["options"]).splitlines() if line.strip()]


class PatternForm(forms.Form):
    """How admission numbers look."""

    pattern = forms.CharField(
        label=_("Pattern"), max_length=60, required=False,
        help_text=_("{n} counts, {n:4} with four digits; {year} or {yy} is the year. Such as A{n:4} or {yy}/{n:3}."),
    )  # fmt: skip


class DetailsForm(forms.Form):
    """House, previous school, tags, and an answer to each field of the school's own."""

    house: "forms.ModelChoiceField[House]" = forms.ModelChoiceField(
        label=_("House"), queryset=None, required=False, empty_label=_("None")
    )
    previous_school = forms.CharField(label=_("Previous school"), max_length=120, required=False)
    tags = forms.CharField(
        label=_("Tags"), max_length=600, required=False, help_text=_("Separated by commas, such as Bursary, Choir.")
    )

    def __init__(
        self, data: Any = None, *, details: Details, fields: Sequence[OwnField] | None = None, prefix: str | None = None
    ) -> None:
        initial = {
            "house": details.house_id, "previous_school": details.previous_school, "tags": ", ".join(details.tags),
        }  # fmt: skip
        super().__init__(data, initial=initial, prefix=prefix)
        _offer_houses(self)
        self.own = list(queries.asked() if fields is None else fields)
        for field in self.own:
            self.fields[PREFIX + field.key] = _form_field(field, details.answers.get(field.key))

    def facts(self) -> dict[str, Any]:
        """What was filled in, for the service."""
        data = self.cleaned_data
        return {
            "house": data["house"],
            "previous_school": data["previous_school"],
            "tags": _split(data["tags"]),
            "given": {field.key: data[PREFIX + field.key] for field in self.own},
        }


class HouseSeveralForm(forms.Form):
    """The house of several students."""

    house: "forms.ModelChoiceField[House]" = forms.ModelChoiceField(
        label=_("House"), queryset=None, required=False, empty_label=_("None")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_houses(self)


class TagSeveralForm(forms.Form):
    """Tags that several students get and lose."""

    add = forms.CharField(label=_("Tags to give"), max_length=200, required=False, help_text=_("Separated by commas."))
    remove = forms.CharField(label=_("Tags to take away"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Something must be said."""
        found = {name: _split(value) for name, value in (super().clean() or {}).items()}
        if not any(found.values()) and not self.errors:
            raise forms.ValidationError(_("Say which tags."))
        return found


def _offer_houses(form: forms.Form) -> None:
    field = form.fields["house"]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queries.houses()


def _form_field(field: OwnField, answer: Any) -> forms.Field:
    said: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": field.required}
    listed = [(one, one) for one in field.options]
    if field.kind == FieldKind.NOTE:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, initial=answer, **said)
    if field.kind == FieldKind.NUMBER:
        return forms.CharField(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_length=20, initial=answer, **said
        )
    if field.kind == FieldKind.DATE:
        return forms.DateField(widget=_date(), initial=answer, **said)
    if field.kind == FieldKind.YES_NO:
        words = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]
        return forms.ChoiceField(choices=words, initial={True: "yes", False: "no"}.get(answer, ""), **said)
    if field.kind == FieldKind.ONE_OF:
        return forms.ChoiceField(choices=[("", "–"), *listed], initial=answer, **said)
    if field.kind == FieldKind.SEVERAL_OF:
        return forms.MultipleChoiceField(choices=listed, widget=forms.CheckboxSelectMultiple, initial=answer, **said)
    return forms.CharField(max_length=200, initial=answer, **said)
