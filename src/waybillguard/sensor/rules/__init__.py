"""What the facts of one machine mean: each rule looks at a case and yields findings.

Two rules stand over all (``case.capped``): a high finding rests on two independent facts, and a fact that the
catalogue marks as assumed never makes more than a low one.
"""

from collections.abc import Callable, Iterator

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case
from waybillguard.sensor.rules.accounts import accounts, hidden_accounts
from waybillguard.sensor.rules.browser import browser_ways, extensions, hosts_entries, name_policies
from waybillguard.sensor.rules.commands import acts, copies_outside, hidden_talkers, odd_runs, own_talkers
from waybillguard.sensor.rules.entry import off_hours, posing_devices, usb_disks
from waybillguard.sensor.rules.hooks import borrowed_names, hooks, posing_threads, sign_in_doors
from waybillguard.sensor.rules.own_starts import own_starts
from waybillguard.sensor.rules.print_stream import captures, component_ports, print_parts, print_readers
from waybillguard.sensor.rules.print_ways import (
    component_clients,
    looped_printers,
    packet_redirects,
    port_files,
    printed_at_night,
    printed_twice,
    printer_names,
    remote_printers,
    spooler_outside,
)
from waybillguard.sensor.rules.remote import attempts, exploits, hijacks, remote_sessions, watched_screens
from waybillguard.sensor.rules.starts import odd_starts
from waybillguard.sensor.rules.system import (
    forwards,
    logs_cleared,
    openings,
    servers_outside,
    settings,
    told_to_record,
    traffic_drivers,
    user_rules,
)
from waybillguard.sensor.rules.tools import tools_found

type Rule = Callable[[Case], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    tools_found,
    print_parts,
    component_ports,
    print_readers,
    captures,
    looped_printers,
    remote_printers,
    port_files,
    packet_redirects,
    component_clients,
    spooler_outside,
    printer_names,
    printed_twice,
    printed_at_night,
    acts,
    copies_outside,
    odd_runs,
    hidden_talkers,
    own_talkers,
    hooks,
    sign_in_doors,
    borrowed_names,
    posing_threads,
    browser_ways,
    extensions,
    hosts_entries,
    name_policies,
    remote_sessions,
    attempts,
    exploits,
    hijacks,
    watched_screens,
    odd_starts,
    own_starts,
    logs_cleared,
    settings,
    forwards,
    accounts,
    hidden_accounts,
    openings,
    servers_outside,
    told_to_record,
    traffic_drivers,
    user_rules,
    off_hours,
    usb_disks,
    posing_devices,
)
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def judge(case: Case) -> tuple[Finding, ...]:
    """Apply every rule; the gravest findings first, then by time."""
    found = [finding for rule in RULES for finding in rule(case)]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                _RANK[each.severity],
                each.time.isoformat() if each.time else "9",
                each.kind,
                each.tool,
            ),
        )
    )


__all__ = ["RULES", "Rule", "judge"]
