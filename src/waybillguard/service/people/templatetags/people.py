"""Texts and facts on the pages of people."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from waybillguard.service.identity.accounts.browsers import unknown_browsers
from waybillguard.service.identity.accounts.employment import latest_employment
from waybillguard.service.identity.models import Browser, Employment, IdentityProvider, SignInLink, User
from waybillguard.service.tenancy.models import Tenant

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
    "token_revoked": _("CLI token ended"),
    "freeze": _("Looks stopped"),
    "restricted": _("Restricted by the response to an alert"),
    "restriction_lifted": _("Restriction lifted"),
    "siem_set": _("SIEM entered or changed"),
    "siem_removed": _("SIEM removed"),
    "threshold": _("Threshold of a rule changed"),
    "decoy_placed": _("Decoy order placed"),
    "device_code": _("Code made for a device"),
    "device_active": _("Device released"),
    "compatibility_on": _("Compatibility mode turned on"),
    "compatibility_off": _("Compatibility mode turned off"),
    "device_restricted": _("Device restricted"),
    "device_revoked": _("Device ended for good"),
    "device_moved": _("Device moved to another site"),
    "device_copied": _("Key of the device used on two machines"),
    "pc_scanned": _("Print PC scanned"),
    "pc_restricted": _("Print PC restricted"),
    "pc_released": _("Print PC released"),
    "pc_step": _("Print PC: next step back to clean"),
    "tool_approved": _("Remote tool approved"),
    "tool_approval_withdrawn": _("Approval of a remote tool withdrawn"),
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
    "entrustment": _("Entrustment contract kept"),
    "entrustment_end_proposed": _("End of a contract proposed"),
    "entrustment_end_refused": _("End of a contract refused"),
    "entrustment_end_withdrawn": _("Proposal to end a contract withdrawn"),
    "entrustment_ended": _("Contract ended by two people"),
    "entrustment_returned": _("Orders returned to the merchant"),
    "entrustment_closed": _("Contract closed: orders destroyed, certified"),
    "entrustment_record_destroyed": _("Record of a contract destroyed after three years"),
    "new_browser": _("First sign-in from a new browser"),
    "browser_known": _("Called a new browser their own"),
    "leaving_item": _("An outside account was shown disabled"),
    "leaving_closed": _("Leaving closed: every system shown disabled"),
    "directory_token": _("A token for the directory was made"),
    "directory_token_revoked": _("A token of the directory was revoked"),
    "directory_role": _("What a group of the directory may do was decided"),
    "directory_let_go": _("Let go by the directory: all access ended"),
    "sso_set": _("Identity provider entered or changed"),
    "sso_on": _("Single sign-on switched on"),
    "sso_off": _("Single sign-on switched off"),
    "sso_linked": _("Linked with the identity provider"),
    "sso_unlinked": _("Link with the identity provider ended"),
    "sso_logged_out": _("Signed out by the identity provider"),
    "account_revived": _("An outside account came back to life after it was shown disabled"),
    "list_applied": _("A list was taken into the register"),
    "account_entered": _("Outside account entered by hand"),
    "account_dropped": _("Outside account taken out of the register"),
    "reconciled": _("Register held against the payroll list"),
    "seat": _("Sits for an authority"),
    "seat_left": _("Sits for no authority any more"),
    "hub_linked": _("Enrolled at a hub: reports every hour"),
    "hub_unlinked": _("Reports to the hub ended"),
    "screening_agreed": _("Agreed to a screening of victims by the police"),
    "case_room": _("Case documents opened by link and code"),
    "case_room_ended": _("Link to case documents ended"),
    "alert_explained": _("Alert explained"),
    "case_closed": _("Case closed or put under watch"),
    "destruction_planned": _("Destruction announced"),
    "destruction_stopped": _("Planned destruction stopped"),
    "destruction_confirmed": _("Large destruction confirmed"),
    "clock_confirmed": _("Date confirmed after the clock jumped"),
    "evidence_seen": _("Proof of a disabled account opened"),
    "merchant": _("Merchant of a person or shop changed"),
    "virtual_numbers": _("Provider of virtual numbers changed"),
    "machine_key": _("Interface key made"),
    "machine_key_revoked": _("Interface key revoked"),
    "platform_shop": _("Logs for a platform's shop switched on"),
    "platform_shop_stopped": _("Logs for a platform's shop switched off"),
    "raise_ended": _("Raise of a quota refused or ended"),
    "export_refused": _("Export refused"),
    "export_withdrawn": _("Export withdrawn"),
    "export_expired": _("Export expired"),
    "recipient_revoked": _("Recipient of sealed exports revoked"),
    "site_added": _("Site added"),
    "site_renamed": _("Site renamed"),
    "site_closed": _("Site closed"),
    "site_reopened": _("Site opened again"),
    "directory_renamed": _("Name changed by the directory"),
}
"""Texts for every kind in `change_kinds.EFFECTS`."""

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
    """Return the text for a change of an account."""
    return CHANGES.get(what, what)


@register.filter
def look(kind: str) -> Any:  # noqa: ANN401 - a lazy translation
    """Return the text for a kind of look."""
    return LOOKS.get(kind, kind)


@register.simple_tag
def new_browsers(user: User) -> list[Browser]:
    """Return the browsers that the person has not yet confirmed as their own."""
    return unknown_browsers(user)


@register.simple_tag
def provider_door(request: HttpRequest) -> dict[str, str]:
    """Return name and URL of the sign-in through the identity provider; empty if there is none.

    If several warehouses have one, none is named to an unknown visitor.
    """
    with scopes_disabled():
        on = list(
            IdentityProvider.objects.filter(active_since__isnull=False).values_list("name", "tenant__slug")[
                :2
            ]
        )
        alone = len(on) == 1 and Tenant.objects.count() == 1
    if not on:
        return {}
    if not alone:
        return {"name": "", "address": reverse("sso_which")}
    name, slug = on[0]
    return {"name": name, "address": reverse("sso_start", args=[slug]) + _back(request)}


@register.simple_tag
def own_provider(request: HttpRequest) -> dict[str, Any]:
    """Return the provider of the person's warehouse, if it is on, and the date of the person's link with it."""
    user = request.user
    if not isinstance(user, User) or user.tenant is None:
        return {}
    provider = IdentityProvider.objects.filter(tenant=user.tenant, active_since__isnull=False).first()
    if provider is None:
        return {}
    link = SignInLink.objects.filter(
        tenant=user.tenant, user=user, kind=provider.kind, issuer=provider.issuer
    ).first()
    return {"name": provider.name, "linked": link.linked_at if link else None, "back": _back(request)}


def _back(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return "?" + urlencode({"next": wanted}) if wanted else ""


@register.filter
def period(person: User) -> Employment | None:
    """Return a person's latest employment from the prefetched rows."""
    return latest_employment(person)
