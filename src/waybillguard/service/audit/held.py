"""When a station was not its owner's alone: told by whoever examines stations, joined with what was done there."""

from collections.abc import Callable, Iterable
from datetime import datetime

from waybillguard.detect.stations import Held
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant

HELD_STATIONS: Registry[Callable[[Tenant, datetime], Iterable[Held]]] = Registry()
"""Functions that return the windows of a warehouse in which a station was steered or tapped."""
