"""Counts a leaver's looks by the actor's pseudonym in the public leaves; entry bodies stay closed."""

from collections import Counter
from typing import Final

from waybillguard.ledger import EntryKind, Ledger
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.view import ShardView
from waybillguard.service.keyd import ledger_messages

AUDITED: Final = frozenset(
    {
        EntryKind.REVEAL,
        EntryKind.EXPORT,
        EntryKind.SEARCH,
        EntryKind.PRINT,
        EntryKind.REPRINT,
        EntryKind.IMPORT,
        EntryKind.HANDOVER,
    }
)
"""Kinds that a leaver's audit counts."""
LEAVES_A_CALL: Final = 50_000


def count_looks(ledger: Ledger, request: ledger_messages.ActorLooks) -> ledger_messages.ActorLooksAnswer:
    """Count one part of an actor's looks since a moment, by kind and local day.

    Pass ``cursor`` of the answer to the next call; it is empty after the last part.
    """
    tenant = request.context.tenant
    shards = ledger.shards_of(tenant)
    name, _, at = request.cursor.rpartition(":")
    if name not in shards:
        name, at = (shards[0], "") if shards else ("", "")
    if not name:
        return ledger_messages.ActorLooksAnswer([], "")
    ledger.checkpoint(name)
    shard = ledger.shard(name)
    view = ShardView(shard.store)
    first = int(at) if at else view.first_since(request.since_s)
    end = min(view.size, first + LEAVES_A_CALL)
    actor = shard.keys.actor_pseudonym(tenant, request.actor)
    found: Counter[tuple[str, int]] = Counter()
    for data in view.entries(first, end):
        leaf = decode_leaf(data)
        if (
            isinstance(leaf, Leaf)
            and leaf.actor == actor
            and leaf.kind in AUDITED
            and leaf.time_s >= request.since_s
        ):
            found[EntryKind(leaf.kind).name.lower(), shard.local_day(leaf.time_s)] += 1
    looks = [(kind, day, count) for (kind, day), count in sorted(found.items())]
    if end < view.size:
        return ledger_messages.ActorLooksAnswer(looks, f"{name}:{end}")
    later = shards[shards.index(name) + 1 :]
    return ledger_messages.ActorLooksAnswer(looks, f"{later[0]}:" if later else "")
