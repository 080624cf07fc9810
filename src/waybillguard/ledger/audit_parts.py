"""Hash a shard's segments in several processes; each reads one part and returns the roots of whole tiles."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import msgspec

from waybillguard.ledger.errors import BadEntryError, LedgerCorruptError
from waybillguard.ledger.levels import TILE, roots_of_tiles
from waybillguard.ledger.segment import BadFrameError, bundle_hashes
from waybillguard.ledger.storage import ShardStore

type Opener = Callable[[], ShardStore]
"""Opens the shard for reading in another process; must be picklable."""

_BATCH = 64 * TILE


class Run(msgspec.Struct, frozen=True):
    """Consecutive hashes: leaf hashes, or with ``tiles`` the roots of whole tiles of 256 leaves."""

    hashes: list[bytes]
    tiles: bool


class Part(msgspec.Struct, frozen=True):
    """The result of one process: it read entries ``[first, end)``; place and kind of damage, if any."""

    first: int
    end: int
    runs: list[Run]
    torn: int = -1
    short: bool = False
    damaged: tuple[str, str] = ("", "")


def read_part(opener: Opener, first: int, stop: int, marks: Sequence[int]) -> Part:
    """Hash the entries of one segment (``stop``: first entry of the next segment, -1 for the last).

    Tiles that contain one of ``marks`` (tree sizes), and those at both ends, are returned as leaf hashes.
    """
    store = opener()
    runs: list[Run] = []
    pending: list[bytes] = []
    end = first
    torn, short, damaged = -1, False, ("", "")
    try:
        for frame in store.frames(first):
            if end == stop:
                break
            _must_join(frame.first, end)
            pending += bundle_hashes(frame.public)
            end += frame.count
            if len(pending) >= _BATCH:
                pending = _fold(end - len(pending), pending, marks, runs)
    except BadFrameError as bad:
        torn, short = bad.offset, bad.short
    except (LedgerCorruptError, BadEntryError) as error:
        damaged = (error.zh, error.en)
    finally:
        store.close()
    pending = _fold(end - len(pending), pending, marks, runs)
    runs.append(Run(pending, tiles=False))
    return Part(first, end, runs, torn, short, damaged)


def _must_join(first: int, end: int) -> None:
    if first != end:
        raise gap_error()


def gap_error() -> LedgerCorruptError:
    """Return the error for a gap between entries."""
    return LedgerCorruptError(
        zh="条目之间有缺口；不要修改文件，先备份整个目录，再从镜像恢复",
        en="there is a gap between entries; do not edit the files: back up the folder, then recover from a mirror",
    )


def _fold(start: int, hashes: list[bytes], marks: Sequence[int], runs: list[Run]) -> list[bytes]:
    """Replace whole tiles by their roots and return the remaining leaf hashes."""
    head = min(-start % TILE, len(hashes))
    if head:
        runs.append(Run(hashes[:head], tiles=False))
    at, place = head, start + head
    edges = sorted({mark // TILE * TILE for mark in marks if place <= mark < start + len(hashes)})
    last = len(hashes) - (len(hashes) - head) % TILE
    for edge in [*edges, -1]:
        upto = last if edge < 0 else min(last, edge - start)
        if upto > at:
            runs.append(Run(list(roots_of_tiles(hashes[at:upto])), tiles=True))
        at = max(at, upto)
        if edge >= 0 and at + TILE <= last:
            runs.append(Run(hashes[at : at + TILE], tiles=False))
            at += TILE
    return hashes[at:]


def read_parts(opener: Opener, starts: Sequence[int], marks: Sequence[int], workers: int) -> Iterator[Part]:
    """Yield the parts of a shard in order, read by ``workers`` processes."""
    stops = [*starts[1:], -1]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(
            read_part, [opener] * len(starts), starts, stops, [list(marks)] * len(starts), chunksize=1
        )
