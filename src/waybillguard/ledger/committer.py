"""Group commit: all waiting jobs of a shard are written as one frame and flushed once.

Two threads: one commits, the other signs checkpoints so that signing never delays a receipt. After any disk
failure both stop permanently, because a failed flush must not be retried.
"""

import asyncio
import hashlib
import queue
import threading
from collections.abc import Callable, Sequence

from waybillguard.ledger.errors import (
    LedgerBusyError,
    LedgerCorruptError,
    LedgerError,
    LedgerFullError,
    LedgerRolledBackError,
    LedgerStoppedError,
)
from waybillguard.ledger.fulldisk import FULL
from waybillguard.ledger.heads import Snapshot
from waybillguard.ledger.merkle import leaf_hash
from waybillguard.ledger.receipt import Level, Receipt
from waybillguard.ledger.shard import Prepared, Shard

_MAX_GROUP = 8192


class Job:
    """Entries of one caller for one shard; a job without entries or leaves requests a checkpoint."""

    __slots__ = ("leaves", "prepared", "shard")

    def __init__(self, shard: Shard, prepared: list[Prepared] | None, leaves: Sequence[bytes] | None) -> None:
        self.shard = shard
        self.prepared = prepared
        self.leaves = leaves


class Waiter:
    """Lets a blocking caller wait for its receipts."""

    __slots__ = ("_error", "_gate", "_receipts")

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()
        self._receipts: list[Receipt] = []
        self._error: Exception | None = None

    def set(self, receipts: list[Receipt], error: Exception | None) -> None:
        """Store the result and wake the caller."""
        self._receipts, self._error = receipts, error
        self._gate.release()

    def wait(self, timeout: float) -> list[Receipt]:
        """Return the receipts; raises the ledger's error, or LedgerBusyError after ``timeout`` seconds."""
        if not self._gate.acquire(timeout=timeout):
            raise LedgerBusyError(
                zh="台账写入过慢，本次不予放行；请检查磁盘",
                en="the ledger is too slow, nothing is opened; check the disk",
            )
        if self._error is not None:
            raise self._error
        return self._receipts


class AsyncFront:
    """Queues the jobs of one event loop: jobs submitted in one iteration of the loop are queued together."""

    def __init__(self, loop: asyncio.AbstractEventLoop, committer: "Committer") -> None:
        self.loop = loop
        self._committer = committer
        self._pending: list[tuple[Job, asyncio.Future[list[Receipt]]]] = []
        self.routes: dict[str, Shard] = {}

    def submit(self, job: Job) -> "asyncio.Future[list[Receipt]]":
        """Queue a job and return the future of its receipts."""
        future: asyncio.Future[list[Receipt]] = self.loop.create_future()
        if not self._pending:
            self.loop.call_soon(self._flush)
        self._pending.append((job, future))
        return future

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self.routes.clear()
        try:
            self._committer.put_many(pending, self)
        except LedgerError as error:
            for _, future in pending:
                if not future.done():
                    future.set_exception(error)

    def deliver(
        self, answers: list[tuple["asyncio.Future[list[Receipt]]", list[Receipt]]], error: Exception | None
    ) -> None:
        """Resolve the futures; runs in the event loop."""
        for future, receipts in answers:
            if future.done():
                continue
            if error is None:
                future.set_result(receipts)
            else:
                future.set_exception(error)


_Batch = list[tuple[Job, "Waiter | asyncio.Future[list[Receipt]]", AsyncFront | None]]


