"""One shard of the ledger: opening and recovery, building leaves, group commit, checkpoints.

A shard belongs to one warehouse and one quarter. Only the ledger's committing thread calls the writing
methods.
"""

import hmac
from collections.abc import Callable, Sequence

import msgspec
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from waybillguard.ledger.body import DayKeys, Sealed, seal_to
from waybillguard.ledger.chain import open_index
from waybillguard.ledger.dayindex import index_root, rows_of
from waybillguard.ledger.entry import (
    DAY_SIZE,
    DAY_VERSION,
    LOOK_SIZE,
    LOOK_VERSION,
    NO_TAG,
    DayLeaf,
    decode_leaf,
    look_unsealed,
)
from waybillguard.ledger.erase import finish
from waybillguard.ledger.errors import (
    LedgerCorruptError,
    LedgerError,
    LedgerStoppedError,
)
from waybillguard.ledger.heads import Snapshot, check_head, rolled_back, sign_head
from waybillguard.ledger.ledgerkeys import LedgerKeys, Ratchet, unwrap_stored_key
from waybillguard.ledger.levels import Levels, TreeReader
from waybillguard.ledger.merkle import leaf_hash
from waybillguard.ledger.note import ED25519, MLDSA44, NoteSigner
from waybillguard.ledger.segment import BadFrameError, Frame, encode_frame, is_torn_frame
from waybillguard.ledger.storage import Head, ShardStore

SECONDS_A_DAY = 86_400
_SECOND = 1_000_000
_CUT = "torn"


class Prepared(msgspec.Struct, frozen=True):
    """The parts of an entry that the caller's thread prepares before its index is known."""

    kind: int
    field_class: int
    purpose: int
    actor: bytes
    workstation: bytes
    tag: bytes
    sealed: Sealed


