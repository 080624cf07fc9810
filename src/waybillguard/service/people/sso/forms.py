"""Forms to set up the identity provider."""

import ssl
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.service.identity.accounts.sso_proof import seal_secret
from waybillguard.service.identity.models import IdentityProvider
from waybillguard.service.people.sso import saml
from waybillguard.service.people.sso.errors import SingleSignOnError
from waybillguard.service.people.sso.fetching import Fetcher, host_of

_MOST_METADATA = 256 * 1024
_MOST_VALUES = 10


class _ProviderForm(forms.ModelForm[IdentityProvider]):
    """Fields of both protocols; the address of a provider must be https."""

    counts = forms.CharField(
        label=_("What counts as a second factor"), required=False, max_length=1000,
        help_text=_(
            "Values that the provider sends after it has asked for two factors, separated by blanks. Empty: nothing "
            "counts, and whoever needs a second factor sets one up here."
        ),
    )  # fmt: skip

    class Meta:
        model = IdentityProvider
        fields = ("name", "authority")
        labels = {  # noqa: RUF012 - Django reads it
            "name": _("Name on the button"),
            "authority": _("Certificate authority"),
        }
        help_texts = {  # noqa: RUF012
            "authority": _(
                "Only for a provider within the house with an authority of its own: its certificate as PEM."
            ),
        }
        widgets = {  # noqa: RUF012
            "authority": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        }

    kind: IdentityProvider.Kind

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.fields["counts"].initial = " ".join(self.instance.second_factor)
        self.order_fields(
            [*(name for name in self.fields if name not in {"counts", "authority"}), "counts", "authority"]
        )
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean_authority(self) -> str:
        """Return the certificates if they can be read."""
        text = str(self.cleaned_data["authority"]).strip()
        if text:
            try:
                ssl.create_default_context(cadata=text)
            except (ssl.SSLError, ValueError):
                raise ValidationError(_("This is not a certificate as PEM.")) from None
        return text

    def clean_counts(self) -> list[str]:
        """Return the list of values."""
        values = str(self.cleaned_data["counts"]).split()
        if len(values) > _MOST_VALUES:
            raise ValidationError(_("At most ten values."))
        return values

    def provider(self) -> IdentityProvider:
        """Return the provider to save as a new revision that nobody has tried."""
        found = self.save(commit=False)
        found.kind = self.kind
        found.second_factor = self.cleaned_data["counts"]
        return found

    def _host(self, field: str) -> str:
        address = str(self.cleaned_data[field]).strip()
        try:
            host_of(address)
        except SingleSignOnError:
            raise ValidationError(_("An address that begins with https:// is needed.")) from None
        return address


class OidcForm(_ProviderForm):
    """A provider that uses OpenID Connect."""

    kind = IdentityProvider.Kind.OIDC
    secret = forms.CharField(
        label=_("Client secret"), required=False, max_length=500, strip=True,
        widget=forms.PasswordInput(render_value=False),
        help_text=_("Kept sealed and never shown again. Empty: the one kept so far stays."),
    )  # fmt: skip

    class Meta(_ProviderForm.Meta):
        fields = ("name", "issuer", "client_id", "authority")  # type: ignore[assignment]
        labels = {  # noqa: RUF012
            **_ProviderForm.Meta.labels,
            "issuer": _("Issuer"),
            "client_id": _("Client ID"),
        }
        help_texts = {  # noqa: RUF012
            **_ProviderForm.Meta.help_texts,
            "issuer": _("The address below which the provider keeps /.well-known/openid-configuration."),
        }

    def clean_issuer(self) -> str:
        """Return the issuer exactly as the provider writes it."""
        return self._host("issuer")

    def clean_client_id(self) -> str:
        """Return the client ID, which OpenID Connect requires."""
        if not self.cleaned_data["client_id"]:
            raise ValidationError(_("The provider gives you a client ID."))
        return str(self.cleaned_data["client_id"])

    def provider(self) -> IdentityProvider:
        """Return the provider with its secret sealed."""
        found = super().provider()
        found.metadata = found.metadata_url = ""
        if self.cleaned_data["secret"]:
            found.sealed_secret = seal_secret(self.cleaned_data["secret"])
        elif "issuer" in self.changed_data:
            found.sealed_secret = ""  # never send the secret of one provider to another
        return found


class SamlForm(_ProviderForm):
    """A provider that uses SAML: the address of its metadata, or the metadata itself."""

    kind = IdentityProvider.Kind.SAML

    class Meta(_ProviderForm.Meta):
        fields = ("name", "metadata_url", "metadata", "authority")  # type: ignore[assignment]
        labels = {  # noqa: RUF012
            **_ProviderForm.Meta.labels,
            "metadata_url": _("Address of the metadata"),
            "metadata": _("Or the metadata itself"),
        }
        help_texts = {  # noqa: RUF012
            **_ProviderForm.Meta.help_texts,
            "metadata_url": _(
                "Fetched once, when you save. After the provider changes its keys, save again."
            ),
        }
        widgets = {  # noqa: RUF012
            **_ProviderForm.Meta.widgets,
            "metadata": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        }

    def clean_metadata_url(self) -> str:
        """Return the address if there is one."""
        return self._host("metadata_url") if self.cleaned_data["metadata_url"] else ""

    def clean(self) -> dict[str, Any]:
        """Fetch the metadata if an address is given, and check that it can be used."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            text = _metadata(values)
            self.instance.issuer = saml.read_metadata(text)["entityId"]
        except SingleSignOnError as error:
            raise ValidationError(error.message(get_language() or "zh-hans")) from None
        values["metadata"] = text
        return values

    def provider(self) -> IdentityProvider:
        """Return the provider; SAML has no client ID and no secret."""
        found = super().provider()
        found.client_id = found.sealed_secret = ""
        return found


def _metadata(values: dict[str, Any]) -> str:
    """Return the metadata, fetched if an address is given.

    Raises:
        SingleSignOnError: no metadata, too large, or no answer.
    """
    address = values["metadata_url"]
    text = str(Fetcher(address, values["authority"]).get(address).text if address else values["metadata"])
    if not 0 < len(text) <= _MOST_METADATA:
        raise SingleSignOnError("metadata")
    return text
