"""``make bench ROOM=ledger``: appends beside an fdatasync control of the same run, hashing, proofs, audit.

Durable figures depend on the disk, so each stands beside the control taken just before it. Leaves are 200
bytes, prebuilt; "full" entries make body, wraps, chain and seal. Peers run when ``WAYBILLGUARD_BENCH_PEERS``
names a Python that has them (tlog-scales, pymerkle); they are never dependencies.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import NO_PEERS, peers_python
from waybillguard.ledger import (
    Entry,
    EntryKind,
    FieldClass,
    Ledger,
    LedgerConfig,
    LedgerKeys,
    LocalStorage,
    Purpose,
)
from waybillguard.ledger.audit import Hasher, audit
from waybillguard.ledger.merkle import inclusion_proof, leaf_hash, verify_inclusion
from waybillguard.ledger.view import ShardView

LEAF = 200
TREE = 1_000_000
_SECONDS = 2.0

type Row = dict[str, Any]

_PEERS = """
import json, os, sys, tempfile, time
rows = []
leaves = [os.urandom(200) for _ in range(4096)]
try:
    from pymerkle import SqliteTree, InmemoryTree
    with tempfile.TemporaryDirectory() as d:
        tree = SqliteTree(os.path.join(d, "t.db")); n = 0; t = time.perf_counter()
        while time.perf_counter() - t < 2: tree.append_entry(leaves[n % 4096]); n += 1
        rows.append({"name": "peer pymerkle SqliteTree, one a commit", "value": n / 2, "unit": "entries/s"})
    tree = InmemoryTree(); n = 0; t = time.process_time()
    while time.process_time() - t < 2: tree.append_entry(leaves[n % 4096]); n += 1
    rows.append({"name": "peer pymerkle in memory", "value": n / 2, "unit": "entries/CPU-s"})
except ImportError: pass
try:
    from pathlib import Path
    from tlog_scales import signing, writer
    signer = signing.PlainEd25519Signer("bench.test", bytes(32))
    for size in (64, 1024):
        with tempfile.TemporaryDirectory() as d:
            log = writer.TilesWriter.create(Path(d, "log"), "bench.test"); n = 0; t = time.perf_counter()
            while time.perf_counter() - t < 2:
                for i in range(size): log.add_leaf(leaves[(n + i) % 4096])
                log.commit([signer]); n += size
            name = f"peer tlog-scales, one commit a {size} leaves"
            rows.append({"name": name, "value": n / (time.perf_counter() - t), "unit": "entries/s"})
