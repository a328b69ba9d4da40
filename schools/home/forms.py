"""What the head types about the school, and what is asked of the trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity import roles, scopes
from identity.models import Language
from schools.home import identity_card
from web import colour

_DAY = {"type": "date"}
_INPUT = {"class": "input"}


class ProfileForm(forms.Form):
    """The words of a school."""

    name = forms.CharField(label=_("Name"), max_length=identity_card.LONGEST["name"])
    short_name = forms.CharField(
        label=_("Short name"),
        max_length=identity_card.LONGEST["short_name"],
        required=False,
        help_text=_("For phones. Empty: the name without “School”."),
    )
    motto = forms.CharField(label=_("Motto"), max_length=identity_card.LONGEST["motto"], required=False)
    place = forms.CharField(
        label=_("Place"), max_length=identity_card.LONGEST["place"], required=False, help_text=_("For example Nakuru.")
    )
    phone = forms.CharField(
        label=_("Phone of the office"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("For example 0722 418 093."),
    )
    email = forms.EmailField(label=_("E-mail of the office"), required=False)
    address = forms.CharField(
        label=_("Postal address"),
        max_length=identity_card.LONGEST["address"],
        required=False,
        help_text=_("For example P.O. Box 1234, Nakuru 20100."),
    )
    language = forms.ChoiceField(
        label=_("Language of the school"),
        choices=Language.choices,
        help_text=_("Visitors and new accounts start in it; everybody may choose another."),
    )


class LookForm(forms.Form):
    """Colour and emblem of the crest."""

    accent = forms.CharField(
        label=_("Colour of the crest"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("It is checked: it must be seen on white paper and on a dark screen."),
    )
    emblem = forms.ChoiceField(
        label=_("Emblem"),
        choices=[("sun", _("Rising sun")), ("book", _("Open book")), ("tree", _("Tree")), ("star", _("Star"))],
    )

    def clean_accent(self) -> str:
        """The colour, or the sentence that says why not."""
        return colour.check_accent(self.cleaned_data["accent"])


class LogoForm(forms.Form):
    """A picture in place of the drawn crest."""

    logo = forms.FileField(
        label=_("Logo"),
        max_length=200,
        help_text=_("PNG, JPEG or WebP, 2 MB at most. It stands in place of the crest."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp", "data-max-mb": 2}),
    )


class TermForm(forms.Form):
    """Name and days of a term."""

    name = forms.CharField(label=_("Name"), max_length=40)
    starts_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Closes on"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    half_term_starts_on = forms.DateField(
        label=_("Half-term from"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )
    half_term_ends_on = forms.DateField(
        label=_("Half-term to"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


class AccessForm(forms.Form):
    """A program that is let in, and how far."""

    name = forms.CharField(
        label=_("Name of the program"), max_length=80, help_text=_("So that you know it again, for example Library.")
    )
    role = forms.ChoiceField(
        label=_("It sees and does what this role may"),
        choices=[(role.value, role.label) for role in (roles.Role.REGISTRAR, roles.Role.BURSAR, roles.Role.HEAD)],
    )
    scopes = forms.MultipleChoiceField(
        label=_("But only this"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = list(scopes.all().items())  # type: ignore[attr-defined]


class TrailForm(forms.Form):
    """What to look for in the trail."""

    person = forms.CharField(label=_("Who"), max_length=100, required=False, widget=forms.TextInput(attrs=_INPUT))
    thing = forms.CharField(label=_("What"), max_length=100, required=False, widget=forms.TextInput(attrs=_INPUT))
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={**_DAY, **_INPUT}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={**_DAY, **_INPUT}, format="%Y-%m-%d")
    )
