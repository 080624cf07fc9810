"""The kinds of account changes, and whether the ledger entry is written before or after the change.

A change that grants rights is written to the ledger first, and refused without a receipt. A change that revokes
rights never waits: it is stored beside the account, and the ledger entry is retried until it is written.
"""

from enum import Enum, auto
from typing import Final


class Effect(Enum):
    """The effect of a change; it decides the order of change and ledger entry."""

    GIVES = auto()
    """Grants a right or a responsibility: without a ledger receipt the change is refused."""

    TAKES = auto()
    """Revokes access: the change never waits for the ledger."""

    TELLS = auto()
    """Records an event or a finding; nobody's rights change."""


EFFECTS: Final[dict[str, Effect]] = {
    # accounts and employments
    "employed": Effect.GIVES,
    "edited": Effect.GIVES,
    "shortened": Effect.TAKES,
    "merchant": Effect.GIVES,
    "virtual_numbers": Effect.GIVES,
    "woken": Effect.GIVES,
    "link": Effect.GIVES,
    "password_set": Effect.GIVES,
    "role": Effect.GIVES,
    "role_lowered": Effect.TAKES,
    "let_go": Effect.TAKES,
    "expired": Effect.TAKES,
    "asleep": Effect.TAKES,
    "session_ended": Effect.TAKES,
    "token_revoked": Effect.TAKES,
    "new_browser": Effect.TELLS,
    "browser_known": Effect.GIVES,
    # the directory (SCIM)
    "directory_token": Effect.GIVES,
    "directory_token_revoked": Effect.TAKES,
    "directory_role": Effect.GIVES,
    "directory_let_go": Effect.TAKES,
    "directory_renamed": Effect.TELLS,
    # single sign-on
    "sso_set": Effect.GIVES,
    "sso_on": Effect.GIVES,
    "sso_off": Effect.TAKES,
    "sso_linked": Effect.GIVES,
    "sso_unlinked": Effect.TAKES,
    "sso_logged_out": Effect.TAKES,
    # devices
    "device_code": Effect.GIVES,
    "device_active": Effect.GIVES,
    "device_restricted": Effect.TAKES,
    "device_revoked": Effect.TAKES,
    "device_moved": Effect.GIVES,
    "device_copied": Effect.TELLS,
    # print PCs
    "pc_scanned": Effect.TELLS,
    "pc_restricted": Effect.TAKES,
    "pc_released": Effect.GIVES,
    "pc_step": Effect.GIVES,
    "tool_approved": Effect.GIVES,
    "tool_approval_withdrawn": Effect.TAKES,
    # sites
    "site_added": Effect.GIVES,
    "site_renamed": Effect.GIVES,
    "site_closed": Effect.TAKES,
    "site_reopened": Effect.GIVES,
    # badges and shared accounts
    "badge_issued": Effect.GIVES,
    "badge_start_number": Effect.GIVES,
    "badge_pin": Effect.GIVES,
    "badge_revoked": Effect.TAKES,
    "shared": Effect.TAKES,
    "not_shared": Effect.GIVES,
    # overtime and sale days
    "overtime": Effect.GIVES,
    "overtime_withdrawn": Effect.TAKES,
    "sale_declared": Effect.GIVES,
    "sale_withdrawn": Effect.TAKES,
    "compatibility_on": Effect.GIVES,
    "compatibility_off": Effect.TAKES,
    # exports
    "export_refused": Effect.TAKES,
    "export_withdrawn": Effect.TAKES,
    "export_expired": Effect.TAKES,
    "recipient_revoked": Effect.TAKES,
    # contracts of entrusted processing
    "entrustment": Effect.GIVES,
    "entrustment_end_proposed": Effect.GIVES,
    "entrustment_end_refused": Effect.TAKES,
    "entrustment_end_withdrawn": Effect.TAKES,
    "entrustment_ended": Effect.GIVES,
    "entrustment_returned": Effect.GIVES,
    "entrustment_closed": Effect.GIVES,
    "entrustment_record_destroyed": Effect.GIVES,
    # quotas
    "freeze": Effect.TAKES,
    "raise_ended": Effect.TAKES,
    # machine keys of other programs
    "machine_key": Effect.GIVES,
    "machine_key_revoked": Effect.TAKES,
    # logs for platforms
    "platform_shop": Effect.GIVES,
    "platform_shop_stopped": Effect.TAKES,
    "siem_set": Effect.GIVES,
    "siem_removed": Effect.TAKES,
    # external accounts
    "list_applied": Effect.GIVES,
    "account_entered": Effect.GIVES,
    "account_dropped": Effect.GIVES,
    "account_revived": Effect.TELLS,
    "reconciled": Effect.TELLS,
    "leaving_item": Effect.GIVES,
    "leaving_closed": Effect.GIVES,
    "evidence_seen": Effect.GIVES,
    # destruction by age
    "destruction_planned": Effect.TELLS,
    "destruction_stopped": Effect.TAKES,
    "destruction_confirmed": Effect.GIVES,
    "clock_confirmed": Effect.GIVES,
    # a town's hub
    "seat": Effect.GIVES,
    "seat_left": Effect.TAKES,
    "hub_linked": Effect.GIVES,
    "hub_unlinked": Effect.TAKES,
    "screening_agreed": Effect.GIVES,
    "case_room": Effect.GIVES,
    "case_room_ended": Effect.TAKES,
    # cases and alerts
    "case_closed": Effect.TELLS,
    "alert_explained": Effect.TELLS,
    # the response to an alarm
    "restricted": Effect.TAKES,
    "restriction_lifted": Effect.GIVES,
    "threshold": Effect.GIVES,
    "decoy_placed": Effect.TELLS,
}

QUOTA: Final = frozenset({"freeze", "raise_ended"})
"""Changes that the ledger records as quota changes, not account changes."""


def effect_of(what: str) -> Effect:
    """Return the effect of a change; an unknown kind counts as granting rights."""
    return EFFECTS.get(what, Effect.GIVES)


def ledger_kind(what: str) -> str:
    """Return the kind of ledger entry for a change."""
    return "quota" if what in QUOTA else "account"
