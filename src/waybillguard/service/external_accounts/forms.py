"""Forms of the external accounts page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    """A list of one system's accounts: a file, or a pasted table."""

    system = forms.CharField(
        label=_("System"),
        max_length=200,
        required=False,
        help_text=_(
            "For example the ERP, a shop's back end, a courier portal. Not needed if a column says it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "systems"}),
    )
    file = forms.FileField(
        label=_("Export (CSV, Excel)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls"}),
    )
    pasted = forms.CharField(
        label=_("or paste the table with its titles"),
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class StaffListForm(ListForm):
    """A payroll list (花名册)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        del self.fields["system"]


class AccountForm(forms.Form):
    """One account, entered by hand."""

    system = forms.CharField(
        label=_("System"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "systems"}),
    )
    account = forms.CharField(
        label=_("Account"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    owner = forms.CharField(
        label=_("Owner: name or employee number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    enabled = forms.TypedChoiceField(
        label=_("State"),
        choices=(("yes", _("Works")), ("no", _("Disabled")), ("", _("Not known"))),
        coerce=lambda text: text == "yes",
        empty_value=None,
        required=False,
    )
