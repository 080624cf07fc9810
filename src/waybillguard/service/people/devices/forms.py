"""The form for a new device."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import BROWSERS, DeviceKind, User
from waybillguard.service.people.sites.forms import site_field
from waybillguard.service.tenancy.models import Tenant


class CodeForm(forms.Form):
    """Kind, location and holder of the device that a code is for."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(kind.value, kind.label) for kind in (DeviceKind.AGENT, *BROWSERS)],
        initial=DeviceKind.AGENT,
        required=False,
    )
    station = forms.CharField(
        label=_("Station"),
        max_length=60,
        help_text=_("As people call the place, for example: Packing table 3."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "stations"}),
    )
    holder = forms.ModelChoiceField(
        label=_("Belongs to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("the station, nobody's own"),
        help_text=_("A person's own device ends with the person's access."),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        people = User.objects.filter(tenant=tenant, is_active=True).order_by("pk")
        self.fields["holder"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        site = site_field(tenant, _("Where it stands."))
        if site is not None:
            self.fields["site"] = site

    def clean_kind(self) -> DeviceKind:
        """Default to a print agent if the form has no kind."""
        return DeviceKind(self.cleaned_data["kind"] or DeviceKind.AGENT)
