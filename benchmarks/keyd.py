"""``make bench ROOM=keyd``: what the key process's checks cost: sealing with its entry, and a restart on a long ledger.

Sealing is measured in this process, chunks with and without the entry by turns, so that a busy machine slows both.
The restart is that of a real key process on a ledger of ``WAYBILLGUARD_BENCH_ENTRIES`` entries (default 10 million, of
three days ago): from its start until it says that it is healthy, the unlocking of the root key included, and then until
it has counted the last 24 hours for one warehouse.
"""

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from waybillguard.keys import holders
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.view import ShardView
from waybillguard.seal import Contact, SealInput
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.platform.config import Config

CHUNK: Final = 2_500
ROUNDS: Final = 15
DAY: Final = 20_000
_PASSPHRASE: Final = "the bench opens this"  # noqa: S105 - of a folder that is removed
_BATCH: Final = 8_192
_AGO_US: Final = 3 * 86_400_000_000

type Row = dict[str, Any]


def run() -> list[Row]:
    """Measure and return rows of name, value, unit, note."""
    entries = int(os.environ.get("WAYBILLGUARD_BENCH_ENTRIES", "10000000"))
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        rows = _sealing(Path(folder) / "sealing")
        return rows + _restart(Path(folder), entries)


def _sealing(folder: Path) -> list[Row]:
    holder = FileHolder(RootKey(secrets.token_bytes(32)))
    ledger = Ledger.open(LocalStorage(folder), LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER))))
    keyd = Operations(holder, ledger)
    epoch = keyd.new_epoch(messages.NewEpoch("bench", 1, DAY))
    spent: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    write = keyd._write_sealing  # noqa: SLF001 - the entry is what is measured
    for turn in range(2 * ROUNDS + 2):
        entered = turn % 2 == 0
        keyd._write_sealing = write if entered else lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001
        request = messages.SealBatch("bench", [epoch], _rows(turn))
        wall, cpu = time.perf_counter(), time.process_time()
        keyd.seal_batch(request)
        if turn > 1:  # the first two fill caches
            spent[entered].append((time.perf_counter() - wall, time.process_time() - cpu))
    ledger.close()
    wall_with, cpu_with = (statistics.median(column) for column in zip(*spent[True], strict=True))
    wall_without, cpu_without = (statistics.median(column) for column in zip(*spent[False], strict=True))
    note = f"chunks of {CHUNK:,} rows by turns, medians of {ROUNDS}; load {os.getloadavg()[0]:.1f}"
    return [
        {"name": "sealing, with its entry", "value": CHUNK / wall_with, "unit": "rows/s", "note": note},
        {"name": "sealing, without", "value": CHUNK / wall_without, "unit": "rows/s", "note": note},
        {
            "name": "sealing rate with over without, wall", "value": wall_without / wall_with, "unit": "x",
            "note": f"target 0.95: {'met' if wall_without / wall_with >= 0.95 else 'NOT met'}",
        },
        {"name": "the same, CPU", "value": cpu_without / cpu_with, "unit": "x", "note": note},
    ]  # fmt: skip


def _rows(turn: int) -> list[SealInput]:
    return [
        SealInput(
            order_uid=secrets.token_bytes(16), day=DAY, shop="某店", order_no=f"B{turn}-{n}",
            contact=Contact(f"测试{n}", f"199{n:08}", detail=f"不存在路{n}号"),
        )
        for n in range(CHUNK)
    ]  # fmt: skip


def _restart(folder: Path, entries: int) -> list[Row]:
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    config = Config(folder / "data")
    _answered(config, grow=False)
    size = _grow(config, entries)
    healthy, counted, cpu = _answered(config, grow=True)
    note = f"{size:,} entries; root key unlocked with it; load {os.getloadavg()[0]:.1f}"
    return [
        {"name": "keyd, from start to healthy", "value": healthy, "unit": "s", "note": f"target 2 s; {note}"},
        {"name": "of it, CPU until the count", "value": cpu, "unit": "CPU-s", "note": note},
        {"name": "then, the last 24 hours counted", "value": counted, "unit": "s", "note": note},
    ]  # fmt: skip


def _grow(config: Config, entries: int) -> int:
    """Append copies of one real entry of three days ago."""
    holder = FileHolder(holders.unlock(config.key_file, _PASSPHRASE))
    keys = LedgerKeys.of_installation(bytes(holder.derive(Purpose.LEDGER)))
    then = time.time_ns() // 1000 - _AGO_US
    with Ledger.open(LocalStorage(config.ledger_dir), keys, clock=lambda: then) as ledger:
        keyd = Operations(holder, ledger, lambda: then)
        keyd.record(messages.Record(messages.Context("bench", "u1"), "import", {"batch": 1}))
        (name,) = ledger.shards_of("bench")
        ledger.checkpoint(name)
        leaf, size = ShardView(ledger.shard(name).store).leaf(0), 1
        while size < entries:
            size = ledger.append_prebuilt("bench", [leaf] * _BATCH)[-1].index + 1
        return size


def _answered(config: Config, *, grow: bool) -> tuple[float, float, float]:
    """Start a key process; return the seconds until it is healthy, until it has counted, and its CPU seconds."""
    begin = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "waybillguard.service.keyd", "--data", str(config.data_dir)],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(f"{_PASSPHRASE}\n\n".encode())
    process.stdin.close()
    try:
        client = KeydClient(config.keyd_socket, timeout=300.0, patience=300.0)
        if not client.call(messages.Status(), messages.StatusAnswer).healthy:
            raise RuntimeError("the ledger does not write")
        healthy = time.perf_counter() - begin
        if grow:
            client.call(messages.SealedRows("bench"), messages.SealedRowsAnswer)
        counted = time.perf_counter() - begin - healthy
        client.close()
        ticks = (
            Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        )
        return healthy, counted, sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    finally:
        process.terminate()
        process.wait()
