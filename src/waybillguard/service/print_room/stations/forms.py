"""The form of the print room's rules."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.print_room.models import PrintRule


class RuleForm(forms.ModelForm[PrintRule]):
    """Limits of reprints, duration of leases, and when to clean a head."""

    reprints_a_shift = forms.IntegerField(
        label=_("Labels one person prints again in a shift without a second person"),
        min_value=0,
        max_value=500,
    )
    lease_seconds = forms.IntegerField(
        label=_("Seconds after which a label without news counts as uncertain"), min_value=15, max_value=600
    )
    misses = forms.IntegerField(
        label=_("Failures of a printer that ask for a clean head"), min_value=2, max_value=100
    )
    miss_minutes = forms.IntegerField(label=_("within so many minutes"), min_value=5, max_value=1440)

    class Meta:
        model = PrintRule
        fields: ClassVar[list[str]] = ["reprints_a_shift", "lease_seconds", "misses", "miss_minutes"]
