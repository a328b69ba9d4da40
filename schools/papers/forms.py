"""The forms of papers' pages; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import User
from schools.papers import queries
from schools.papers.choices import Layout
from schools.papers.models import Template

MOST_COLUMNS = 31


class CardsForm(forms.Form):
    """How cards are printed."""

    layout = forms.ChoiceField(label=_("On paper"), choices=Layout.choices, initial=Layout.SHEET)
    anew = forms.BooleanField(
        label=_("New cards for all"), required=False,
        help_text=_("Whoever holds a card loses it: for stolen cards. Without it a valid card is printed again."),
    )  # fmt: skip


class ClassPapersForm(CardsForm):
    """What to print of a class."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=[("cards", _("ID cards")), ("labels", _("Labels")), ("tick_list", _("Class list to tick"))],
    )
    columns = forms.CharField(
        label=_("Empty columns"), required=False, max_length=400,
        help_text=_("For the class list: names with commas between them, or a number such as 5."),
    )  # fmt: skip
    field_order = ["kind", "layout", "anew", "columns"]

    def clean_columns(self) -> list[str]:
        """The heads of the empty columns."""
        typed = str(self.cleaned_data["columns"]).strip()
        if typed.isdigit():
            return [""] * min(int(typed), MOST_COLUMNS) if int(typed) else []
        return [name.strip()[:20] for name in typed.split(",") if name.strip()][:MOST_COLUMNS]


class TemplateForm(forms.ModelForm[Template]):
    """The words of a letter."""

    class Meta:
        model = Template
        fields = ["kind", "name", "language", "title", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}


class IssueForm(forms.Form):
    """Which letter, and whether the guardians see it."""

    template: "forms.ModelChoiceField[Template]" = forms.ModelChoiceField(label=_("Letter"), queryset=None)
    shared = forms.BooleanField(label=_("Show it to the guardians"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.templates_visible_to(user)


class RevokeForm(forms.Form):
    """Why a letter is taken back."""

    reason = forms.CharField(label=_("Why"), max_length=200)
