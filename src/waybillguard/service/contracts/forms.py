"""The form of a contract's terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.service.contracts.models import Entrustment, EntrustmentVersion
from waybillguard.service.contracts.terms import Terms
from waybillguard.service.identity.models import Merchant
from waybillguard.service.tenancy.models import Tenant

FIELDS = (
    "purpose", "kinds", "method", "first_day", "last_day", "measures", "sub_entrusting", "sub_entrusted", "contact",
)  # fmt: skip


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TermsForm(forms.Form):
    """Terms of a contract; ``over`` is the version that is being changed."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        initial=_("Printing labels, picking and handing parcels over to the carrier"),
    )
    kinds = forms.CharField(
        label=_("Kinds of personal data"),
        max_length=400,
        initial=_("Consignee's name, phone and address; order; goods"),
    )
    method = forms.CharField(
        label=_("How it is processed"), max_length=400,
        initial=_("Sealed on import, printed as masked labels, shredded by rule after delivery"),
    )  # fmt: skip
    first_day = forms.DateField(label=_("First day of the contract"), widget=_day())
    last_day = forms.DateField(
        label=_("Last day of the contract"), widget=_day(),
        help_text=_("After it no order of this merchant is taken in. A renewal is a new version with a later day."),
    )  # fmt: skip
    measures = forms.CharField(
        label=_("Protective measures"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        initial=_("Encryption per order, masked labels, two people for exports, every look in the ledger"),
    )  # fmt: skip
    sub_entrusting = forms.BooleanField(label=_("The merchant consents to sub-entrusting"), required=False)
    sub_entrusted = forms.CharField(
        label=_("To whom, and for what"), max_length=400, required=False,
        help_text=_("Without consent nothing may be passed on to another processor."),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("The merchant's contact for personal data"), max_length=200,
        help_text=_("Post and a way to reach it, for notices of a leak."),
    )  # fmt: skip
    over = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def terms(self) -> Terms:
        """Return the entered terms. Call ``is_valid`` first."""
        return Terms(**{name: self.cleaned_data[name] for name in FIELDS})


class NewForm(TermsForm):
    """A new contract with a merchant who has no open one."""

    merchant = forms.ModelChoiceField(
        label=_("Merchant"), queryset=Merchant.objects.none(), empty_label=_("Choose")
    )
    field_order = ("merchant", *FIELDS)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        taken = Entrustment.objects.filter(tenant=tenant, closed_at=None).values("merchant")
        free = Merchant.objects.filter(tenant=tenant).exclude(pk__in=taken).order_by("name")
        self.fields["merchant"].queryset = free  # type: ignore[attr-defined]  # of a ModelChoiceField


def form_of(version: EntrustmentVersion) -> TermsForm:
    """Return the form filled with a version's terms."""
    initial = {name: getattr(version, name) for name in FIELDS}
    return TermsForm(initial={**initial, "over": version.number})
