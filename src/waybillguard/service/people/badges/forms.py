"""The forms of a station: enrolment code, badge and PIN, the first own PIN."""

from django import forms
from django.utils.translation import gettext_lazy as _

from waybillguard.access.pins import DIGITS


def _secret(**attributes: str) -> forms.PasswordInput:
    # A password field: no input method for Chinese gets between a scan gun and the page.
    return forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric", **attributes})


class ScanForm(forms.Form):
    """Badge and PIN. After the scan gun's Enter the browser moves to the empty PIN field."""

    badge = forms.CharField(
        label=_("Badge"),
        max_length=60,
        help_text=_("Scan it with the gun."),
        widget=_secret(autofocus="autofocus"),
    )
    pin = forms.CharField(
        label=_("PIN"),
        max_length=DIGITS,
        help_text=_("Six digits. The first time: the start number that came with the badge."),
        widget=_secret(pattern=f"[0-9]{{{DIGITS}}}"),
    )


class PinForm(forms.Form):
    """The person's own PIN, entered twice."""

    pin1 = forms.CharField(
        label=_("Your own PIN"),
        max_length=DIGITS,
        help_text=_("Six digits that nobody guesses: no birthday, no sequence."),
        widget=_secret(pattern=f"[0-9]{{{DIGITS}}}", autofocus="autofocus"),
    )
    pin2 = forms.CharField(
        label=_("Once more"), max_length=DIGITS, widget=_secret(pattern=f"[0-9]{{{DIGITS}}}")
    )

    def clean(self) -> dict[str, str]:
        """Check that both entries match."""
        given: dict[str, str] = super().clean() or self.cleaned_data
        if given.get("pin1") and given.get("pin2") and given["pin1"] != given["pin2"]:
            self.add_error("pin2", _("The two PINs differ."))
        return given


class EnrolForm(forms.Form):
    """The one-time code from an owner."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        help_text=_("An owner makes it on the Devices page; it counts for a quarter of an hour."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
