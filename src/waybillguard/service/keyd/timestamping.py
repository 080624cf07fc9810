"""The daily timestamp: its authority (a file in the data folder), when it is due, and its last problem.

``timestamp.url`` holds one line, the address of an RFC 3161 authority; without the file nothing is sent anywhere.
``timestamp.pem`` beside it is optional and holds the root certificates that verify the answers. Only the SHA-256 of a
signed checkpoint leaves the machine.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, Ledger
from waybillguard.ledger.entry import DayLeaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError, LedgerError
from waybillguard.ledger.timestamps import proved_time, read_roots

if TYPE_CHECKING:
    import httpx

TIMEOUT_S: Final = 10.0
RETRY_S: Final = 600.0
_FEW: Final = 64


class Timestamping:
    """Requests a timestamp of each shard once per local day, if it grew. Use from one thread only.

    Args:
        url_file: file with the address; may be absent.
        roots_file: file with the root certificates; may be absent.
        clock: seconds since 1970.
    """

    def __init__(self, url_file: Path, roots_file: Path, clock: Callable[[], float] = time.time) -> None:
        self._url_file = url_file
        self._roots_file = roots_file
        self._clock = clock
        self._not_before = 0.0
        self.problem: LedgerError | None = None

    def round(self, ledger: Ledger, name: str) -> None:
        """Timestamp a shard if due; a failure is kept in ``problem`` and retried in ten minutes."""
        try:
            url = self._url_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self.problem = None
            return
        now = self._clock()
        if now < self._not_before or not self._due(ledger, name, int(now)):
            return
        import httpx

        try:
            with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
                ledger.stamp(name, lambda note: self._ask(client, url, note))
        except LedgerError as error:
            self.problem = error
            self._not_before = now + RETRY_S
        else:
            self.problem = None

    @staticmethod
    def _due(ledger: Ledger, name: str, now_s: int) -> bool:
        """Return whether anything but day closings and the timestamp itself was written since the last timestamp."""
        shard = ledger.shard(name)
        stamps = shard.store.stamps()
        if not stamps:
            return shard.size > 0
        last = stamps[-1]
        if last.day >= shard.local_day(now_s) or shard.size <= last.size:
            return False
        return shard.size > last.size + _FEW or any(
            not _is_upkeep(leaf)
            for frame in shard.store.frames(last.size)
            for leaf in frame.leaves()[max(0, last.size - frame.first) :]
        )

    def _ask(self, client: "httpx.Client", url: str, note: bytes) -> bytes:
        if not url.startswith(("https://", "http://")):
            raise LedgerError(
                code="timestamp",
                zh=f"{self._url_file.name} 应为一行 http(s) 地址",
                en=f"{self._url_file.name} must be one line, an http(s) address",
            )
        from waybillguard.ledger.asking import request_stamp

        response = request_stamp(client, url, note)
        if self._roots_file.is_file():
            proved_time(note, response, read_roots(self._roots_file.read_bytes()))
        return response


def _is_upkeep(data: bytes) -> bool:
    try:
        leaf = decode_leaf(data)
    except BadEntryError:
        return False
    return isinstance(leaf, DayLeaf) or leaf.kind == EntryKind.ANCHOR