class Committer:
    """The commit and checkpoint threads of a ledger; at most ``queue_limit`` jobs wait for the disk."""

    def __init__(self, clock: Callable[[], int], checkpoint_s: float, queue_limit: int) -> None:
        self._clock = clock
        self._interval_us = int(checkpoint_s * 1_000_000)
        self._limit = queue_limit
        self._fronts: dict[int, AsyncFront] = {}
        self._front_used: AsyncFront | None = None
        self._queue: queue.SimpleQueue[_Batch | None] = queue.SimpleQueue()
        self._snapshots: queue.SimpleQueue[tuple[Shard, Snapshot, Waiter | None] | None] = queue.SimpleQueue()
        self._waiting = 0
        self._counting = threading.Lock()
        self._grown: dict[Shard, int] = {}
        self.failure: Exception | None = None
        self._threads = [
            threading.Thread(target=self._commit_loop, name="ledger-commit", daemon=True),
            threading.Thread(target=self._checkpoint_loop, name="ledger-checkpoint", daemon=True),
        ]

    def start(self) -> None:
        """Start both threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Commit the waiting jobs, sign last checkpoints and stop both threads."""
        self._queue.put(None)
        self._threads[0].join()
        self._threads[1].join()
        if self.failure is None:
            self.failure = stopped_by(None)

    def check(self) -> None:
        """Raise LedgerStoppedError if the ledger no longer writes."""
        if self.failure is not None:
            raise stopped_by(self.failure)

    def front(self) -> AsyncFront:
        """Return the `AsyncFront` of the running event loop."""
        loop = asyncio.get_running_loop()
        if self._front_used is not None and self._front_used.loop is loop:
            return self._front_used
        front = self._fronts.get(id(loop))
        if front is None or front.loop is not loop:
            front = self._fronts[id(loop)] = AsyncFront(loop, self)
        self._front_used = front
        return front

    def put(self, job: Job, waiter: Waiter, *, bounded: bool = True) -> None:
        """Queue a blocking caller's job; without ``bounded`` the queue limit does not apply."""
        self.check()
        self._admit(1, bounded=bounded)
        self._queue.put([(job, waiter, None)])

    def put_many(
        self, pending: Sequence[tuple[Job, "asyncio.Future[list[Receipt]]"]], front: AsyncFront
    ) -> None:
        """Queue the jobs of an event loop."""
        self.check()
        self._admit(len(pending), bounded=True)
        self._queue.put([(job, future, front) for job, future in pending])

    def _admit(self, count: int, *, bounded: bool) -> None:
        with self._counting:
            full = bounded and self._waiting + count > self._limit
            if not full:
                self._waiting += count
        if full:
            raise LedgerBusyError(
                zh="台账排队已满，本次不予放行；请稍后再试或检查磁盘",
                en="the ledger's queue is full, nothing is opened; try again later or check the disk",
            )

    # -- committing ----------------------------------------------------------------------------------------

    def _commit_loop(self) -> None:
        running = True
        while running:
            batch, running = self._next_batch()
            if batch:
                with self._counting:
                    self._waiting -= len(batch)
                self._commit(batch)
            try:
                self._offer_snapshots(everything=not running)
            except Exception as error:  # noqa: BLE001 - whatever it is, the ledger stops
                self._fail(error)
        self._snapshots.put(None)
        late = self._drain()
        if late:
            self._answer(late, [[] for _ in late], stopped_by(None))

    def _next_batch(self) -> tuple[_Batch, bool]:
        try:
            first = self._queue.get(timeout=self._interval_us / 1_000_000 if self._grown else None)
        except queue.Empty:
            return [], True
        if first is None:
            return self._drain(), False
        batch = first
        while len(batch) < _MAX_GROUP and not self._queue.empty():
            more = self._queue.get()
            if more is None:
                return batch + self._drain(), False
            batch = batch + more if batch is first else [*batch, *more]
        return batch, True

    def _drain(self) -> _Batch:
        batch: _Batch = []
        while not self._queue.empty():
            batch += self._queue.get() or []
        return batch

    def _commit(self, batch: _Batch) -> None:
        if self.failure is not None:
            self._answer(batch, [[] for _ in batch], stopped_by(self.failure))
            return
        groups: dict[Shard, _Batch] = {}
        for item in batch:
            job = item[0]
            if job.prepared is None and job.leaves is None:
                try:
                    self._offer(job.shard, item[1])  # type: ignore[arg-type]
                except Exception as error:  # noqa: BLE001 - whatever it is, the ledger stops and says so
                    self._fail(error)
                    self._answer([item], [[]], stopped_by(error))
                continue
            group = groups.get(job.shard)
            if group is None:
                groups[job.shard] = [item]
            else:
                group.append(item)
        for shard, items in groups.items():
            try:
                answers = self._commit_group(shard, items)
            except Exception as error:  # noqa: BLE001 - whatever it is, the ledger stops and says so
                self._fail(error)
                self._answer(items, [[] for _ in items], stopped_by(error))
            else:
                self._answer(items, answers, None)

    def _commit_group(self, shard: Shard, items: _Batch) -> list[list[Receipt]]:
        if self.failure is not None:
            raise self.failure
        now = max(self._clock(), shard.last_us)
        shard.last_us = now
        leaves: list[bytes] = []
        hashes: list[bytes] = []
        records: list[bytes] = []
        closing = shard.close_day(now)
        if closing is not None:
            leaves.append(closing)
            hashes.append(leaf_hash(closing))
            records.append(b"")
        first = shard.size
        marks = [len(leaves)]
        bodies = closing is not None
        for job, _, _ in items:
            if job.prepared is None:
                made = job.leaves or ()
                leaves += made
            else:
                # Hashes of the prebuilt leaves before this job, then those of its own leaves.
                hashes += _hash_all(leaves[len(hashes) :])
                records += [b""] * (len(leaves) - len(records))
                built, digests = shard.build(job.prepared, now, first + len(leaves))
                leaves += built
                hashes += digests
                records += [item.sealed.record for item in job.prepared]
                bodies = True
            marks.append(len(leaves))
        hashes += _hash_all(leaves[len(hashes) :])
        if bodies:
            records += [b""] * (len(leaves) - len(records))
        shard.write(leaves, hashes, records)
        self._grown.setdefault(shard, now)
        size, origin = shard.size, shard.origin
        level: Level = "mirrored" if shard.store.mirrored() >= size else "logged"
        receipts = [
            Receipt(origin, index, digest, size, now, level) for index, digest in enumerate(hashes, first)
        ]
        return [receipts[marks[n] : marks[n + 1]] for n in range(len(items))]

    def _answer(self, batch: _Batch, answers: list[list[Receipt]], error: Exception | None) -> None:
        fronts: dict[AsyncFront, list[tuple[asyncio.Future[list[Receipt]], list[Receipt]]]] = {}
        for (_, place, front), receipts in zip(batch, answers, strict=True):
            if front is None:
                place.set(receipts, error)  # type: ignore[union-attr]
            else:
                fronts.setdefault(front, []).append((place, receipts))  # type: ignore[arg-type]
        for front, pairs in fronts.items():
            try:
                front.loop.call_soon_threadsafe(front.deliver, pairs, error)
            except RuntimeError:
                continue  # the event loop is closed, so no caller waits

    def _fail(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = error

    # -- checkpoints ---------------------------------------------------------------------------------------

    def _offer_snapshots(self, *, everything: bool) -> None:
        if not self._grown or self.failure is not None:
            return
        now = self._clock()
        for shard, since in list(self._grown.items()):
            if everything or not 0 <= now - since < self._interval_us:
                self._offer(shard, None)

    def _offer(self, shard: Shard, waiter: Waiter | None) -> None:
        self._grown.pop(shard, None)
        self._snapshots.put((shard, shard.snapshot(max(self._clock(), shard.last_us)), waiter))

    def _checkpoint_loop(self) -> None:
        while True:
            item = self._snapshots.get()
            if item is None:
                return
            shard, snapshot, waiter = item
            error: Exception | None = self.failure and stopped_by(self.failure)
            try:
                if error is None and snapshot.size > shard.head.size:
                    shard.checkpoint(snapshot)
            except Exception as caught:  # noqa: BLE001 - whatever it is, the ledger stops and says so
                self._fail(caught)
                error = stopped_by(caught)
            if waiter is not None:
                waiter.set([], error)


def _hash_all(leaves: Sequence[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + leaf).digest() for leaf in leaves]


def stopped_by(cause: Exception | None) -> LedgerStoppedError:
    """Return the error raised to callers after ``cause`` stopped the ledger (None: it was closed)."""
    if isinstance(cause, LedgerStoppedError):
        return cause
    if isinstance(cause, LedgerRolledBackError | LedgerCorruptError):  # these carry their own advice
        return LedgerStoppedError(zh=cause.zh, en=cause.en)
    errno = cause.errno if isinstance(cause, OSError) else None
    error: LedgerStoppedError
    if errno in FULL:
        error = LedgerFullError(
            zh="台账所在的磁盘已满，已停止写入，任何明文都不会放行。已记录的都在；释放空间（例如移走旧备份）后自动恢复，请再试一次",
            en="the disk of the ledger is full: it has stopped writing and no plaintext is opened. What was recorded is kept. "
            "Free some space (old backups, for example): it goes on by itself. Then try again",
        )
    else:
        number = f" (errno {errno})" if errno else ""
        error = LedgerStoppedError(
            zh=f"台账已停止写入{number}，任何明文都不会放行。请检查磁盘，然后重启服务",
            en=f"the ledger has stopped writing{number} and no plaintext is opened. Check the disk, then restart the service",
        )
    error.errno = errno
    return error
