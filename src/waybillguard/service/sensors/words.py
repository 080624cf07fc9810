"""Status of a print PC as label and icon, so that it is never shown by colour alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from waybillguard.service.sensors.models import PrintPc, ScanReport
from waybillguard.service.sensors.services import STALE


@dataclass(frozen=True, slots=True)
class Health:
    """A status with its label, icon, tone, and position in the list."""

    label: Any  # a lazy translation
    icon: str
    tone: str
    rank: int


HEALTH: Final = {
    "grave": Health(_("Serious findings"), "alert-circle", "bad", 0),
    "held": Health(_("Restricted"), "player-pause", "warn", 1),
    "doubtful": Health(_("To be cleared up"), "alert-triangle", "warn", 2),
    "never": Health(_("Never scanned"), "help-circle", "warn", 3),
    "stale": Health(_("Last scan is old"), "hourglass", "warn", 4),
    "watched": Health(_("Being watched"), "eye", "busy", 5),
    "clean": Health(_("Nothing found"), "circle-check", "good", 6),
}


def health_of(pc: PrintPc, newest: ScanReport | None, now: datetime) -> str:
    """Return the status of a PC; of several that apply, the most severe."""
    if newest is not None and newest.high:
        return "grave"
    if pc.stage in {PrintPc.Stage.RESTRICTED, PrintPc.Stage.CLEANING, PrintPc.Stage.REBUILT}:
        return "held"
    if newest is None:
        return "never"
    if newest.medium:
        return "doubtful"
    if now - newest.received_at > STALE:
        return "stale"
    return "watched" if pc.stage == PrintPc.Stage.WATCHING else "clean"


KINDS: Final = {
    "account_created": _("New account"),
    "antivirus_exclusion": _("Antivirus told to look away"),
    "antivirus_off": _("Antivirus switched off"),
    "browser_read": _("Browser read along"),
    "hidden_account": _("Hidden account"),
    "hosts_entry": _("Addresses redirected (hosts)"),
    "jobs_kept": _("Printed jobs are kept"),
    "jobs_saved": _("Printed jobs are saved as files"),
    "log_cleared": _("Event log cleared"),
    "name_policy": _("Names asked of another server"),
    "off_hours_entry": _("Somebody at the PC outside the shift"),
    "packet_capture": _("Network traffic recorded"),
    "port_forward": _("Port forwarded"),
    "port_proxy": _("Port forwarded"),
    "spool_moved": _("Spool folder moved"),
    "spool_shared": _("Spool folder shared"),
    "ssh_key": _("Key for signing in over SSH"),
    "ssh_key_administrator": _("Key for signing in over SSH as administrator"),
    "unattended_access": _("Unattended access set up"),
    "usb_storage": _("USB disks"),
}
"""Kinds of findings that do not refer to a tool."""
