"""The site field on the forms of people and devices."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.models import Site
from waybillguard.service.tenancy.models import Tenant


def site_field(
    tenant: Tenant,
    help_text: Any,  # noqa: ANN401 - a lazy translation
    kept: int | None = None,
) -> "forms.ModelChoiceField[Site] | None":
    """Return the field, or None if the warehouse has no sites.

    Args:
        tenant: the warehouse.
        help_text: explains the effect of the choice.
        kept: key of the current site, which stays a choice even if it was closed.
    """
    choices = Site.objects.filter(Q(closed_at=None) | Q(pk=kept), tenant=tenant).order_by("code")
    if not choices.exists():
        return None
    return forms.ModelChoiceField(
        label=_("Site"),
        queryset=choices,
        required=False,
        empty_label=_("no site"),
        help_text=help_text,
    )
