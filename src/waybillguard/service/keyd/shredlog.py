"""keyd's own list of what was shredded: a file beside the ledger that restoring a database does not undo.

One JSON line per act, durable before the caller deletes anything. keyd never opens again what is listed, and the next
start destroys it in a restored database too. Each line carries a tag under a key derived from the root key; lines with
a wrong tag are ignored. `doctor` compares the list with the ledger and reports removed lines. A restore must keep this
file or merge both versions; the sequence of lines does not matter. Not covered: restoring the *whole* folder of an
earlier time, including this file, together with the passphrase of that time. `keys rotate` and destroying old key files
close that gap.
"""

import hashlib
import hmac
import logging
import os
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec

from waybillguard.keys.appending import append_whole
from waybillguard.service.keyd.messages import Request, ShredScope

logger = logging.getLogger(__name__)


class ShredLog(Request, frozen=True):
    """Ask for everything that was ever shredded, to shred it again in a restored database."""


class ShredLine(msgspec.Struct, frozen=True):
    """One line of the list; ``mark`` is the leaf hash of its ledger entry."""

    mark: str
    tenant: str
    at_us: int
    what: ShredScope


class ShredLines(msgspec.Struct, frozen=True):
    """The list, oldest first."""

    lines: list[ShredLine]


class TaggedLine(ShredLine, frozen=True):
    """A line as stored in the file; ``tag`` is keyed BLAKE2b, 32 bytes, hex, over all other fields."""

    tag: str


_decode = msgspec.json.Decoder(TaggedLine).decode
_encode = msgspec.json.Encoder().encode


class ShredList:
    """What must never be opened again. Thread-safe.

    Args:
        path: the file; None keeps the list in memory (tests).
        key: key of the tags, derived from the root key.
    """

    def __init__(self, path: Path | None = None, key: bytes = b"") -> None:
        self._path = path
        self._key = key
        self._adding = threading.Lock()
        self.lines: list[ShredLine] = []
        self._uids: dict[str, set[bytes]] = {}
        self._days: dict[tuple[str, int], int] = {}
        self._tenants: dict[str, int] = {}
        if path is not None and path.exists():
            # The last line may be cut short by a crash; its caller got no answer and deleted nothing.
            for line in path.read_bytes().split(b"\n"):
                try:
                    kept = _decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue
                made = ShredLine(kept.mark, kept.tenant, kept.at_us, kept.what)
                if hmac.compare_digest(kept.tag.encode(), self._tag(made).encode()):
                    self._take(made)
                else:
                    logger.error(
                        "the shred list holds a line that was not written here; it counts for nothing"
                    )

    def add(self, line: ShredLine) -> None:
        """Store a line durably.

        Raises:
            OSError: the disk write failed; the line is not stored.
        """
        with self._adding:
            if self._path is not None:
                self._write(self._path, line)
            self._take(line)

    def forbids(self, tenant: str, order_uid: bytes) -> bool:
        """Return whether this order was shredded individually."""
        return order_uid in self._uids.get(tenant, ())

    def forbidden_of(self, tenant: str, order_uids: Iterable[bytes]) -> set[bytes]:
        """Return which of these orders were shredded individually."""
        return self._uids.get(tenant, set()).intersection(order_uids)

    def forbids_epoch(self, tenant: str, day: int, epoch_id: int) -> bool:
        """Return whether this day key was shredded, with its day or with the whole tenant."""
        return epoch_id <= max(self._days.get((tenant, day), -1), self._tenants.get(tenant, -1))

    def _tag(self, line: ShredLine) -> str:
        said = hashlib.blake2b(_encode(line), key=self._key, digest_size=32, person=b"keyd-shred")
        return said.hexdigest()

    def _write(self, path: Path, line: ShredLine) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # An incomplete line before this one must not swallow it.
            kept = TaggedLine(line.mark, line.tenant, line.at_us, line.what, self._tag(line))
            append_whole(descriptor, b"\n" + _encode(kept) + b"\n", durable=True)
        finally:
            os.close(descriptor)

    def _take(self, line: ShredLine) -> None:
        self.lines.append(line)
        what: ShredScope = line.what
        if what.scope == "orders":
            self._uids.setdefault(line.tenant, set()).update(what.uids)
        elif what.scope == "day":
            place = (line.tenant, what.day)
            self._days[place] = max(self._days.get(place, -1), what.epoch_up_to)
        else:
            self._tenants[line.tenant] = max(self._tenants.get(line.tenant, -1), what.epoch_up_to)
