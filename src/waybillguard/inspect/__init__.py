"""Inspections: every duty of law as a control, judged from evidence; the documents around it.

Promise: no evidence never passes; evidence that is expired, changed, misdated or uploaded again is shown and never
green; a verdict depends on nothing but catalogue, evidence and clock, so anyone recomputes it. Nothing here reads a
clock or a database: live data come through providers (:class:`waybillguard.inspect.evidence.Provider`).

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
