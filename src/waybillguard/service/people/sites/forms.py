"""The choice of a site on the forms of people and devices."""

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
    """Return the field; None where the warehouse has no site, so that its forms stay as they were.

    Args:
        tenant: whose sites.
        help_text: what the choice does.
        kept: key of the site chosen until now, which stays a choice when it was closed.
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
