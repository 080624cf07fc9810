"""Facts for inspections: any application says what it observes, without knowing who judges it.

An application adds a `FactSource` when it is loaded; ``inspections`` asks all of them. Names and types of facts
stand in ``waybillguard/inspect/data/facts.yaml``. Facts are counts and flags, never a person's data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from waybillguard.inspect.model import Fact
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class FactSource:
    """What one application observes: called in the tenant's scope, with the time of the inspection (aware)."""

    name: str
    observe: Callable[[Tenant, datetime], Mapping[str, Fact]]


FACTS: Registry[FactSource] = Registry()
"""Asked before what ``inspections`` works out itself; of a fact that two know the first counts, lists are joined."""
