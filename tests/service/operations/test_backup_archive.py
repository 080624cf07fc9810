"""The backup file gets its final name only when complete, also on file systems without hard links."""

import os
from errno import EIO, EPERM
from pathlib import Path
from stat import S_ISDIR

import pytest

from waybillguard.service.operations.backup_archive import ArchiveHead, ArchiveReader, ArchiveWriter, Piece
from waybillguard.service.operations.backup_errors import BackupError

KEY = bytes(range(32))
HEAD = ArchiveHead("waybillguard-backup", "2026-11-26T00:00:00+00:00", "k", "{}", "00")


@pytest.fixture(params=["hard links", "no hard links"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder, once on a normal and once on an exFAT-like file system."""
    if request.param == "no hard links":

        def link(*_: object, **__: object) -> None:
            raise OSError(EPERM, "Operation not permitted")

        monkeypatch.setattr(os, "link", link)
    return tmp_path


def write(target: Path) -> None:
    with ArchiveWriter(target, HEAD, KEY) as archive:
        archive.add(Piece("end", "", []))


def test_a_whole_backup_gets_its_name(disk: Path) -> None:
    write(disk / "out.backup")
    assert [piece.kind for piece in ArchiveReader(disk / "out.backup").pieces(KEY)] == ["end"]
    assert [path.name for path in disk.iterdir()] == ["out.backup"]
    assert (disk / "out.backup").stat().st_mode & 0o777 == 0o600


def test_a_name_that_was_taken_meanwhile_is_never_overwritten(disk: Path) -> None:
    target = disk / "out.backup"
    archive = ArchiveWriter(target, HEAD, KEY)
    with pytest.raises(BackupError), archive:
        target.write_bytes(b"somebody else's")
    assert target.read_bytes() == b"somebody else's"
    assert [path.name for path in disk.iterdir()] == ["out.backup"]


def test_a_broken_off_backup_leaves_nothing(disk: Path) -> None:
    with pytest.raises(LookupError), ArchiveWriter(disk / "out.backup", HEAD, KEY):
        raise LookupError
    assert not list(disk.iterdir())


def test_a_disk_that_does_not_confirm_the_name_is_told_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def fail_for_folders(descriptor: int) -> None:
        if S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(EIO, "Input/output error")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fail_for_folders)
    with pytest.raises(BackupError, match="written whole"):
        write(tmp_path / "out.backup")
    assert [piece.kind for piece in ArchiveReader(tmp_path / "out.backup").pieces(KEY)] == ["end"]
