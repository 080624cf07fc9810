"""The ledger of one installation: entries are appended durably and confirmed by receipts.

Promise of ``logged``: when the call returns an index, the entry is on stable storage of this machine. It survives
a process crash, SIGKILL and a kernel crash, and a power loss if the device honours flush.
"""

import asyncio
import hashlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Self

import msgspec

from waybillguard.ledger.body import encode_body, seal_body
from waybillguard.ledger.committer import Committer, Job, Waiter, stopped_by
from waybillguard.ledger.cosign import Round, WitnessLink, check_against, gather
from waybillguard.ledger.entry import Entry, EntryKind
from waybillguard.ledger.erase import add_time_floor
from waybillguard.ledger.errors import LedgerError, LedgerStoppedError
from waybillguard.ledger.ledgerkeys import LedgerKeys
from waybillguard.ledger.names import shard_name, tenant_slug
from waybillguard.ledger.note import Checkpoint, parse_checkpoint, parse_note
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.receipt import Receipt, in_order
from waybillguard.ledger.shard import Prepared, Shard
from waybillguard.ledger.storage import Head, Storage
from waybillguard.ledger.timestamps import Stamp
from waybillguard.ledger.view import best_note

CHINA_OFFSET_S = 8 * 3600
_SLOT_US = 900 * 1_000_000
_BACK_US = 3600 * 1_000_000
"""A clock this far behind the last entry counts as set back; a smaller difference is a correction."""
Clock = Callable[[], int]
"""A function that returns microseconds since 1970, UTC."""


def wall_clock() -> int:
    """Return the machine's time in microseconds since 1970."""
    return time.time_ns() // 1000


class LedgerConfig(msgspec.Struct, frozen=True):
    """Settings of a ledger.

    ``utc_offset_s`` determines when a day and a quarter begin. ``checkpoint_s`` is the interval at which a grown
    tree is signed. ``queue_limit`` entries may wait for the disk before calls are refused. ``timeout_s`` is how
    long a blocking call waits for its receipt.
    """

    utc_offset_s: int = CHINA_OFFSET_S
    checkpoint_s: float = 1.0
    queue_limit: int = 50_000
    timeout_s: float = 10.0


