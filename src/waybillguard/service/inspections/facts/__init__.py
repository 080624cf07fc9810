"""Facts that the service observes for inspections, one module per subject.

They are queried after the sources that other applications register in ``FACTS``.
"""

from waybillguard.service.audit.facts import FactSource
from waybillguard.service.inspections.facts import (
    accounts,
    contracts,
    labels,
    ledger,
    records,
    stations,
    vault,
)

OWN_SOURCES = (
    FactSource("labels", labels.observe),
    FactSource("accounts", accounts.observe),
    FactSource("contracts", contracts.observe),
    FactSource("vault", vault.observe),
    FactSource("ledger", ledger.observe),
    FactSource("stations", stations.observe),
    FactSource("records", records.observe),
)
