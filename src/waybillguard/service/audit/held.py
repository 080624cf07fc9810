"""Times when a station was controlled remotely or tapped, provided by the station checks and joined with its events."""

from collections.abc import Callable, Iterable
from datetime import datetime

from waybillguard.detect.stations import Held
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant

HELD_STATIONS: Registry[Callable[[Tenant, datetime], Iterable[Held]]] = Registry()
"""Functions that return the times when a warehouse's stations were controlled remotely or tapped."""
