"""Keeps the ledger open for keyd, has it witnessed, and refuses all requests while it cannot write.

If a witness or the ledger's own signature shows that the ledger was rolled back, it is not opened for writing. The
service then runs with an alarm: it opens nothing and makes no tokens and no references. A full disk stops the ledger;
it is reopened, with full recovery, once there is room. After any other disk fault a person has to decide.
"""

import errno
import logging
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Final, TypeGuard

import msgspec

from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, LedgerKeys, LocalStorage, Purpose
from waybillguard.ledger.committer import stopped_by
from waybillguard.ledger.errors import (
    LedgerCorruptError,
    LedgerError,
    LedgerFullError,
    LedgerRolledBackError,
    LedgerStoppedError,
    MirrorAwayError,
)
from waybillguard.ledger.names import tenant_slug
from waybillguard.service.keyd import intake, messages
from waybillguard.service.keyd import ledger_messages as asked
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.gate import require_names
from waybillguard.service.keyd.ledger_answers import family, looks_answer, shard_state, verifiers
from waybillguard.service.keyd.timestamping import Timestamping
from waybillguard.service.keyd.witnesses import Witnesses

logger = logging.getLogger(__name__)

ROUND_S: Final = 2.0
REOPEN_S: Final = 2.0
MAX_WAREHOUSES: Final = 200
"""Maximum warehouses with a ledger: each keeps files open, and invented names could use them up."""
_NO_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE})

type Handle = Callable[[messages.Request], object]


