"""The forms of messages; what they accept is checked again by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from identity.models import User
from schools.messaging import audiences
from schools.messaging.choices import Channel, Reader
from schools.messaging.gateways import registry
from schools.messaging.models import Announcement, Message, Settings, Template


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class _Addressed(forms.Form):
    """Who is meant: groups, and who of them is written to."""

    audience = forms.MultipleChoiceField(label=_("Who is meant"), choices=(), widget=forms.CheckboxSelectMultiple)
    readers = forms.MultipleChoiceField(
        label=_("Write to"), choices=Reader.choices, widget=forms.CheckboxSelectMultiple, initial=[Reader.GUARDIANS]
    )

    def address(self, user: User, chosen: list[dict[str, str]] | None = None) -> None:
        """Offer this user's groups, and those that were chosen before."""
        offered = audiences.offered(user)
        choices = [
            (f"{one.key}:{value}", f"{one.label}: {label}" if value else str(label))
            for one, options in offered
            for value, label in options
        ]
        known = {value for value, _label in choices}
        choices += [
            (f"{row['key']}:{row['value']}", words)
            for row, words in zip(chosen or [], audiences.words(chosen or [], user), strict=True)
            if f"{row['key']}:{row['value']}" not in known
        ]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]

    def addressed(self) -> dict[str, Any]:
        """What was chosen, as the services take it."""
        pairs = [value.partition(":") for value in self.cleaned_data["audience"]]
        return {
            "audience": [{"key": key, "value": value} for key, _colon, value in pairs],
            "readers": self.cleaned_data["readers"],
        }


class MessageForm(forms.ModelForm[Message], _Addressed):
    """A message: what it says, to whom, by which way, and when."""

    channels = forms.MultipleChoiceField(label=_("Send by"), choices=(), widget=forms.CheckboxSelectMultiple)
    field_order = ("title", "audience", "readers", "channels", "body", "body_sw", "topic", "send_at", "confidential")

    class Meta:
        model = Message
        fields = ("title", "body", "body_sw", "topic", "send_at", "confidential")
        widgets = {
            "body": _lines(5), "body_sw": _lines(4),
            "send_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        }  # fmt: skip
        help_texts = {
            "body": _("Fields: {first_name} {children} {class} {school} {date}; {is|are} fits the number of children."),
            "body_sw": _("For those who read Kiswahili; empty sends the English."),
            "send_at": _("Empty sends it now, or after the quiet hours."),
            "confidential": _("Only you, the head and who receives it read the text."),
        }

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.instance.audience if not self.instance._state.adding else []
        self.address(user, chosen)
        self.fields["channels"].choices = [  # type: ignore[attr-defined]
            (one, Channel(one).label) for one in registry.channels()
        ]
        if not self.instance._state.adding:
            self.initial["audience"] = [f"{row['key']}:{row['value']}" for row in chosen]
            self.initial["readers"], self.initial["channels"] = self.instance.readers, self.instance.channels

    def validate_constraints(self) -> None:
        """Left to the service."""

    def said(self) -> dict[str, Any]:
        """Everything, as the services take it."""
        text = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        return {**text, **self.addressed(), "channels": self.cleaned_data["channels"]}


class AnnouncementForm(forms.ModelForm[Announcement], _Addressed):
    """A notice for the board."""

    field_order = ("title", "body", "audience", "readers", "from_day", "until_day", "pinned", "must_confirm")

    class Meta:
        model = Announcement
        fields = ("title", "body", "from_day", "until_day", "pinned", "must_confirm")
        widgets = {
            "body": _lines(6),
            "from_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until_day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = self.instance.audience if not self.instance._state.adding else []
        self.address(user, chosen)
        if not self.instance._state.adding:
            self.initial["audience"] = [f"{row['key']}:{row['value']}" for row in chosen]
            self.initial["readers"] = self.instance.readers

    def validate_constraints(self) -> None:
        """Left to the service."""

    def said(self) -> dict[str, Any]:
        """Everything, as the services take it."""
        return {**{name: self.cleaned_data[name] for name in self._meta.fields or ()}, **self.addressed()}


class SettingsForm(forms.ModelForm[Settings]):
    """How the school sends."""

    provider = forms.ChoiceField(
        label=_("SMS provider"),
        choices=(("console", _("None yet: nothing leaves the platform")), ("africas_talking", "Africa's Talking")),
    )
    key = forms.CharField(
        label=_("API key"), required=False, max_length=200, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}), help_text=_("Empty keeps the one that is stored."),
    )  # fmt: skip
    field_order = ("provider", "username", "key")

    class Meta:
        model = Settings
        fields = (
            "provider", "username", "sender", "price", "quiet_from", "quiet_until", "approval_above", "balance_low",
        )  # fmt: skip
        widgets = {
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }

    def validate_constraints(self) -> None:
        """Left to the service."""


class TemplateForm(forms.ModelForm[Template]):
    """A text to start from."""

    class Meta:
        model = Template
        fields = ("name", "topic", "title", "body", "body_sw", "is_active")
        widgets = {"body": _lines(5), "body_sw": _lines(4)}

    def validate_constraints(self) -> None:
        """Left to the service."""


class CreditForm(forms.Form):
    """SMS parts that the school bought."""

    parts = forms.IntegerField(label=_("Parts"), min_value=1, max_value=1_000_000)
    note = forms.CharField(label=_("Where they come from"), max_length=160, required=False)
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)
