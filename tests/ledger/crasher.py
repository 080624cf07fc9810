"""A process that appends entries until it is killed at a given step; acknowledged entries are flushed to a file."""

import os
import signal
import sys
from pathlib import Path

from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerConfig, LedgerKeys, LocalStorage


def main() -> None:
    folder, point, count, size = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    left = [count]

    def fault(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    storage = LocalStorage(folder, segment_bytes=6000, fault=fault)
    keys = LedgerKeys(secret=bytes(range(32)), prefix="ledger.test/wg")
    ledger = Ledger.open(storage, keys, config=LedgerConfig(checkpoint_s=0.005))
    out = os.open(folder.parent / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for n in range(100_000):
        entries = [
            Entry(time_us=n, kind=EntryKind.REVEAL, tenant="hz-01", record=(n % 7).to_bytes(16, "big"))
            for _ in range(1 + n % size)
        ]
        for receipt in ledger.append(entries):
            os.write(out, f"{receipt.index} {receipt.leaf_hash.hex()}\n".encode())


if __name__ == "__main__":
    main()
