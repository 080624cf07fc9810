"""Inspections: legal duties as controls, verdicts from evidence, and the documents about them.

A control without evidence never passes. Evidence that is expired, changed, misdated or uploaded again is shown but
never satisfies a control. A verdict depends only on catalogue, evidence and clock, so anyone can recompute it. This
package reads no clock and no database: live data comes from providers
(:class:`waybillguard.inspect.evidence.Provider`).

The joint case of several authorities is in ``inspect.cases``, the training of staff in ``inspect.training``.
"""

from waybillguard.inspect.catalogue import Catalogue, catalogue
from waybillguard.inspect.evidence import Provider, collect, read_evidence, seal
from waybillguard.inspect.judge import inspect, judge, recompute
from waybillguard.inspect.model import (
    Acceptance,
    Clock,
    Control,
    Evidence,
    Flag,
    Flow,
    Inspection,
    Organisation,
    Status,
    Verdict,
)

__all__ = [
    "Acceptance", "Catalogue", "Clock", "Control", "Evidence", "Flag", "Flow", "Inspection", "Organisation",
    "Provider", "Status", "Verdict", "catalogue", "collect", "inspect", "judge", "read_evidence", "recompute",
    "seal",
]  # fmt: skip
