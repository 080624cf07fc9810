"""A mirror folder has every entry before its receipt says so, detects rollbacks, and holds no entry bodies."""

import errno
import os
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
from waybillguard.ledger.audit import audit
from waybillguard.ledger.errors import (
    LedgerError,
    LedgerRolledBackError,
    LedgerStoppedError,
    MirrorAwayError,
)
from waybillguard.ledger.heads import Snapshot, sign_head
from waybillguard.ledger.local import FileOps
from waybillguard.ledger.merkle import leaf_hash, root_of
from waybillguard.ledger.mirror import RETRY_S
from waybillguard.ledger.mirror_folder import FolderMirror
from waybillguard.ledger.note import ED25519, MLDSA44, NoteSigner
from waybillguard.ledger.segment import encode_frame, frames_of

SHARD = "hz-01-2026q4"


class Disk(FileOps):
    """The mirror's disk; the test can make it fail."""

    def __init__(self) -> None:
        self.broken = False

    def flush(self, fd: int) -> None:
        if self.broken:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fdatasync(fd)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "second disk"
    made.mkdir()
    return made


@pytest.fixture
def mirrored(start: Callable[..., Ledger], folder: Path, place: Path) -> Callable[..., Ledger]:
    """Open the ledger with a mirror."""

    def opener(**more: Any) -> Ledger:
        size = more.pop("segment_bytes", 64 << 20)
        mirror = FolderMirror(place, segment_bytes=size, **more)
        return start(storage=LocalStorage(folder, segment_bytes=size, mirror=mirror))

    return opener


def leaves(folder: Path) -> list[bytes]:
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        return [leaf for frame in store.frames() for leaf in frame.leaves()]


@pytest.mark.parametrize("segment_bytes", [64 << 20, 3_000])
def test_a_mirrored_receipt_means_that_the_leaf_is_there(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, place: Path, segment_bytes: int
) -> None:
    with mirrored(segment_bytes=segment_bytes) as ledger:
        for n in range(12):
            (receipt,) = ledger.append([look(n % 3)])
            assert receipt.level == "mirrored"
            assert leaves(place) == leaves(folder)
    with closing(LocalStorage(place).shard(SHARD, read_only=True)) as store:
        result = audit(store)
    assert (result.problems, result.entries, result.signed) == ([], 12, 12)


def test_the_mirror_holds_no_words_and_no_keys(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], place: Path
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1)])
    with closing(LocalStorage(place).shard(SHARD, read_only=True)) as store:
        assert all(frame.private == b"" for frame in store.frames())
        assert store.day_keys() == []
        assert store.meta("seal_owner") is None
        head = store.head()
    assert head is not None
    assert head.seal_key == b""


def test_without_a_mirror_a_receipt_says_logged(
    start: Callable[..., Ledger], look: Callable[..., Entry]
) -> None:
    with start() as ledger:
        assert ledger.append([look(1)])[0].level == "logged"


