"""An attacker with the files but no keys can sign nothing, pass no check, and assign no look to another person."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.ledger import Entry, Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.errors import LedgerCorruptError
from waybillguard.ledger.fsck import fsck
from waybillguard.ledger.looks import verify_looks
from waybillguard.ledger.merkle import leaf_hash, root_of
from waybillguard.ledger.note import parse_note
from waybillguard.ledger.person import looks_at, words_of
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.segment import encode_frame, frames_of
from waybillguard.ledger.view import ShardView

SHARD = "hz-01-2026q4"
DAY = 86_400 * 1_000_000
ACTOR = slice(12, 28)


def uid(number: int) -> bytes:
    return number.to_bytes(16, "big")


def places(folder: Path) -> list[str]:
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        return [
            problem.place for problem in fsck(store, (folder / SHARD / "checkpoint").read_bytes()).problems
        ]


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


def blame(folder: Path, index: int, actor_of: int) -> list[bytes]:
    """Copy the actor of one entry into another, with valid checksums; return the leaf hashes."""
    (path,) = (folder / SHARD).glob("seg-*.wgl")
    frames = list(frames_of(path.read_bytes()))
    leaves = [leaf for frame in frames for leaf in frame.leaves()]
    leaves[index] = leaves[index][:12] + leaves[actor_of][ACTOR] + leaves[index][28:]
    path.write_bytes(
        b"".join(
            encode_frame(
                frame.first,
                leaves[frame.first : frame.first + frame.count],
                [record for _, record in frame.records()],
            )
            for frame in frames
        )
    )
    return [leaf_hash(leaf) for leaf in leaves]


@pytest.fixture
def closed(start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path) -> Path:
    """Four looks at three records by four people, signed."""
    with start() as ledger:
        ledger.append([look(n, actor=f"clerk-{place}") for place, n in enumerate((1, 2, 3, 1))])
    return folder


def test_a_look_blamed_on_another_is_not_signed_over(closed: Path, start: Callable[..., Ledger]) -> None:
    hashes = blame(closed, 1, actor_of=2)
    (closed / SHARD / "hash-0").write_bytes(b"".join(hashes))
    with closing(sqlite3.connect(closed / SHARD / "lock.sqlite")) as database:
        database.execute("UPDATE head SET root = ?", (root_of(hashes),))
        database.commit()
    with pytest.raises(LedgerCorruptError, match="not one that this ledger signed"):
        start()


def test_a_checkpoint_that_nobody_signed_is_neither_opened_nor_called_sound(
    closed: Path, start: Callable[..., Ledger]
) -> None:
    with closing(sqlite3.connect(closed / SHARD / "lock.sqlite")) as database:
        note = parse_note(database.execute("SELECT note FROM head").fetchone()[0])
        forged = f"{note.text}\n\u2014 somebody AAAAAAA=\n".encode()
        database.execute("DELETE FROM meta WHERE key = 'vkeys'")
        database.execute("UPDATE head SET note = ?", (forged,))
        database.commit()
    (closed / SHARD / "checkpoint").write_bytes(forged)
    assert run("audit", "--data", closed)[0] == 1
    assert run("fsck", "--data", closed)[0] == 1
    with pytest.raises(LedgerCorruptError):
        start()


def test_a_start_with_another_secret_leaves_the_public_keys_as_they_are(
    closed: Path, start: Callable[..., Ledger]
) -> None:
    with pytest.raises(LedgerCorruptError):
        start(keys=LedgerKeys(secret=bytes(32), prefix="ledger.test/wg"))
    assert run("audit", "--data", closed)[0] == 0


def test_a_quarter_in_the_place_of_another_is_refused(
    closed: Path, start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any
) -> None:
    with start() as ledger:
        clock.now += 90 * DAY
        ledger.append([look(2)])
        later = ledger.shards()[-1]
    shutil.rmtree(closed / SHARD)
    shutil.copytree(closed / later, closed / SHARD)
    assert "checkpoint" in places(closed)
    with pytest.raises(LedgerCorruptError):
        start()


def test_a_look_taken_out_of_the_index_stays_in_its_day(
    closed: Path, start: Callable[..., Ledger], look: Callable[..., Entry], clock: Any, policy: Policy
) -> None:
    with closing(sqlite3.connect(closed / SHARD / "index.sqlite")) as database:
        (tag,) = database.execute("SELECT tag FROM look WHERE idx = 3").fetchone()
        first = database.execute("SELECT idx FROM look WHERE tag = ? AND counter = 1", (tag,)).fetchone()
        with closing(LocalStorage(closed).shard(SHARD, read_only=True)) as store:
            digest = leaf_hash(ShardView(store).leaf(first[0]))
        database.execute("DELETE FROM look WHERE idx = 3")
        database.execute(
            "UPDATE last SET counter = 1, idx = ?, hash = ? WHERE tag = ?", (*first, digest, tag)
        )
        database.commit()
    assert places(closed) == ["index.sqlite"]
    with start() as ledger:
        clock.now += DAY
        ledger.append([look(4)])
    assert run("fsck", "--repair", "--data", closed)[0] == 0
    with start() as ledger:
        found = verify_looks(looks_at(ledger, "hz-01", uid(1))[0].encode(), policy)
    assert (len(found.looks), found.complete_to) == (2, 4)


def test_an_index_of_a_later_state_is_built_anew(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, tmp_path: Path, policy: Policy
) -> None:
    """Restore a copy of segments and lock database but keep the index: chains continue from the restored files."""
    with start() as ledger:
        ledger.append([look(1)])
    shutil.copytree(folder, tmp_path / "older")
    with start() as ledger:
        ledger.append([look(1), look(1)])
    (tmp_path / "older" / SHARD / "index.sqlite").write_bytes((folder / SHARD / "index.sqlite").read_bytes())
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "older", folder)
    with start() as ledger:
        ledger.append([look(1)])
        (answer,) = looks_at(ledger, "hz-01", uid(1))
    assert [leaf.counter for leaf in verify_looks(answer.encode(), policy).looks] == [1, 2]
    assert places(folder) == []


def test_no_entry_speaks_for_one_whose_segment_is_gone(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    storage = LocalStorage(folder, segment_bytes=900)
    with start(storage=storage) as ledger:
        for number in range(8):
            ledger.append([look(number, actor=f"clerk-{number}")])
    first, second, *_ = sorted((folder / SHARD).glob("seg-*.wgl"))
    first.unlink()
    gone = int(second.name[4:-4])
    with start(storage=storage) as ledger:
        for index in range(gone):
            with pytest.raises(LedgerCorruptError):
                words_of(ledger, SHARD, index)
        assert words_of(ledger, SHARD, gone)["actor"] == f"clerk-{gone}"


def test_a_line_from_paper_is_held_against_the_entries_not_against_the_files_of_the_tree(
    closed: Path,
) -> None:
    _, printed = run("line", "--data", closed)
    assert run("line", "--data", closed, "--check", printed.strip())[0] == 0
    blame(closed, 1, actor_of=2)
    assert run("line", "--data", closed, "--check", printed.strip())[0] == 1


def test_a_repair_of_damaged_entries_is_refused_in_words(closed: Path) -> None:
    (path,) = (closed / SHARD).glob("seg-*.wgl")
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    status, said = run("fsck", "--repair", "--data", closed)
    assert status == 2
    assert "cannot be repaired here" in said
    assert path.read_bytes() == data
