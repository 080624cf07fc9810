"""The forms of overtime and sale days. Times are in the warehouse's time zone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant


def _clock() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OvertimeForm(forms.Form):
    """Overtime: person, start, end, reason."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose"))
    start = forms.DateTimeField(label=_("Starts"), widget=_clock())
    end = forms.DateTimeField(
        label=_("Ends"), widget=_clock(), help_text=_("At most 16 hours; it ends by itself.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=120,
        help_text=_("Of the work, never of a consignee."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, tenant: Tenant, granter: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        people = User.objects.filter(tenant=tenant, is_active=True).exclude(pk=granter.pk).order_by("pk")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # of a ModelChoiceField


class SaleForm(forms.Form):
    """A big sale and its days."""

    name = forms.CharField(
        label=_("Name of the sale"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    first = forms.DateField(label=_("First day of the sale"), widget=_day())
    last = forms.DateField(label=_("Last day of the sale"), widget=_day())