def test_a_mirror_that_fails_is_caught_up_when_it_is_back(
    mirrored: Callable[..., Ledger],
    look: Callable[..., Entry],
    folder: Path,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, now = Disk(), [0.0]
    with mirrored(ops=disk) as ledger:
        mirror = ledger.shard(ledger.current_shard("hz-01")) if ledger.shards() else None
        assert mirror is None
        ledger.append([look(1)])
        kept = ledger.shard(SHARD).store.mirror  # type: ignore[attr-defined]
        monkeypatch.setattr(kept, "_clock", lambda: now[0])
        disk.broken = True
        (receipt,) = ledger.append([look(2)])
        assert receipt.level == "logged"
        disk.broken = False
        assert ledger.append([look(3)])[0].level == "logged", "not tried at every entry"
        now[0] += RETRY_S
        assert ledger.append([look(3)])[0].level == "mirrored"
        assert ledger.level_of(receipt).level == "mirrored"
    assert leaves(place) == leaves(folder)


def test_a_required_mirror_that_fails_stops_everything(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, place: Path
) -> None:
    disk = Disk()
    ledger = mirrored(ops=disk, required=True)
    ledger.append([look(1)])
    disk.broken = True
    for _ in range(2):
        with pytest.raises(MirrorAwayError):
            ledger.append([look(2)])
    ledger.close()
    shutil.move(place, place.with_name("pulled out"))
    with pytest.raises(MirrorAwayError):
        mirrored(required=True)
    shutil.move(place.with_name("pulled out"), place)
    with mirrored(required=True) as again:
        assert again.append([look(3)])[0].level == "mirrored"
    assert leaves(place) == leaves(folder)


def test_a_mirror_set_later_gets_everything(
    start: Callable[..., Ledger],
    mirrored: Callable[..., Ledger],
    look: Callable[..., Entry],
    folder: Path,
    place: Path,
) -> None:
    with start() as ledger:
        ledger.append([look(n % 5) for n in range(700)])
    with mirrored() as ledger:
        assert ledger.level_of(ledger.append([look(1)])[0]).level == "mirrored"
    assert leaves(place) == leaves(folder)


@pytest.mark.parametrize("signed", [True, False])
def test_an_older_copy_of_the_ledger_is_refused(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, tmp_path: Path, signed: bool
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1)])
    shutil.copytree(folder, tmp_path / "older")
    ledger = mirrored()
    ledger.append([look(2)])
    if signed:
        ledger.checkpoint(SHARD)
    ledger.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "older", folder)
    with pytest.raises(LedgerRolledBackError):
        mirrored()


def test_a_deleted_ledger_does_not_begin_anew(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1)])
    shutil.rmtree(folder)
    with pytest.raises(LedgerRolledBackError):
        mirrored()


def test_a_rewritten_history_of_the_same_length_is_refused(
    mirrored: Callable[..., Ledger], start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1), look(2)])
    shutil.rmtree(folder)
    with start() as ledger:
        ledger.append([look(2), look(2)])
    with pytest.raises(LedgerRolledBackError):
        mirrored()


def test_a_torn_tail_of_the_mirror_is_copied_again(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, place: Path
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1)])
        ledger.append([look(2), look(1)])
    (path,) = (place / SHARD).glob("seg-*.wgl")
    path.write_bytes(path.read_bytes()[:-20])
    (place / SHARD / "lock.sqlite").unlink()
    shutil.copy(folder / SHARD / "lock.sqlite", place / SHARD / "lock.sqlite")
    with closing(LocalStorage(place).shard(SHARD)) as store:
        store.put_meta("seal_owner", b"")
    with mirrored() as ledger:
        ledger.append([look(3)])
    assert leaves(place) == leaves(folder)


def test_proofs_come_out_of_the_mirror_once_its_tree_is_built(
    mirrored: Callable[..., Ledger], look: Callable[..., Entry], place: Path, tmp_path: Path
) -> None:
    with mirrored() as ledger:
        ledger.append([look(n % 5) for n in range(300)])
    run, out = CliRunner(), tmp_path / "proof"
    data = ["--data", str(place)]
    assert run.invoke(app, ["audit", *data]).exit_code == 0
    run.invoke(app, ["fsck", "--repair", *data])
    assert run.invoke(app, ["export", "--out", str(tmp_path / "out"), *data]).exit_code == 0
    assert run.invoke(app, ["prove", "7", "--out", str(out), *data]).exit_code == 0
    done = run.invoke(app, ["verify", str(out), "--policy", str(tmp_path / "out" / "policy.txt")])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("text", ["", "relative/path\n", "/srv/mirror\nsometimes\n"])
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mirror.path"
    assert FolderMirror.configured(path) is None
    path.write_text(text)
    with pytest.raises(LedgerError):
        FolderMirror.configured(path)


