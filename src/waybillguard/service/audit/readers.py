"""Readers of the parts of the table of events after they are written."""

from collections.abc import Callable

from waybillguard.service.audit.models import ExportBatch
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant

STILL_WANTED: Registry[Callable[[Tenant, ExportBatch], bool]] = Registry()
"""Returns whether a part has yet to be read; until then its rows stay in the outbox."""
