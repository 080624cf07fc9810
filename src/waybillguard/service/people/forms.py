"""Forms of the sign-in, of the first sign-in and of the people page."""

from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.identity.models import Employment, Role, User
from waybillguard.service.people.sites.forms import site_field
from waybillguard.service.tenancy.models import Tenant


class LoginForm(theirs.LoginForm):  # type: ignore[misc] # allauth is untyped
    """allauth's form of the sign-in with our word for the name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth's own arguments
        super().__init__(*args, **kwargs)
        name = self.fields["login"]
        name.label = name.widget.attrs["placeholder"] = _("Sign-in name")


class SetupForm(forms.ModelForm[User]):
    """Name and password of a person who opens a one-time link."""

    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A short sentence is easy to remember and hard to guess."),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ("username",)
        labels = {"username": _("Sign-in name")}  # noqa: RUF012 - Django reads it
        help_texts = {"username": ""}  # noqa: RUF012
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "username"})}  # noqa: RUF012

    def clean(self) -> dict[str, Any]:
        """Check that both passwords match and are strong enough."""
        values = super().clean() or self.cleaned_data
        first, second = values.get("password1"), values.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            candidate = User(username=values.get("username", self.instance.username))
            try:
                validate_password(first, candidate)
            except ValidationError as error:
                self.add_error("password1", error)
        return values


class PersonForm(forms.ModelForm[User]):
    """A new person of the warehouse."""

    class Meta:
        model = User
        fields = ("username", "display_name", "role")
        labels = {  # noqa: RUF012 - Django reads it
            "username": _("Sign-in name"),
            "display_name": _("Shown name"),
            "role": _("Role"),
        }
        help_texts = {"username": _("Letters, digits and @ . + - _ only.")}  # noqa: RUF012
        widgets = {"username": forms.TextInput(attrs={"autocomplete": "off"})}  # noqa: RUF012

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CLERK)


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EmploymentForm(forms.ModelForm[Employment]):
    """Start, end and kind of an employment. A temp has a last day."""

    class Meta:
        model = Employment
        fields = (
            "number",
            "employed_from",
            "employed_to",
            "temp",
            "agency",
            "identity_checked_on",
            "shift",
            "home_station",
        )
        labels = {  # noqa: RUF012 - Django reads it
            "number": _("Employee number"),
            "employed_from": _("Employed from"),
            "employed_to": _("Last day"),
            "temp": _("Temp"),
            "agency": _("Agency"),
            "identity_checked_on": _("Identity checked on"),
            "shift": _("Shift"),
            "home_station": _("Home station"),
        }
        help_texts = {  # noqa: RUF012
            "employed_to": _("On the day after, access ends by itself. A temp needs one."),
            "identity_checked_on": _(
                "The day on which somebody held the identity card in hand. Until then nothing is imported or printed."
            ),
        }
        widgets = {  # noqa: RUF012
            "employed_from": _date(),
            "employed_to": _date(),
            "identity_checked_on": _date(),
        }

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        bound = _("To which the policies may bind the person. Empty: bound to no site.")
        # Not a field of Meta: its choices belong to one tenant, and no scope is open when the class is created.
        site = site_field(tenant, bound, self.instance.site_id)
        if site is not None:
            self.fields["site"] = site
            self.initial.setdefault("site", self.instance.site_id)
        for name in ("employed_from", "employed_to", "identity_checked_on"):
            self.fields[name].required = False
        self._shifts = tuple(active_policies(tenant).shifts)
        unknown = [one for one in (self.instance.shift,) if one and one not in self._shifts]
        self.fields["shift"] = forms.ChoiceField(
            label=_("Shift"), required=False, initial=self.instance.shift,
            choices=[
                ("", _("Every shift")),
                *((one, one) for one in self._shifts),
                *((one, _("%(name)s: there is no such shift") % {"name": one}) for one in unknown),
            ],
        )  # fmt: skip
        for name in ("number", "home_station", "agency"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_shift(self) -> str:
        """Refuse a shift name that the policies in force do not know: it would have no effect."""
        given: str = self.cleaned_data["shift"]
        if given and given not in self._shifts:
            raise ValidationError(_("Choose a shift that the policies in force know."))
        return given

    def clean(self) -> dict[str, Any]:
        """Check that a temp has a last day and that the period does not end before it begins."""
        values = super().clean() or self.cleaned_data
        begins, ends = values.get("employed_from"), values.get("employed_to")
        if (values.get("temp") or values.get("agency")) and not ends and "employed_to" not in self.errors:
            self.add_error("employed_to", _("A temp needs a last day."))
        if begins and ends and ends < begins:
            self.add_error("employed_to", _("The last day lies before the first."))
        if values.get("agency"):
            values["temp"] = True
        if "site" in self.fields:
            self.instance.site = values.get("site")
        return values