def test_a_mirror_that_comes_back_shows_a_ledger_rolled_back_while_it_was_away(
    mirrored: Callable[..., Ledger],
    look: Callable[..., Entry],
    folder: Path,
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with mirrored() as ledger:
        ledger.append([look(1)])
    shutil.copytree(folder, tmp_path / "older")
    with mirrored() as ledger:
        ledger.append([look(2), look(3)])
    before = leaves(place)
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "older", folder)
    shutil.move(place, place.with_name("pulled out"))
    now = [0.0]
    ledger = mirrored()
    monkeypatch.setattr(ledger.shard(SHARD).store.mirror, "_clock", lambda: now[0])  # type: ignore[attr-defined]
    assert ledger.append([look(4)])[0].level == "logged"
    shutil.move(place.with_name("pulled out"), place)
    now[0] += 1e9
    with pytest.raises(LedgerError):
        ledger.append([look(5), look(5), look(5)])
    ledger.close()
    assert leaves(place) == before
    with pytest.raises(LedgerRolledBackError):
        mirrored()


def rewrite_first(folder: Path, keys: LedgerKeys) -> None:
    """Alter the first entry and sign the result, as an attacker with the ledger's secret could."""
    (path,) = (folder / SHARD).glob("seg-*.wgl")
    frames = list(frames_of(path.read_bytes()))
    leaves = [leaf for frame in frames for leaf in frame.leaves()]
    leaves[0] = leaves[0][:12] + bytes(16) + leaves[0][28:]
    cuts = [
        (frame.first, leaves[frame.first : frame.first + frame.count], frame.records()) for frame in frames
    ]
    path.write_bytes(b"".join(encode_frame(n, part, [r for _, r in records]) for n, part, records in cuts))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    (folder / SHARD / "hash-0").write_bytes(b"".join(hashes))
    origin = f"{keys.prefix}/{SHARD}"
    signers = (NoteSigner(origin, ED25519, keys.ed25519()), NoteSigner(origin, MLDSA44, keys.mldsa()))
    head = sign_head(Snapshot(len(leaves), root_of(hashes), bytes(32), 0), origin, signers, bytes(32))
    with closing(sqlite3.connect(folder / SHARD / "lock.sqlite")) as database:
        database.execute("UPDATE head SET root = ?, note = ?", (head.root, head.note))
        database.commit()


def test_a_mirror_that_comes_back_shows_a_history_rewritten_while_it_was_away(
    mirrored: Callable[..., Ledger],
    look: Callable[..., Entry],
    keys: LedgerKeys,
    folder: Path,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last frame is the same in both; only the mirror's stored checkpoint shows the difference."""
    with mirrored() as ledger:
        ledger.append([look(1), look(2)])
        ledger.append([look(3)])
    shutil.move(place, place.with_name("pulled out"))
    rewrite_first(folder, keys)
    ledger = mirrored()
    monkeypatch.setattr(ledger.shard(SHARD).store.mirror, "_clock", lambda: 1e9)  # type: ignore[attr-defined]
    shutil.move(place.with_name("pulled out"), place)
    with pytest.raises(LedgerStoppedError, match="differs from its mirror"):
        ledger.append([look(4)])
    ledger.close()
    with pytest.raises(LedgerRolledBackError):
        mirrored()


def test_a_mirror_that_was_away_at_the_first_start_gets_the_keys_and_checkpoints_too(
    mirrored: Callable[..., Ledger],
    look: Callable[..., Entry],
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place.rmdir()
    with mirrored() as ledger:
        ledger.append([look(1)])
        ledger.checkpoint(SHARD)
        monkeypatch.setattr(ledger.shard(SHARD).store.mirror, "_clock", lambda: 1e9)  # type: ignore[attr-defined]
        place.mkdir()
        assert ledger.append([look(2)])[0].level == "mirrored"
    assert CliRunner().invoke(app, ["audit", "--data", str(place)]).exit_code == 0
