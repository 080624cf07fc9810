"""Forms of the print PCs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Site
from waybillguard.service.identity.sites.services import open_sites
from waybillguard.service.tenancy.models import Tenant


class ReportForm(forms.Form):
    """A scan report from a print PC."""

    station = forms.CharField(
        label=_("Station"),
        max_length=60,
        help_text=_("The station's name, as under Devices."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "stations"}),
    )
    file = forms.FileField(
        label=_("Result of the scan (file)"),
        required=False,
        help_text=_("On the print PC: waybillguard sensor scan --json scan.json; bring the file here."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    pasted = forms.CharField(
        label=_("Or its text"),
        max_length=2_000_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check that a file or a text was given."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not cleaned.get("pasted", "").strip() and "file" not in self.errors:
            self.add_error("file", _("Choose the file, or paste what it holds."))
        return cleaned


class ApprovalForm(forms.Form):
    """A tool to approve for print PCs."""

    tool = forms.CharField(
        label=_("Tool"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off", "list": "tools"})
    )
    used_by = forms.CharField(
        label=_("Used by"),
        max_length=80,
        help_text=_("Who may use it: a company or a function, such as ERP support."),
    )
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("every site")
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        sites = open_sites(tenant)
        if sites:
            field = self.fields["site"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Site.objects.filter(tenant=tenant, pk__in=[site.pk for site in sites])
        else:
            del self.fields["site"]