class Keeper:
    """Answers every request: ledger requests itself, all others through ``operations`` while the ledger can write.

    Args:
        storage: where the ledger is stored.
        keys: the ledger's secret keys.
        witnesses: the witnesses that cosign.
        timestamping: the timestamp authority.
        operations: makes the handler of all other requests from an open ledger.
        derive: answers requests that need no ledger (secrets of the service itself).
    """

    def __init__(
        self,
        storage: LocalStorage,
        keys: LedgerKeys,
        witnesses: Witnesses,
        timestamping: Timestamping,
        operations: Callable[[Ledger], Handle],
        derive: Handle,
    ) -> None:
        self._storage = storage
        self._keys = keys
        self._witnesses = witnesses
        self._timestamping = timestamping
        self._operations = operations
        self._derive = derive
        self._guard = threading.RLock()
        self._ledger: Ledger | None = None
        self._work: Handle | None = None
        self._known: set[str] = set()
        self._tried = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ledger-witness", daemon=True)
        self.problem: LedgerError | None = None

    def start(self) -> None:
        """Open the ledger. If it does not open or the disk is full, keyd runs closed and reports the alarm.

        Raises:
            LedgerError (ledger_locked): another keyd writes it.
        """
        try:
            self._open()
        except (LedgerRolledBackError, LedgerCorruptError, MirrorAwayError, LedgerFullError) as error:
            self._alarm(error)
        except OSError as error:
            stopped = _does_not_open(error) if error.errno in _NO_FILES else stopped_by(error)
            if not _is_recoverable(stopped) and error.errno not in _NO_FILES:
                raise
            self._alarm(stopped)
        except sqlite3.Error as error:
            self._alarm(_does_not_open(error))
        self._thread.start()

    def close(self) -> None:
        """Stop asking witnesses and close the ledger."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(ROUND_S + 5)
        with self._guard:
            self._close_ledger()
        self._witnesses.close()

    def handle(self, request: messages.Request) -> object:
        """Answer a request, or raise the reason why nothing is opened."""
        require_names(request)
        if isinstance(request, messages.Derive):
            return self._derive(request)
        if isinstance(request, asked.LedgerState):
            return self.state(request)
        if isinstance(request, messages.Status):
            return self._status(request)
        self._admit(request)
        if isinstance(request, asked.Looks):
            return self.looks(request)
        work = self._work
        if work is None:
            raise self.problem or _stopped()
        try:
            return work(request)
        except LedgerStoppedError:
            self._note_stop()
            raise

    # -- opening and letting go ------------------------------------------------------------------------------

    def _open(self) -> None:
        dead: set[str] = set()
        ledger = Ledger.open(
            self._storage,
            self._keys,
            seen=lambda origin: self._witnesses.seen(origin, dead, verifiers(self._keys, origin)),
        )
        self._ledger = ledger
        self._work = self._operations(ledger)
        self._known = set(ledger.shards())
        self.problem = None

    def _close_ledger(self) -> None:
        ledger, self._ledger, self._work = self._ledger, None, None
        if ledger is not None:
            try:
                ledger.close()
            except (LedgerError, OSError, sqlite3.Error) as error:
                logger.warning("the ledger closed with %s", type(error).__name__)

    def _alarm(self, error: LedgerError) -> None:
        with self._guard:
            self.problem = error
            self._work = None
            sys.stderr.write(f"!! {error.zh}\n!! {error.en}\n")
            sys.stderr.flush()

    def _note_stop(self) -> None:
        """Note why the ledger stopped, as the ledger itself says; the error at hand may come from an earlier stop."""
        with self._guard:
            stopped = self._ledger.stopped if self._ledger is not None else None
            if stopped is not None and self.problem is None:
                self.problem = stopped
                self._tried = time.monotonic()
                logger.error("the ledger stopped; nothing is opened: %s", stopped.en)

    def _admit(self, request: messages.Request) -> None:
        """Let a request pass only while the ledger can write and was compared with the witnesses."""
        with self._guard:
            if isinstance(self.problem, LedgerStoppedError):
                self._reopen()
            if self.problem is not None:
                raise self.problem
            context = getattr(request, "context", None)
            if isinstance(context, messages.Context):
                self._compare_new(context.tenant)
            elif isinstance(request, messages.SealBatch | intake.SealArrived):  # these write, too
                self._compare_new(request.tenant)

    def _reopen(self) -> None:
        """Reopen a ledger that stopped because the disk was full or its mirror was away, at most every two seconds."""
        now = time.monotonic()
        if not _is_recoverable(self.problem) or now - self._tried < REOPEN_S:
            return
        self._tried = now
        stopped = self.problem
        self._close_ledger()
        try:
            self._open()
        except (LedgerRolledBackError, LedgerCorruptError) as error:
            self._alarm(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing stays open, and it is tried again
            logger.warning("the ledger did not open: %s", type(error).__name__)
            self._close_ledger()
            # Errors while opening have the same cause, a full disk, even if they are reported differently.
            self.problem = error if _is_recoverable(error) else stopped

    def _compare_new(self, tenant: str) -> None:
        """Ask the witnesses before a shard is created. If one knows it already, it was deleted here.

        Raises:
            RequestRefusedError: the maximum number of warehouses is reached; nothing is created.
        """
        ledger = self._ledger
        if ledger is None:
            return
        name = ledger.current_shard(tenant)
        if name in self._known:
            return
        warehouses = {known.rpartition("-")[0] for known in self._known}
        if len(warehouses) >= MAX_WAREHOUSES and name.rpartition("-")[0] not in warehouses:
            raise RequestRefusedError(
                zh=f"台账已有 {MAX_WAREHOUSES} 家仓库，未再建立新的台账。如非本人所为，请立即检查服务器。",
                en=f"{MAX_WAREHOUSES} warehouses have a ledger here; no new one begins. If this was not you, look at the "
                "server at once.",
            )
        origin = f"{self._keys.prefix}/{name}"
        seen = self._witnesses.seen(origin, logs=verifiers(self._keys, origin))
        if seen is not None and seen.size and name not in ledger.shards():
            error = LedgerRolledBackError(
                zh=f"本机没有 {origin}，而见证方已见过它的 {seen.size} 条：台账被删除或恢复了旧备份；"
                "拒绝写入，请从备份或镜像恢复",
                en=f"{origin} is not here but a witness has seen {seen.size} entries of it: the ledger was "
                "deleted or an old backup restored; nothing is written: restore it",
            )
            self._alarm(error)
            raise error
        self._known.add(name)

    # -- witnessing ------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._stop.wait(ROUND_S):
            ledger = self._ledger
            if ledger is None or self.problem is not None:
                continue
            try:
                for name in ledger.shards():
                    self._witnesses.round(ledger, name)
                    self._timestamping.round(ledger, name)
            except LedgerRolledBackError as error:
                self._alarm(error)
            except Exception as error:  # noqa: BLE001 - the witness thread must live; the text may quote notes
                logger.warning("a round of witnessing failed: %s", type(error).__name__)

    # -- answers ---------------------------------------------------------------------------------------------

    def _status(self, request: messages.Status) -> object:
        work = self._work
        if work is not None:
            return work(request)
        return messages.StatusAnswer(
            version=messages.VERSION,
            healthy=False,
            entries={},
            problem_zh=self.problem.zh if self.problem else "",
            problem_en=self.problem.en if self.problem else "",
        )

    def state(self, request: asked.LedgerState) -> asked.LedgerStateAnswer:
        """Return checkpoints and witnesses of a tenant; read from the files if the ledger is closed."""
        slug = tenant_slug(request.tenant)
        ledger = self._ledger
        shards = []
        vkeys: list[str] = []
        for name in self._storage.shards():
            if name.rpartition("-")[0] != slug:
                continue
            if ledger is not None and self.problem is None and name in ledger.shards():
                ledger.checkpoint(name)
            with closing(self._storage.shard(name, read_only=True)) as store:
                shard = shard_state(store, request.since.get(name, 0), self._witnesses)
            if shard is not None and ledger is not None and name in ledger.shards():
                mirror = getattr(ledger.shard(name).store, "mirror", None)
                mirrored = mirror.size if mirror is not None else -1
                shard = msgspec.structs.replace(shard, mirrored=mirrored)
            if shard is not None:
                shards.append(shard)
                vkeys += shard.vkeys
        wrong = self._witnesses.wrong or self._timestamping.problem
        return asked.LedgerStateAnswer(
            problem_zh=self.problem.zh if self.problem else "",
            problem_en=self.problem.en if self.problem else "",
            shards=shards,
            policy=self._witnesses.text(vkeys),
            family=family(self._keys),
            quorum=self._witnesses.policy.quorum,
            settings_zh=wrong.zh if wrong else "",
            settings_en=wrong.en if wrong else "",
        )

    def looks(self, request: asked.Looks) -> asked.LooksAnswer:
        """Record the request in the ledger, then return all looks at an order with their proof."""
        ledger = self._ledger
        if ledger is None:
            raise self.problem or _stopped()
        context = request.context
        kind = EntryKind.PERSON_REQUEST if request.handed_out else EntryKind.INSPECTOR_LOOK
        purpose = Purpose.PERSON_REQUEST if request.handed_out else Purpose.INSPECTION
        entry = Entry(
            time_us=ledger.now_us(),
            kind=kind,
            tenant=context.tenant,
            actor=context.actor,
            workstation=context.workstation,
            session=context.session,
            field_class=FieldClass.STAFF,
            purpose=purpose,
            detail={"looks_at": request.record.hex()},
        )
        try:
            ledger.append([entry])
        except LedgerStoppedError:
            self._note_stop()
            raise
        return looks_answer(ledger, context.tenant, request.record, self._witnesses.policy)


def _is_recoverable(error: Exception | None) -> TypeGuard[LedgerFullError | MirrorAwayError]:
    """Return whether a stopped ledger may be reopened without a person: the disk was full or the mirror away."""
    return isinstance(error, LedgerFullError | MirrorAwayError)


def _does_not_open(error: OSError | sqlite3.Error) -> LedgerStoppedError:
    """Return the alarm for a ledger whose files do not open; SQLite's message contains no data."""
    return LedgerStoppedError(
        zh=f"台账文件无法打开（{error}），未打开任何数据。请检查磁盘、文件权限和可同时打开的文件数（ulimit -n），然后重启服务。",
        en=f"files of the ledger do not open ({error}); nothing was opened. Check the disk, their permissions and how many "
        "files may be open at a time (ulimit -n), then restart the service.",
    )


def _stopped() -> LedgerStoppedError:
    return LedgerStoppedError(
        zh="台账未打开，未打开任何数据", en="the ledger is not open; nothing was opened"
    )