class Ledger:
    """The ledger opened for writing; use ``Ledger.open``. Thread-safe."""

    def __init__(
        self,
        storage: Storage,
        keys: LedgerKeys,
        clock: Clock,
        config: LedgerConfig,
        random: Callable[[int], bytes],
    ) -> None:
        self._storage = storage
        self._keys = keys
        self._clock = clock
        self._config = config
        self._random = random
        self._stack = ExitStack()
        self._shards: dict[str, Shard] = {}
        self._cosigned: dict[str, dict[str, int]] = {}
        self._opening = threading.Lock()
        self._routes: dict[str, tuple[int, Shard]] = {}
        self._committer = Committer(clock, config.checkpoint_s, config.queue_limit)

    @classmethod
    def open(
        cls,
        storage: Storage,
        keys: LedgerKeys,
        clock: Clock = wall_clock,
        *,
        config: LedgerConfig | None = None,
        random: Callable[[int], bytes] = os.urandom,
        seen: Callable[[str], Checkpoint | None] | None = None,
    ) -> "Ledger":
        """Take the write lock, recover every shard, and start.

        ``seen`` returns the last checkpoint of an origin that a witness cosigned (see cosign.WitnessLink.latest). A
        shard that is behind it or differs from it is refused. Exceptions of ``seen`` propagate.

        Raises LedgerError (another writer), LedgerCorruptError (durable bytes are damaged) or
        LedgerRolledBackError (shorter than a signed checkpoint). A torn, unacknowledged tail is removed, and the
        removal is recorded as an entry.
        """
        ledger = cls(storage, keys, clock, config or LedgerConfig(), random)
        try:
            ledger._stack.enter_context(storage.lock())
            for name in storage.shards():
                shard = ledger._open_shard(name, create=False)
                if seen is not None:
                    check_against(seen(shard.origin), shard.reader(), shard.origin)
        except BaseException:
            ledger._release()
            raise
        try:
            ledger._committer.start()
            for name, shard in list(ledger._shards.items()):
                if shard.cut_bytes:
                    ledger._append_to(name, ledger._own(EntryKind.RECOVERY, cut_bytes=shard.cut_bytes))
                    shard.clear_cut_length()
                if shard.resumed:
                    ledger._append_to(name, ledger._own(EntryKind.ERASE, resumed=shard.resumed))
                ledger._succeed(name, shard)
        except BaseException:
            ledger.close()  # otherwise its lock would block every later attempt
            raise
        return ledger

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the ledger."""
        self.close()

    def close(self) -> None:
        """Commit the waiting entries, sign a last checkpoint and release the lock."""
        try:
            self._committer.stop()
        finally:
            self._release()

    def _release(self) -> None:
        """Close every shard and release the lock, even if closing one of them fails."""
        with self._stack:
            for shard in self._shards.values():
                self._stack.callback(shard.close)
            self._shards.clear()

    # -- appending -----------------------------------------------------------------------------------------

    def append(self, entries: Sequence[Entry], *, timeout: float | None = None) -> list[Receipt]:
        """Append entries durably and return their receipts in order.

        Raises LedgerStoppedError if the ledger cannot write, LedgerBusyError if its queue is full or
        the wait exceeds ``timeout`` seconds. After a timeout the entries may still be written, but the caller must
        not open any data for them.
        """
        groups = self._route(entries)
        waiters = [self._submit(name, [entries[n] for n in places]) for name, places in groups]
        limit = self._config.timeout_s if timeout is None else timeout
        return in_order(groups, [waiter.wait(limit) for waiter in waiters])

    async def aappend(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Append entries durably from a coroutine; several coroutines share one flush."""
        groups = self._route(entries)
        jobs = [
            Job(self._shard(name), self._prepare(name, [entries[n] for n in places]), None)
            for name, places in groups
        ]
        return in_order(groups, await asyncio.gather(*(self._committer.front().submit(job) for job in jobs)))

    def append_prebuilt(self, tenant: str, leaves: Sequence[bytes]) -> list[Receipt]:
        """Append prebuilt leaves unchanged (mirrors, benchmarks): no body, no seal, no chain."""
        waiter = Waiter()
        job = Job(self._current(tenant), None, leaves)
        self._committer.put(job, waiter)
        return waiter.wait(self._config.timeout_s)

    def aappend_prebuilt(self, tenant: str, leaves: Sequence[bytes]) -> "asyncio.Future[list[Receipt]]":
        """Append prebuilt leaves from a coroutine: await the future for the receipts."""
        front = self._committer.front()
        shard = front.routes.get(tenant)
        if shard is None:  # once per iteration of the event loop
            shard = front.routes[tenant] = self._current(tenant)
        return front.submit(Job(shard, None, leaves))

    def _current(self, tenant: str) -> Shard:
        """Return the current shard of a tenant; its name is recomputed every quarter of an hour."""
        now = self._clock()
        slot = now // _SLOT_US
        known = self._routes.get(tenant)
        if known is None or known[0] != slot:
            known = (slot, self._shard(self._name(tenant, now)))
            self._routes[tenant] = known
        return known[1]

    def _name(self, tenant: str, now_us: int) -> str:
        return shard_name(tenant, now_us // 1_000_000 + self._config.utc_offset_s)

    def _route(self, entries: Sequence[Entry]) -> list[tuple[str, list[int]]]:
        """Group the entries by shard: return each shard name with the positions of its entries."""
        now = self._clock()
        groups: dict[str, list[int]] = {}
        for place, entry in enumerate(entries):
            groups.setdefault(self._name(entry.tenant, now), []).append(place)
        return list(groups.items())

    def _submit(self, name: str, entries: Sequence[Entry]) -> Waiter:
        waiter = Waiter()
        job = Job(self._shard(name), self._prepare(name, entries), None)
        self._committer.put(job, waiter)
        return waiter

    def _append_to(self, name: str, entry: Entry) -> list[Receipt]:
        return self._submit(name, [entry]).wait(self._config.timeout_s)

    def _own(self, kind: EntryKind, **detail: object) -> Entry:
        return Entry(time_us=self._clock(), kind=kind, actor="ledger", detail=dict(detail))

    def _prepare(self, name: str, entries: Sequence[Entry]) -> list[Prepared]:
        self._committer.check()
        shard = self._shard(name)
        try:
            with self._opening:
                now, latest = self._clock(), max(known.last_us for known in list(self._shards.values()))
                if latest - now > _BACK_US:
                    add_time_floor(shard.store, shard.size, latest // 1_000_000)
                days = shard.day_keys(max(now, latest))
        except OSError as error:  # the disk is full: report it like a failed write of an entry
            raise stopped_by(error) from error
        keys = shard.keys
        return [
            Prepared(
                entry.kind,
                entry.field_class,
                entry.purpose,
                keys.actor_pseudonym(entry.tenant, entry.actor),
                keys.workstation_pseudonym(entry.tenant, entry.workstation),
                keys.record_tag(entry.record),
                seal_body(encode_body(entry), days, self._random),
            )
            for entry in entries
        ]

    def _shard(self, name: str) -> Shard:
        shard = self._shards.get(name)
        if shard is not None:
            return shard
        try:
            return self._new_shard(name)
        except OSError as error:
            raise stopped_by(error) from error

    def _new_shard(self, name: str) -> Shard:
        """Create a shard; if it continues an earlier one, its first entry records the root of that shard."""
        shard = self._open_shard(name, create=True)
        self._succeed(name, shard)
        return shard

    def _succeed(self, name: str, shard: Shard) -> None:
        """Record the root of the previous shard in a shard that is still empty (a full disk may have prevented it)."""
        slug = name.rpartition("-")[0]
        earlier = [s for n, s in sorted(self._shards.items()) if n.rpartition("-")[0] == slug and n < name]
        if earlier and shard.size == 0:
            head = self.checkpoint(earlier[-1].store.name)
            previous = {"origin": earlier[-1].origin, "size": head.size, "root": head.root.hex()}
            self._append_to(name, self._own(EntryKind.SUCCESSOR, **previous))

    def _open_shard(self, name: str, *, create: bool) -> Shard:
        with self._opening:
            shard = self._shards.get(name)
            if shard is None:
                if create:
                    self._committer.check()
                store = self._storage.shard(name, create=create)
                try:
                    shard = Shard(
                        store,
                        self._keys,
                        utc_offset_s=self._config.utc_offset_s,
                        random=self._random,
                        now_us=self._clock(),
                    )
                except BaseException:
                    store.close()
                    raise
                self._shards[name] = shard
        return shard

    # -- looking -------------------------------------------------------------------------------------------

    @property
    def origin(self) -> str:
        """The prefix of all origin lines of this ledger."""
        return self._keys.prefix

    @property
    def size(self) -> int:
        """The number of durable entries in all shards."""
        return sum(shard.size for shard in list(self._shards.values()))

    @property
    def healthy(self) -> bool:
        """Whether the ledger accepts entries."""
        return self._committer.failure is None

    @property
    def stopped(self) -> LedgerStoppedError | None:
        """The error that stopped the ledger; None while it writes."""
        failure = self._committer.failure
        return None if failure is None else stopped_by(failure)

    def shards(self) -> list[str]:
        """Return the names of the open shards, sorted."""
        return sorted(self._shards)

    def now_us(self) -> int:
        """Return the time of the ledger's clock (microseconds since 1970)."""
        return self._clock()

    def shard(self, name: str) -> Shard:
        """Return an open shard by name; raises LedgerError."""
        shard = self._shards.get(name)
        if shard is None:
            raise LedgerError(zh=f"没有名为 {name} 的分片", en=f"there is no shard named {name}")
        return shard

    def shards_of(self, tenant: str) -> list[str]:
        """Return the names of a tenant's shards, oldest first."""
        slug = tenant_slug(tenant)
        return [name for name in sorted(self._shards) if name.rpartition("-")[0] == slug]

    def current_shard(self, tenant: str) -> str:
        """Return the name of the shard that new entries of this tenant are written to."""
        return self._name(tenant, self._clock())

    def verifiers(self, name: str) -> list[str]:
        """Return the log's own vkeys (Ed25519, ML-DSA-44) for a shard."""
        return self._shard(name).verifiers()

    def head(self, name: str) -> Head:
        """Return the last signed checkpoint of a shard."""
        return self._shard(name).head

    def checkpoint(self, name: str) -> Head:
        """Sign a checkpoint of a shard now, if it has grown, and return the latest one."""
        waiter = Waiter()
        self._committer.put(Job(self._shard(name), None, None), waiter, bounded=False)
        waiter.wait(self._config.timeout_s)
        return self._shard(name).head

    def cosign(self, name: str, policy: Policy, links: dict[str, WitnessLink]) -> Round:
        """Have the witnesses cosign the last checkpoint; if the quorum is met, store it (level ``witnessed``)."""
        shard = self._shard(name)
        head = shard.head
        done = gather(
            policy, links, head.note, shard.reader(head.size), self._cosigned.setdefault(shard.origin, {})
        )
        if done.met:
            shard.store.put_meta("witnessed", done.note)
        return done

    def stamp(self, name: str, stamper: Callable[[bytes], bytes]) -> Stamp:
        """Have a checkpoint of a shard timestamped, store the response, and record it in the tenant's latest shard.

        ``stamper`` takes the signed note and returns the response (timestamps.request_stamp).
        """
        head = self.checkpoint(name)
        shard = self._shard(name)
        note = best_note(head.note, shard.store.meta)
        response = stamper(note)
        stamp = Stamp(shard.local_day(self._clock() // 1_000_000), head.size, note, response)
        shard.store.add_stamp(stamp)
        about = {"what": "timestamp", "origin": shard.origin, "size": head.size, "root": head.root.hex()}
        digest = hashlib.sha256(response).hexdigest()
        latest = max(n for n in self._shards if n.rpartition("-")[0] == name.rpartition("-")[0])
        self._append_to(latest, self._own(EntryKind.ANCHOR, **about, response_sha256=digest))
        return stamp

    def witnessed_size(self, name: str) -> int:
        """Return how many entries of a shard a quorum has witnessed."""
        note = self._shard(name).store.meta("witnessed")
        return parse_checkpoint(parse_note(note).text).size if note else 0

    def level_of(self, receipt: Receipt) -> Receipt:
        """Return the receipt with its current level."""
        name = receipt.origin.removeprefix(f"{self._keys.prefix}/")
        if receipt.index < self.witnessed_size(name):
            return msgspec.structs.replace(receipt, level="witnessed")
        if receipt.index < self._shard(name).store.mirrored():
            return msgspec.structs.replace(receipt, level="mirrored")
        return receipt
