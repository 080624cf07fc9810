"""The rules: each rule reads a case and yields findings.

Two caps apply to every finding (``case.capped``): a high finding needs two independent facts, and a fact that the
catalogue marks as assumed never makes more than a low finding.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case
from waybillguard.sensor.rules.accounts import accounts, hidden_accounts
from waybillguard.sensor.rules.browser import browser_ways, extensions, hosts_entries, name_policies
from waybillguard.sensor.rules.commands import (
    acts,
    copies_outside,
    hidden_programs,
    hidden_talkers,
    odd_runs,
    own_talkers,
    told_addresses,
)
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
    told_addresses,
    hidden_programs,
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


_GENERAL = {"hidden_program", "address_outside", "own_talker"}
"""General findings about anything unusual; dropped if a more specific rule reports the same records."""


def _without_repeats(found: list[Finding]) -> list[Finding]:
    told: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for each in found:
        if each.kind not in _GENERAL:
            for one in each.facts:
                told[one.file, one.record].append(each)

    def is_told(each: Finding) -> bool:
        others = [
            [other for other in told[one.file, one.record] if _RANK[other.severity] <= _RANK[each.severity]]
            for one in each.facts
        ]
        says = " ".join(f"{other.source} {other.detail_en}" for rows in others for other in rows).lower()
        return all(others) and each.source in says and each.tool.lower() in says

    return [each for each in found if each.kind not in _GENERAL or not is_told(each)]


def judge(case: Case) -> tuple[Finding, ...]:
    """Apply every rule; return the findings by severity, the most severe first, then by time."""
    found = _without_repeats([finding for rule in RULES for finding in rule(case)])
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
