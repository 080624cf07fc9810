"""Forms of first sign-in and of the people page."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from waybillguard.service.people.models import Role, User


class SetupForm(forms.ModelForm[User]):
    """Name and password of somebody who opens a one-time link."""

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
        """Check that both passwords agree and are good enough."""
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