except ImportError: pass
print(json.dumps(rows))
"""


def run(tree: int = 0, seconds: float = _SECONDS) -> list[Row]:
    """Measure; ``tree`` leaves for proofs and audit (``WAYBILLGUARD_BENCH_LEAVES``, else a million)."""
    tree = tree or int(os.environ.get("WAYBILLGUARD_BENCH_LEAVES", TREE))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as name:
        folder = Path(name)
        for writers in (1, 64, 1024):
            rows.append(_control(folder))
            rows += asyncio.run(_prebuilt(folder / f"prebuilt-{writers}", writers, seconds))
        rows.append(_control(folder))
        rows += asyncio.run(_full(folder / "full", 64, seconds))
        rows += _cost_of_a_look(folder / "look")
        rows.append(_hashing())
        rows += _big(folder / "big", tree)
    rows += _peers()
    return rows


def _row(name: str, value: float, unit: str, note: str = "") -> Row:
    return {"name": name, "value": value, "unit": unit, "note": note}


def _quantile(values: list[float], share: float) -> float:
    values.sort()
    return values[min(len(values) - 1, int(len(values) * share))]


def _control(folder: Path, rounds: int = 200) -> Row:
    fd = os.open(folder / "control", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    times = []
    try:
        for _ in range(rounds):
            begin = time.perf_counter()
            os.write(fd, bytes(LEAF))
            os.fdatasync(fd)
            times.append(time.perf_counter() - begin)
    finally:
        os.close(fd)
    p99 = _quantile(times, 0.99) * 1e3
    return _row(
        "control: write 200 B + fdatasync, p50", _quantile(times, 0.5) * 1e3, "ms", f"p99 {p99:.2f} ms"
    )


def _open(folder: Path) -> Ledger:
    return Ledger.open(LocalStorage(folder), LedgerKeys(secret=os.urandom(32)), config=LedgerConfig())


def _timing(what: str, count: int, spans: tuple[float, float], waits: list[float]) -> list[Row]:
    wall, cpu = spans
    p99 = _quantile(waits, 0.99) * 1e3
    note = f"p99 {p99:.2f} ms; {count / cpu:,.0f} a CPU-second"
    return [_row(what, count / wall, "entries/s", note)]


async def _prebuilt(folder: Path, writers: int, seconds: float) -> list[Row]:
    leaves = [os.urandom(LEAF) for _ in range(4096)]
    waits: list[float] = []
    with _open(folder) as ledger:
        await ledger.aappend_prebuilt("bench", leaves[:1])
        until = time.perf_counter() + seconds
        now = time.perf_counter

        async def writer(number: int) -> int:
            n = 0
            while (begin := now()) < until:
                await ledger.aappend_prebuilt("bench", [leaves[(number + n) & 4095]])
                waits.append(now() - begin)
                n += 1
            return n

        begin, cpu = now(), time.process_time()
        count = sum(await asyncio.gather(*(writer(n) for n in range(writers))))
        spans = now() - begin, time.process_time() - cpu
    return _timing(f"append of prebuilt leaves, {writers} writers", count, spans, waits)


def _look(n: int) -> Entry:
    return Entry(
        time_us=n,
        kind=EntryKind.REVEAL,
        tenant="bench",
        actor=f"clerk-{n % 20}",
        workstation=f"ws-{n % 8}",
        session="0011223344556677",
        field_class=FieldClass.PHONE,
        purpose=Purpose.CUSTOMER_SERVICE,
        record=(n * 7919 % 40_000).to_bytes(16, "big"),
        detail={"ticket": f"T-{n}", "reason": "address unclear"},
    )


async def _full(folder: Path, writers: int, seconds: float) -> list[Row]:
    waits: list[float] = []
    with _open(folder) as ledger:
        await ledger.aappend([_look(0)])
        until = time.perf_counter() + seconds
        now = time.perf_counter

        async def writer(number: int) -> int:
            n = 0
            while (begin := now()) < until:
                await ledger.aappend([_look(number * 100_003 + n)])
                waits.append(now() - begin)
                n += 1
            return n

        begin, cpu = now(), time.process_time()
        count = sum(await asyncio.gather(*(writer(n) for n in range(writers))))
        spans = now() - begin, time.process_time() - cpu
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())  # noqa: ASYNC240 - after the measurement
    rows = _timing(f"full entries (body, wraps, chain, seal), {writers} writers", count, spans, waits)
    return [*rows, _row("full entry on disk, all files", size / count, "B/entry")]


def _cost_of_a_look(folder: Path, rounds: int = 500) -> list[Row]:
    waits = []
    control = _control(folder.parent)
    with _open(folder) as ledger:
        for n in range(rounds):
            begin = time.perf_counter()
            ledger.append([_look(n)])
            waits.append(time.perf_counter() - begin)
    p50, p99 = _quantile(waits, 0.5) * 1e3, _quantile(waits, 0.99) * 1e3
    return [
        control,
        _row("cost to one reveal (blocking append of a full entry), p50", p50, "ms", f"p99 {p99:.2f} ms"),
    ]


def _hashing(count: int = 400_000) -> Row:
    leaves = [os.urandom(LEAF) for _ in range(4096)]
    best = 0.0
    for _ in range(3):
        hasher, begin = Hasher(), time.process_time()
        for _ in range(count // 4096):
            hasher.add(leaves)
        hasher.root()
        best = max(best, count // 4096 * 4096 / (time.process_time() - begin))
    return _row(
        "hashing leaves into the tree", best, "entries/CPU-s", "limit of hashlib calls: about 1.75 million"
    )


def _big(folder: Path, count: int) -> list[Row]:
    leaves = [os.urandom(LEAF) for _ in range(8192)]
    with _open(folder) as ledger:
        begin = time.perf_counter()
        for _ in range(0, count, 8192):
            ledger.append_prebuilt("bench", leaves)
        took = time.perf_counter() - begin
        (name,) = ledger.shards()
    size = (count + 8191) // 8192 * 8192
    disk = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    rows = [
        _row("bulk append, batches of 8,192", size / took, "entries/s"),
        _row(
            "disk over entry bytes",
            disk / (size * LEAF),
            "x",
            "segments and tiles; bundles are cut from segments",
        ),
    ]
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        view = ShardView(store)
        tree = view.tree()
        places = [n * 7919 % size for n in range(2000)]
        hot = places[:64]
        for place in hot:
            inclusion_proof(tree.node, place, size)
        begin = time.perf_counter()
        for _ in range(30):
            for place in hot:
                inclusion_proof(tree.node, place, size)
        rows.append(_row("proof, tiles cached", (time.perf_counter() - begin) / 30 / 64 * 1e6, "us"))
        begin = time.perf_counter()
        for place in places:
            inclusion_proof(tree.node, place, size)
        rows.append(_row("proof, tiles mostly not cached", (time.perf_counter() - begin) / 2000 * 1e6, "us"))
        proof = inclusion_proof(tree.node, hot[0], size)
        leaf = leaf_hash(view.leaf(hot[0]))
        begin = time.perf_counter()
        for _ in range(20_000):
            verify_inclusion(leaf, hot[0], size, proof, view.checkpoint.root)
        rows.append(_row("verification of a proof", (time.perf_counter() - begin) / 20_000 * 1e6, "us"))
    begin, cpu = time.perf_counter(), time.process_time()
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        good = audit(store).good
    wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
    begin = time.perf_counter()
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        opener = partial(LocalStorage(folder).shard, name, read_only=True)
        also = audit(store, opener=opener, workers=2).good
    rows.append(
        _row(
            f"audit of {size:,} entries, two processes",
            time.perf_counter() - begin,
            "s",
            "good" if also else "BAD",
        )
    )
    rows.append(
        _row(
            f"audit of {size:,} entries from raw bytes",
            wall,
            "s",
            f"{size / cpu:,.0f} entries a CPU-second; {'good' if good else 'BAD'}",
        )
    )
    begin = time.perf_counter()
    with _open_again(folder):
        rows.append(_row(f"start with {size:,} entries", time.perf_counter() - begin, "s"))
    rows.append(
        _row("peak memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")
    )
    return rows


def _open_again(folder: Path) -> closing[Any]:
    """Open the storage as a restart does, without the key: recovery reads levels and the last segment."""
    from waybillguard.ledger.levels import Levels

    storage = LocalStorage(folder)
    store = storage.shard(storage.shards()[0])
    head = store.head()
    levels = Levels(store)
    if head is None or not (levels.load(head.size) and levels.root() == head.root and levels.sound()):
        raise RuntimeError("levels do not load")
    for _ in store.frames(store.last_segment()):
        pass
    return closing(store)


def _peers() -> list[Row]:
    import json

    python = peers_python()
    if not python:
        return [_row("peers", 0, "", f"not tried: {NO_PEERS}")]
    done = subprocess.run([python, "-c", _PEERS], stdout=subprocess.PIPE, check=True)  # noqa: S603 - named by the caller
    found: list[Row] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(
            f"{row['name']:60s} {row['value']:>14,.3f} {row['unit']:14s} {row.get('note', '')}\n"
        )
