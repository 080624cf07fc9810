"""Check warehouses' ledgers at the hub: each report must prove that the ledger only grew since the last one."""

from datetime import datetime, timedelta
from typing import Final

from waybillguard.agent.protocol_town import Checkpoint
from waybillguard.ledger.errors import BadProofError
from waybillguard.ledger.merkle import verify_consistency
from waybillguard.service.hub.models import Town, TownAlarm, Warehouse
from waybillguard.service.tenancy.days import local_day

_CLOCKS: Final = timedelta(hours=1)
type Complaint = tuple[TownAlarm.Kind, str]
"""The kind of alarm to raise, and the mark that prevents duplicates."""


def compare(warehouse: Warehouse, seen: Checkpoint | None, now: datetime) -> Complaint | None:
    """Compare a checkpoint with the stored one, replace it, and return the alarm to raise. Nothing is saved.

    The checkpoint of a rolled-back or rewritten ledger is stored as well: the alarm stays open, and later checkpoints
    are compared with it. A larger ledger without a consistency proof is not stored: the answer tells the warehouse
    from which size to prove, and after the town's ``silent_hours`` this also raises an alarm.
    """
    town = Town.objects.get(tenant=warehouse.tenant)
    if seen is not None and seen.root:
        wrong = _wrong(warehouse, seen, now)
        if wrong is not None or _proved(warehouse, seen):
            warehouse.shard, warehouse.ledger_size, warehouse.ledger_root = seen.shard, seen.size, seen.root
            warehouse.proved_at = now
            return (TownAlarm.Kind.LEDGER, wrong) if wrong else None
    since = warehouse.proved_at or warehouse.reported_at
    if since is None or now - since < timedelta(hours=town.silent_hours):
        return None
    return TownAlarm.Kind.HIDDEN, f"hidden:{since:%Y%m%d%H%M%S}"


def _wrong(warehouse: Warehouse, seen: Checkpoint, now: datetime) -> str | None:
    """Return the alarm mark if a ledger was rolled back or rewritten, or began a new shard within a quarter."""
    mark = f"ledger:{seen.shard}:{seen.size}:{seen.root}"
    held = (warehouse.shard, warehouse.ledger_size)
    if not warehouse.ledger_root:
        return None
    if (seen.shard, seen.size) < held:
        return mark
    if (seen.shard, seen.size) == held:
        return mark if seen.root != warehouse.ledger_root else None
    if seen.shard > warehouse.shard:
        return mark if _same_quarter(warehouse, now) else None
    # A proof that starts at the hub's size fails only for a rewritten ledger.
    return mark if seen.since == warehouse.ledger_size and not _proved(warehouse, seen) else None


def _same_quarter(warehouse: Warehouse, now: datetime) -> bool:
    """Tell whether the last proof was in this quarter; a ledger begins one shard per quarter (1 hour tolerance)."""
    if warehouse.proved_at is None:
        return False
    then, today = (local_day(at, warehouse.tenant) for at in (warehouse.proved_at, now + _CLOCKS))
    return (then.year, (then.month + 2) // 3) == (today.year, (today.month + 2) // 3)


def _proved(warehouse: Warehouse, seen: Checkpoint) -> bool:
    if not warehouse.ledger_root or not warehouse.ledger_size or seen.shard != warehouse.shard:
        return True
    if seen.size == warehouse.ledger_size:
        return seen.root == warehouse.ledger_root
    if seen.since != warehouse.ledger_size:
        return False
    try:
        verify_consistency(
            seen.since, seen.size, seen.proof, bytes.fromhex(warehouse.ledger_root), bytes.fromhex(seen.root)
        )
    except BadProofError:
        return False
    return True
