"""Words and small facts of the people pages."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from waybillguard.service.people.browsers import unknown_browsers
from waybillguard.service.people.models import Browser, Employment, User

register = template.Library()

CHANGES = {
    "employed": _("Account opened"),
    "edited": _("Employment changed"),
    "link": _("One-time link made"),
    "let_go": _("Let go: all access ended"),
    "expired": _("Last day over: all access ended"),
    "asleep": _("Unused for 14 days: put to sleep"),
    "woken": _("Woken"),
    "shortened": _("Last day brought nearer"),
    "password_set": _("Password set"),
    "role": _("Given a wider role"),
    "role_lowered": _("Given a narrower role"),
    "session_ended": _("Session ended"),
    "token_revoked": _("Shell token ended"),
    "freeze": _("Looks stopped"),
    "device_code": _("Code made for a device"),
    "device_active": _("Device released"),
    "compatibility_on": _("Compatibility mode turned on"),
    "compatibility_off": _("Compatibility mode turned off"),
    "device_restricted": _("Device restricted"),
    "device_revoked": _("Device ended for good"),
    "badge_issued": _("Badge issued"),
    "badge_start_number": _("New start number for the badge"),
    "badge_pin": _("PIN of the badge chosen"),
    "badge_revoked": _("Badge revoked"),
    "shared": _("Marked as a shared account"),
    "not_shared": _("No longer a shared account"),
    "overtime": _("Overtime granted"),
    "overtime_withdrawn": _("Overtime withdrawn"),
    "sale_declared": _("Sale declared"),
    "sale_withdrawn": _("Sale withdrawn"),
    "new_browser": _("First sign-in from a new browser"),
    "browser_known": _("Called a new browser their own"),
    "leaving_item": _("An outside account was shown disabled"),
    "leaving_closed": _("Leaving closed: every system shown disabled"),
    "directory_token": _("A token for the directory was made"),
    "directory_token_revoked": _("A token of the directory was revoked"),
    "directory_role": _("What a group of the directory may do was decided"),
    "directory_let_go": _("Let go by the directory: all access ended"),
    "account_revived": _("An outside account came back to life after it was shown disabled"),
    "list_applied": _("A list was taken into the register"),
    "account_entered": _("Outside account entered by hand"),
    "account_dropped": _("Outside account taken out of the register"),
    "reconciled": _("Register held against the payroll list"),
    "evidence_seen": _("Proof of a disabled account opened"),
}
LOOKS = {
    "reveal": _("Shown in full"),
    "export": _("Label files and exports"),
    "search": _("Searches"),
    "print": _("Labels"),
    "reprint": _("Labels again"),
    "import": _("Imports"),
    "handover": _("Handed to a carrier"),
}


@register.filter
def change(what: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return a change of an account in words."""
    return CHANGES.get(what, what)


@register.filter
def look(kind: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return a kind of look in words."""
    return LOOKS.get(kind, kind)


@register.simple_tag
def new_browsers(user: User) -> list[Browser]:
    """Return the browsers the person has not yet called their own."""
    return unknown_browsers(user)


@register.filter
def period(person: User) -> Employment | None:
    """Return a person's latest employment out of the prefetched ones."""
    found: list[Employment] = sorted(person.employments.all(), key=lambda one: one.pk)
    return found[-1] if found else None
