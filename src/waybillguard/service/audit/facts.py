"""Facts for inspections: any application provides what it observes, without depending on ``inspections``.

An application registers a `FactSource` when it is loaded; ``inspections`` calls all of them. Names and types of facts
are in ``waybillguard/inspect/data/facts.yaml``. Facts are counts and flags, never a person's data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from waybillguard.inspect.model import Fact
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class FactSource:
    """Facts of one application. Called in the tenant's scope with the time of the inspection (aware)."""

    name: str
    observe: Callable[[Tenant, datetime], Mapping[str, Fact]]


FACTS: Registry[FactSource] = Registry()
"""Called before ``inspections`` derives its own facts; for duplicates the first counts, lists are joined."""
