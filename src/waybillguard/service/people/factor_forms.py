"""allauth's forms for codes and passkeys, checked by keyd instead of allauth."""

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as theirs
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.service.authorization.step_up import action_to_confirm, forget_action, use_up_confirmation
from waybillguard.service.identity.accounts.factors import (
    KEPT_AT,
    begin_totp,
    confirm,
    enrol_passkey,
    enrol_totp,
    open_by_passkey,
)
from waybillguard.service.identity.grant import keep_grant
from waybillguard.service.keyd.client import RefusedError

_PENDING = "pending_totp"


class _CheckedByKeyd:
    """Have keyd check and spend the code. The browser gets the resulting grant once the form is saved."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - allauth's own arguments
        super().__init__(*given, **named)
        code = self.fields["code"]  # type: ignore[attr-defined] # allauth is untyped
        code.label = _("Six-digit code")
        code.widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        """Return the code if it is right."""
        forget_tries = check_rate_limit(self.user)  # type: ignore[attr-defined] # allauth is untyped
        code: str = self.cleaned_data["code"]  # type: ignore[attr-defined]
        confirmed = confirm(self.user, code, action_to_confirm(context.request))  # type: ignore[attr-defined]
        if confirmed is None:
            rows = Authenticator.objects.filter(user=self.user)  # type: ignore[attr-defined]
            totp = rows.filter(type=Authenticator.Type.TOTP).first() or rows.first()
            if totp is not None:
                self._emit_authentication_failed(totp)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator, self._grant = confirmed
        self.authenticator.user = self.user  # type: ignore[attr-defined]
        forget_tries()
        return code

    def save(self) -> None:
        """Record the use of the factor, and store its grant in the browser."""
        super().save()  # type: ignore[misc]
        if self._grant:
            keep_grant(context.request, self._grant)
        forget_action(context.request)


class AuthenticateForm(_CheckedByKeyd, theirs.AuthenticateForm):  # type: ignore[misc] # allauth is untyped
    """The second step of a sign-in."""


class ReauthenticateForm(_CheckedByKeyd, theirs.ReauthenticateForm):  # type: ignore[misc] # allauth is untyped
    """A confirmation in a session."""


class _PasskeyCheckedByKeyd:
    """Have keyd check the passkey's answer as well; allauth's own check finds the row."""

    def clean_credential(self) -> Authenticator:
        """Return the row of the passkey that answered."""
        answer = self.cleaned_data["credential"]  # type: ignore[attr-defined] # allauth is untyped
        row: Authenticator = super().clean_credential()  # type: ignore[misc]
        try:
            action = action_to_confirm(context.request)
            open_by_passkey(context.request, row.user, rp_id(), answer, action)
        except RefusedError as error:
            raise forms.ValidationError(error.message(get_language() or "zh-hans")) from None
        forget_action(context.request)
        return row


class AuthenticateWebAuthnForm(_PasskeyCheckedByKeyd, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of a sign-in, by passkey."""


class ReauthenticateWebAuthnForm(_PasskeyCheckedByKeyd, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A confirmation in a session, by passkey."""


class LoginWebAuthnForm(_PasskeyCheckedByKeyd, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A sign-in by passkey alone."""


class AddWebAuthnForm(passkey_forms.AddWebAuthnForm):  # type: ignore[misc] # allauth is untyped
    """Add a passkey that keyd has accepted; the stored credential holds keyd's handle."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")

    def clean(self) -> dict[str, Any]:
        """Have keyd check and accept the passkey."""
        cleaned: dict[str, Any] = super().clean()
        if credential := cleaned.get("credential"):
            try:
                handle = enrol_passkey(context.request, self.user, rp_id(), credential)
            except RefusedError as error:
                raise forms.ValidationError(error.message(get_language() or "zh-hans")) from None
            use_up_confirmation(context.request)
            cleaned["credential"] = {**credential, KEPT_AT: handle}
        return cleaned


def rp_id() -> str:
    """Return the relying party ID to which passkeys of this address are bound."""
    return str(get_adapter().get_public_key_credential_rp_entity()["id"])


class ActivateTOTPForm(forms.Form):
    """Add an authenticator app with a secret from keyd.

    ``secret`` is shown until its code is entered; then it is a handle.
    """

    code = forms.CharField(
        label=_("Authenticator code"),
        widget=forms.TextInput(attrs={"placeholder": _("Six digits"), "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's form
        self.user = kwargs.pop("user")
        super().__init__(*args, **kwargs)
        held = context.request.session.get(_PENDING, "") if self.is_bound else ""
        try:
            begun = begin_totp(self.user, base64.b64decode(held))
        except RefusedError:  # the page was open for too long
            begun = begin_totp(self.user)
        self._pending = begun.pending
        self.secret = begun.secret
        context.request.session[_PENDING] = base64.b64encode(begun.pending).decode()

    def clean_code(self) -> str:
        """Have keyd check the code and accept the factor."""
        validate_can_add_authenticator(self.user)
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        try:
            handle = enrol_totp(context.request, self.user, self._pending, code)
        except RefusedError as error:
            if error.reason == "factor_refused":
                raise get_adapter().validation_error("incorrect_code") from None
            raise forms.ValidationError(error.message(get_language() or "zh-hans")) from None
        forget_tries()
        use_up_confirmation(context.request)
        context.request.session.pop(_PENDING, None)
        self.secret = handle
        return code