class Shard:
    """A shard opened for writing."""

    def __init__(
        self,
        store: ShardStore,
        keys: LedgerKeys,
        *,
        utc_offset_s: int,
        random: Callable[[int], bytes],
        now_us: int,
    ) -> None:
        self.store = store
        self.origin = f"{keys.prefix}/{store.name}"
        self.keys = keys.for_shard(self.origin)
        self._ledger_keys = keys
        self._wrap = keys.owner_wrap()
        self._random = random
        self._offset_s = utc_offset_s
        self._signers = (
            NoteSigner(self.origin, ED25519, keys.ed25519()),
            NoteSigner(self.origin, MLDSA44, keys.mldsa()),
        )
        self.levels = Levels(store)
        self.last_us = 0
        self._noted, self.cut_bytes = (int(part) for part in (store.meta(_CUT) or b"-1 0").split())
        self.day = 0
        self.day_first = 0
        self._day_keys: DayKeys | None = None
        self._day_keys_day = -1
        self.head = head = store.head() or self._create(now_us)
        self.ratchet = Ratchet(unwrap_stored_key(self._wrap, head.seal_key), head.size)
        check_head(head, self.origin, self._signers)
        vkeys = "\n".join(self.verifiers()).encode()
        if store.meta("vkeys") != vkeys:
            store.put_meta("vkeys", vkeys)
        self.index = open_index(store.index_path())
        try:
            self._recover(head)
            self.resumed = finish(store)
            store.join_mirror(self.size, lambda size: self.reader().root(size))
        except BaseException:
            self.index.close()
            raise

    @property
    def size(self) -> int:
        """The number of durable leaves."""
        return self.levels.size

    def local_day(self, time_s: int) -> int:
        """Return the local day (days since 1970) of a POSIX second."""
        return (time_s + self._offset_s) // SECONDS_A_DAY

    def verifiers(self) -> list[str]:
        """Return the vkeys of the log's own two signatures."""
        return [s.verifier.vkey() for s in self._signers]

    def _create(self, now_us: int) -> Head:
        if next(self.store.frames(), None) is not None:
            raise LedgerCorruptError(
                zh="台账有条目却没有检查点数据库；请从备份恢复 lock.sqlite",
                en="the ledger has entries but no checkpoint database; restore lock.sqlite",
            )
        first = self._random(32)
        if self._ledger_keys.regulator is not None:
            self.store.put_meta("seal_regulator", seal_to(self._ledger_keys.regulator, first, self._random))
        else:
            self.store.put_meta("seal_owner", aes_key_wrap(self._wrap, first))
        head = self._sign(Snapshot(0, Levels(self.store).root(), first, now_us))
        self.store.swap_head(0, head)
        return head

    def _recover(self, head: Head) -> None:
        if not (self.levels.load(head.size) and self.levels.root() == head.root and self.levels.sound()):
            self._rebuild(head)
        start = min(head.size, self.index.upto)
        reached = 0
        last: Frame | None = None
        try:
            # From the last segment's beginning, and at least from the last signed entry: both must be there.
            for frame in self.store.frames(min(max(start - 1, 0), self.store.last_segment())):
                if last is not None and frame.first != reached:
                    raise rolled_back(self.origin)
                reached = frame.first + frame.count
                if reached > start:
                    self._replay(frame, start, head.size)
                last = frame
        except BadFrameError as bad:
            self._cut(bad, reached, head)
        else:
            if last is not None and not last.private_unchanged and last.first >= head.size:
                self._torn(last, head)
                return
        if reached < head.size:
            raise rolled_back(self.origin)
        if (
            self.index.upto > self.size
        ):  # the index is ahead of these files, so its chains would continue from the wrong leaf
            self.index.reset()
            self._again(head)
            return
        self._settle()

    def _torn(self, last: Frame, head: Head) -> None:
        """Remove a last frame whose private part never reached the disk, and restart the recovery."""
        self._check_torn(last.offset, last.first)
        self._cut_off(last.offset)
        self.index.forget()
        self._again(head)

    def _again(self, head: Head) -> None:
        self.ratchet = Ratchet(unwrap_stored_key(self._wrap, head.seal_key), head.size)
        self._recover(head)

    def _cut(self, bad: BadFrameError, expected: int, head: Head) -> None:
        if expected < head.size:
            raise self._lost(bad)
        self._check_torn(bad.offset, expected)
        self._cut_off(bad.offset)

    def _cut_off(self, offset: int) -> None:
        """Remove the torn tail; first store its length, because a full disk may prevent the entry that reports it.

        A full disk may also prevent the removal; the next start then removes the same bytes and counts them once.
        """
        if offset != self._noted:
            self._noted = offset
            self.cut_bytes += len(self.store.tail(offset))
            self.store.put_meta(_CUT, b"%d %d" % (offset, self.cut_bytes))
        self.store.cut(offset)

    def clear_cut_length(self) -> None:
        """Clear the stored length of the removed tail, because an entry now records it."""
        self._noted, self.cut_bytes = -1, 0
        self.store.put_meta(_CUT, b"-1 0")

    def _lost(self, bad: BadFrameError) -> LedgerError:
        """Return the error for missing signed entries: the file ends too early, or its bytes have changed."""
        return rolled_back(self.origin) if bad.short else self._altered(bad.offset)

    def _altered(self, offset: int) -> LedgerCorruptError:
        return LedgerCorruptError(
            zh=f"分片 {self.origin} 在字节 {offset} 处损坏，且这些条目已经确认过；"
            "不要截断，先备份整个目录，再从镜像恢复",
            en=f"{self.origin} is damaged at byte {offset} of a segment, in entries that had been "
            "acknowledged; nothing is cut: back up the folder, then recover from a mirror",
        )

    def _check_torn(self, offset: int, expected: int) -> None:
        """Raise an error unless the bytes from ``offset`` on are one incompletely flushed frame."""
        if not is_torn_frame(self.store.tail(offset), offset, expected):
            raise self._altered(offset)

    def _rebuild(self, head: Head) -> None:
        """Rebuild the tree from all segments up to the signed size and compare it with the signed root."""
        self.levels.load(0)
        found: BadFrameError | None = None
        try:
            for frame in self.store.frames():
                leaves = frame.leaves()[: head.size - frame.first]
                self.levels.append([leaf_hash(leaf) for leaf in leaves])
                if self.levels.size >= head.size:
                    break
        except BadFrameError as bad:
            found = bad
        if self.levels.size < head.size:
            raise rolled_back(self.origin) if found is None else self._lost(found)
        if self.levels.root() != head.root:
            raise LedgerCorruptError(
                zh=f"分片 {self.origin} 的条目与已签名的检查点不符；停止签名，先保全证据，再从镜像恢复",
                en=f"the entries of {self.origin} do not match the checkpoint it signed; nothing is signed: "
                "keep the folder as evidence and recover from a mirror",
            )

    def _replay(self, frame: Frame, start: int, signed: int) -> None:
        hashes = []
        for number, leaf in enumerate(frame.leaves()):
            index = frame.first + number
            if index < start:
                continue
            digest = leaf_hash(leaf)
            known = leaf[0] if leaf else 0
            time_s = int.from_bytes(leaf[1:9], "big")
            if index >= self.index.upto:
                if known == LOOK_VERSION:
                    self.index.replay(index, leaf, digest, self.local_day(time_s))
                elif known == DAY_VERSION and len(leaf) == DAY_SIZE:
                    day = decode_leaf(leaf)
                    assert isinstance(day, DayLeaf)
                    self.index.note_day(index, day.day, day.first, day.end)
            if index >= signed:
                seal = hmac.digest(self.ratchet.key, leaf[:-16], "sha256")[:16]
                self.ratchet.skip()
                if self._sealed(leaf) and not hmac.compare_digest(seal, leaf[-16:]):
                    raise LedgerCorruptError(
                        zh="尾部条目的封印不符；有人改过尚未签名的条目，请保全证据",
                        en="the seal of an entry after the last checkpoint is wrong: it was altered; "
                        "keep the folder as evidence",
                    )
                hashes.append(digest)
        self.levels.append(hashes)

    @staticmethod
    def _sealed(leaf: bytes) -> bool:
        return (leaf[:1], len(leaf)) in {(b"\x01", LOOK_SIZE), (b"\x02", DAY_SIZE)}

    def _settle(self) -> None:
        self.index.flush(self.size)
        closed = self.index.closed_days()
        self.day_first = closed[-1][2] if closed else 0
        if self.size:
            frame = next(self.store.frames(self.size - 1))
            leaf = frame.leaves()[self.size - 1 - frame.first]
            if self._sealed(leaf):
                time_s = int.from_bytes(leaf[1:9], "big")
                self.last_us = time_s * _SECOND
                self.day = self.local_day(time_s)

    # -- writing -------------------------------------------------------------------------------------------

    def day_keys(self, now_us: int) -> DayKeys:
        """Return the day's wrapping keys; new ones are created and stored durably when a day (or process) begins."""
        day = self.local_day(now_us // _SECOND)
        if self._day_keys is None or day != self._day_keys_day:
            owner, regulator, sealed = self._random(32), None, b""
            if self._ledger_keys.regulator is not None:
                regulator = self._random(32)
                sealed = seal_to(self._ledger_keys.regulator, regulator, self._random)
            number = self.store.add_day_key(day, aes_key_wrap(self._wrap, owner), sealed)
            self._day_keys = DayKeys(number, owner, regulator)
            self._day_keys_day = day
        return self._day_keys

    def owner_day_key(self, number: int) -> bytes:
        """Return the owner's wrapping key with that number; raises LedgerError if it is destroyed or damaged."""
        for row in self.store.day_keys():
            if row.number == number:
                return unwrap_stored_key(self._wrap, row.owner)
        raise LedgerError(
            zh="当日密钥已销毁，内容不可恢复", en="the key of that day is destroyed; the words are gone"
        )

    def build(self, prepared: Sequence[Prepared], now_us: int, at: int) -> tuple[list[bytes], list[bytes]]:
        """Return leaves and their hashes for the indexes from ``at`` on, in order."""
        time_s = now_us // _SECOND
        day = self.local_day(time_s)
        self.ratchet.advance(at)
        leaves, hashes = [], []
        for number, item in enumerate(prepared):
            counter, previous = 0, bytes(32)
            if item.tag != NO_TAG:
                counter, previous = self.index.state(item.tag)
                counter += 1
            unsealed = look_unsealed(
                time_s,
                item.kind,
                item.field_class,
                item.purpose,
                item.actor,
                item.workstation,
                item.tag,
                counter,
                previous,
                item.sealed.commit,
            )
            leaf = unsealed + self.ratchet.seal(unsealed)
            digest = leaf_hash(leaf)
            if counter:
                self.index.note_look(at + number, day, item.tag, counter, digest)
            leaves.append(leaf)
            hashes.append(digest)
        return leaves, hashes

    def close_day(self, now_us: int) -> bytes | None:
        """Return the leaf that closes the previous day if a new day has begun, else None.

        Its rows are computed from the leaves, so altering the index of looks cannot hide a look.
        """
        time_s = now_us // _SECOND
        day = self.local_day(time_s)
        if self.size == 0 or self.day == 0 or day <= self.day:
            self.day = max(self.day, day)
            return None
        self.index.flush(self.size)
        rows = rows_of(
            leaf
            for frame in self.store.frames(self.day_first)
            for leaf in frame.leaves()[max(0, self.day_first - frame.first) :]
        )
        self.ratchet.advance(self.size)
        unsealed = DayLeaf(
            time_s, self.day, self.day_first, self.size, len(rows), index_root(rows), bytes(16)
        ).encode()[:-16]
        leaf = unsealed + self.ratchet.seal(unsealed)
        self.index.note_day(self.size, self.day, self.day_first, self.size)
        self.day_first = self.size
        self.day = day
        return leaf

    def write(self, leaves: Sequence[bytes], hashes: Sequence[bytes], records: Sequence[bytes]) -> None:
        """Write one group durably and add it to the tree."""
        first = self.size
        self.store.append(encode_frame(first, leaves, records), first)
        self.levels.append(hashes)
        if self.index.full():
            self.index.flush(self.size)

    def snapshot(self, now_us: int) -> Snapshot:
        """Return a snapshot of the tree for signing a checkpoint, and flush the index of looks."""
        self.index.flush(self.size)
        self.ratchet.advance(self.size)
        return Snapshot(self.size, self.levels.root(), self.ratchet.key, now_us)

    # -- checkpoints (checkpointing thread) ----------------------------------------------------------------

    def _sign(self, snapshot: Snapshot) -> Head:
        return sign_head(snapshot, self.origin, self._signers, self._wrap)

    def checkpoint(self, snapshot: Snapshot) -> Head:
        """Sign and publish a checkpoint by compare-and-swap on the lock."""
        head = self._sign(snapshot)
        if not self.store.swap_head(self.head.size, head):
            raise LedgerStoppedError(
                zh="检查点被别的进程推进；为避免分叉，台账已停止",
                en="another process moved the checkpoint; the ledger stops rather than fork",
            )
        self.head = head
        return head

    def reader(self, size: int | None = None) -> TreeReader:
        """Return a reader of the tree at a size (default: all that is durable)."""
        return TreeReader(self.store.read_hashes, self.size if size is None else size)

    def close(self) -> None:
        """Close the files, even if closing the index fails."""
        try:
            self.index.close()
        finally:
            self.store.close()
