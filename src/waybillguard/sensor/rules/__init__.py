"""What the facts of one machine mean: each rule looks at a case and yields findings.

Two rules stand over all (``case.capped``): a high finding rests on two independent facts, and a fact that the
catalogue marks as assumed never makes more than a low one.
"""

from collections.abc import Callable, Iterator

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case
from waybillguard.sensor.rules.entry import off_hours, usb_disks
from waybillguard.sensor.rules.hooks import borrowed_names, browser_ways, hooks, hosts_entries, sign_in_doors
from waybillguard.sensor.rules.print_stream import (
    captures,
    component_ports,
    looped_printers,
    print_parts,
    print_readers,
    remote_printers,
)
from waybillguard.sensor.rules.remote import attempts, exploits, hijacks, remote_sessions
from waybillguard.sensor.rules.system import (
    accounts,
    forwards,
    hidden_accounts,
    logs_cleared,
    odd_starts,
    openings,
    settings,
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
    hooks,
    sign_in_doors,
    borrowed_names,
    browser_ways,
    hosts_entries,
    remote_sessions,
    attempts,
    exploits,
    hijacks,
    odd_starts,
    logs_cleared,
    settings,
    forwards,
    accounts,
    hidden_accounts,
    openings,
    user_rules,
    off_hours,
    usb_disks,
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
