"""The service's witnesses: which ones (a file in the data folder), what they cosigned, which do not answer.

``witness.policy`` is a C2SP tlog-policy file without ``log`` lines: ``witness NAME VKEY URL``, ``group``,
``quorum``. The log's own keys are added per shard.
"""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import Ledger
from waybillguard.ledger.cosign import Round, WitnessUnreachableError, check_against
from waybillguard.ledger.errors import BadNoteError, LedgerError, LedgerRolledBackError, WitnessRefusedError
from waybillguard.ledger.note import (
    Checkpoint,
    Verifier,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified,
)
from waybillguard.ledger.policy import Policy, Witness, parse_policy
from waybillguard.service.keyd.ledger_messages import WitnessState

if TYPE_CHECKING:
    from waybillguard.ledger.asking import HttpWitness

TIMEOUT_S: Final = 3.0
LATE_S: Final = 120
_NONE: Final = Policy((), {}, {}, "none")
_KEPT: Final = "cosigned"


class Witnesses:
    """Asks the configured witnesses and remembers what each has cosigned. Thread-safe.

    Args:
        path: the policy file; may be absent, and is read again when it changes.
        clock: seconds since 1970.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._guard = threading.RLock()
        self._stamp: tuple[int, int] | None = None
        self._policy = _NONE
        self._links: dict[str, HttpWitness] = {}
        self._failed: dict[tuple[str, str], LedgerError] = {}
        self._checked: set[tuple[str, str]] = set()
        self._behind_since: dict[tuple[str, str], float] = {}
        self.wrong: LedgerError | None = None

    @property
    def policy(self) -> Policy:
        """The policy from the file; the last valid one while the file has errors."""
        with self._guard:
            try:
                found = self._path.stat()
                stamp = (found.st_mtime_ns, found.st_size)
            except OSError:
                stamp = None
            if stamp != self._stamp:
                self._stamp = stamp
                self._read(stamp is not None)
            return self._policy

    def _read(self, there: bool) -> None:
        self.wrong = None
        try:
            policy = parse_policy(self._path.read_bytes()) if there else _NONE
        except (BadNoteError, OSError) as error:
            reason = error if isinstance(error, LedgerError) else None
            self.wrong = LedgerError(
                zh=f"见证方设置 {self._path.name} 有误，仍按原设置运行：{reason.zh if reason else '无法读取'}",
                en=f"the witness settings {self._path.name} are wrong, the old ones stay in force: "
                f"{reason.en if reason else 'cannot be read'}",
            )
            return
        for link in self._links.values():
            link.close()
        self._policy = policy
        self._links = {name: _link(witness.url) for name, witness in policy.witnesses.items() if witness.url}
        self._failed.clear()
        self._checked.clear()

    # -- before anything is written ------------------------------------------------------------------------

    def seen(
        self, origin: str, dead: set[str] | None = None, logs: Sequence[Verifier] = ()
    ) -> Checkpoint | None:
        """Return the largest checkpoint of an origin that a witness has cosigned; skips witnesses that do not answer.

        ``dead`` collects those that did not answer, so that a start does not wait for one twice. ``logs`` are the
        ledger's own keys for the origin: a checkpoint that it never signed proves nothing against it.
        """
        self.policy  # noqa: B018 - reads the file if it changed
        largest: Checkpoint | None = None
        for name, link in list(self._links.items()):
            if dead is not None and name in dead:
                continue
            try:
                found = link.latest(origin, logs)
            except (WitnessUnreachableError, BadNoteError) as error:
                self._failed[origin, name] = error
                if dead is not None:
                    dead.add(name)
                continue
            if (
                found is not None
                and found.origin == origin
                and (largest is None or found.size > largest.size)
            ):
                largest = found
        return largest

    # -- rounds --------------------------------------------------------------------------------------------

    def round(self, ledger: Ledger, name: str) -> None:
        """Have the witnesses cosign the last checkpoint of a shard, and keep what they sign.

        Raises LedgerRolledBackError if a witness has seen more entries than this ledger holds, or different ones.
        """
        policy = self.policy
        if not self._links:
            return
        shard = ledger.shard(name)
        origin = shard.origin
        for witness in list(self._links):
            if (origin, witness) not in self._checked:
                self._compare(ledger, name, witness)
        note = shard.store.meta(_KEPT)
        head = shard.head
        if note is not None and _size(note) == head.size and not self._lacking(policy, note):
            self._behind_since.clear()
            return
        logs = tuple(parse_vkey(vkey) for vkey in ledger.verifiers(name))
        done = ledger.cosign(name, msgspec.structs.replace(policy, logs=logs), dict(self._links))
        if len(done.note) > len(head.note):
            shard.store.put_meta(_KEPT, done.note)
        self._took(ledger, name, done)

    def _took(self, ledger: Ledger, name: str, done: Round) -> None:
        """Store each cosignature, and the reason for each missing one."""
        shard = ledger.shard(name)
        now = self._clock()
        for witness in self._links:
            place = (shard.origin, witness)
            if (error := done.failed.get(witness)) is None:
                self._failed.pop(place, None)
                self._behind_since.pop(place, None)
                shard.store.put_meta(f"cosigned by {witness}", done.note)
                continue
            self._failed[place] = error
            self._behind_since.setdefault(place, now)
            if isinstance(error, WitnessRefusedError):
                self._compare(ledger, name, witness)

    def _compare(self, ledger: Ledger, name: str, witness: str) -> None:
        shard = ledger.shard(name)
        try:
            logs = [parse_vkey(vkey) for vkey in shard.verifiers()]
            check_against(self._links[witness].latest(shard.origin, logs), shard.reader(), shard.origin)
        except LedgerRolledBackError:
            raise
        except LedgerError as error:
            self._failed[shard.origin, witness] = error
            return
        self._checked.add((shard.origin, witness))

    def _lacking(self, policy: Policy, note: bytes) -> list[str]:
        parsed = parse_note(note)
        return [name for name in self._links if not verified(parsed, [policy.witnesses[name].verifier])]

    # -- looking -------------------------------------------------------------------------------------------

    def states(self, origin: str, size: int, meta: Callable[[str], bytes | None]) -> list[WitnessState]:
        """Return the state of each configured witness for a shard of ``size`` signed entries."""
        return [self._state(witness, origin, size, meta) for witness in self.policy.witnesses.values()]

    def _state(
        self, witness: Witness, origin: str, size: int, meta: Callable[[str], bytes | None]
    ) -> WitnessState:
        seen, when = 0, 0
        if (note := meta(f"cosigned by {witness.name}")) is not None:
            found = verified(parse_note(note), [witness.verifier])
            if found:
                seen, when = _size(note), found[0][1] or 0
        error = self._failed.get((origin, witness.name))
        late = self._clock() - self._behind_since.get((origin, witness.name), self._clock())
        if not witness.url:
            state = "waiting" if not seen else "fine"
        elif isinstance(error, WitnessUnreachableError):
            state = "silent"
        elif error is not None:
            state = "refused"
        elif seen < size and (late > LATE_S or (when and self._clock() - when > LATE_S)):
            state = "behind"
        else:
            state = "fine" if seen else "waiting"
        return WitnessState(
            name=witness.name,
            vkey=witness.verifier.vkey(),
            url=witness.url,
            state=state,
            size=seen,
            time_s=when,
            problem_zh=error.zh if error else "",
            problem_en=error.en if error else "",
        )

    def text(self, vkeys: list[str]) -> str:
        """Return the policy as a file for checking proofs: the log's keys, the witnesses, the quorum."""
        policy = self.policy
        lines = [f"log {vkey}" for vkey in vkeys]
        lines += [f"witness {w.name} {w.verifier.vkey()}" for w in policy.witnesses.values()]
        lines += [f"group {name} {g.needed} {' '.join(g.members)}" for name, g in policy.groups.items()]
        return "\n".join([*lines, f"quorum {policy.quorum}", ""])

    def close(self) -> None:
        """Close connections."""
        for link in self._links.values():
            link.close()


def _size(note: bytes) -> int:
    return parse_checkpoint(parse_note(note).text).size


def _link(url: str) -> "HttpWitness":
    import httpx

    from waybillguard.ledger.asking import HttpWitness

    return HttpWitness(url, httpx.Client(timeout=TIMEOUT_S, trust_env=False))
