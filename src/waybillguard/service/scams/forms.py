"""Forms of checks and warning lists."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.scams.checking import MAX_TEXT
from waybillguard.service.scams.warnings import MAX_NUMBERS


class MessageForm(forms.Form):
    """A message, pasted."""

    text = forms.CharField(
        label=_("The message you got"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        error_messages={"required": _("Paste the message first.")},
    )


class OrderMessageForm(MessageForm):
    """A message that a caller reads out, and the order it is about, if the caller knows it."""

    number = forms.CharField(
        label=_("Order or waybill number, if known"),
        required=False,
        max_length=80,
        help_text=_("With it the message is also held against the order's state."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ClueForm(forms.Form):
    """Messages that buyers received, for a report to the police."""

    messages = forms.CharField(
        label=_("Messages that buyers received"),
        max_length=200_000,
        help_text=_("One a paragraph, a blank line between them. Nothing is kept here."),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def texts(self) -> list[str]:
        """Return the messages."""
        parts = re.split(r"\n[ \t]*\n", self.cleaned_data["messages"].replace("\r\n", "\n"))
        return [part.strip() for part in parts if part.strip()]


class WarningForm(forms.Form):
    """A leak: the affected orders, and the content of the notice to buyers."""

    title = forms.CharField(label=_("Name of the incident"), max_length=80)
    first = forms.DateField(label=_("Orders from"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("to"), widget=forms.DateInput(attrs={"type": "date"}))
    numbers = forms.CharField(
        label=_("Order numbers (optional)"),
        required=False,
        max_length=200_000,
        help_text=_("One a line. Empty: all orders of these days."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    kinds = forms.CharField(label=_("Information concerned"), max_length=120, initial="收件姓名、电话、地址")
    cause = forms.CharField(label=_("Cause"), max_length=120)
    certainty = forms.ChoiceField(
        label=_("Certainty"), choices=(("可能", _("may have leaked")), ("已", _("has leaked")))
    )
    measures = forms.CharField(label=_("Measures taken"), max_length=160)
    reported = forms.CharField(label=_("Reported to (optional)"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """Check that the days are in order and within two years."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days <= 730:  # noqa: PLR2004 - two years
            self.add_error("last", _("The last day is not before the first, and at most two years after it."))
        return cleaned

    def order_numbers(self) -> list[str]:
        """Return the distinct numbers, cut off one above the allowed maximum."""
        lines = (line.strip()[:80] for line in self.cleaned_data["numbers"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))[: MAX_NUMBERS + 1]

    def notice(self) -> dict[str, str]:
        """Return the fields of the notice."""
        return {
            name: self.cleaned_data[name] for name in ("kinds", "cause", "certainty", "measures", "reported")
        }
