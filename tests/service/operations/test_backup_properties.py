"""An altered backup is refused with a `WaybillGuardError`, and never yields a piece that was not written."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from waybillguard.service.operations.backup_archive import ArchiveHead, ArchiveReader, ArchiveWriter, Piece
from waybillguard.service.operations.backup_errors import BackupError

KEY = bytes(range(32))
HEAD = ArchiveHead("waybillguard-backup", "2026-11-26T12:00:00+00:00", "k" * 16, "{}", "00")
PIECES = [
    Piece("manifest", "", {"made_at": "2026-11-26"}),
    Piece("table", "vault_order", ["id", "blob"]),
    *(Piece("rows", "vault_order", [[n, bytes([n]) * 20_000]]) for n in range(12)),  # several chunks
    Piece("end", "", []),
]
CHUNK = 64 * 1024
QUICK = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("archive") / "made.wgb"
    with ArchiveWriter(path, HEAD, KEY) as writer:
        for piece in PIECES:
            writer.add(piece)
    return path.read_bytes()


def refused(raw: bytes, place: Path, key: bytes = KEY) -> list[Piece]:
    """Assert that the file is refused; return the pieces read before."""
    path = place / "touched.wgb"
    path.write_bytes(raw)
    out: list[Piece] = []
    with pytest.raises(BackupError) as refusal:
        out.extend(ArchiveReader(path).pieces(key))
    assert refusal.value.zh
    assert refusal.value.en
    return out


def test_an_untouched_archive_comes_back(archive: bytes, tmp_path: Path) -> None:
    path = tmp_path / "whole.wgb"
    path.write_bytes(archive)
    assert list(ArchiveReader(path).pieces(KEY)) == PIECES


@QUICK
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@example(place=0.0, bit=0)
@example(place=4.5 / 300_000, bit=1)
def test_a_flipped_bit_is_found(archive: bytes, tmp_path: Path, place: float, bit: int) -> None:
    raw = bytearray(archive)
    raw[int(place * len(raw))] ^= 1 << bit
    refused(bytes(raw), tmp_path)


@QUICK
@given(size=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_anywhere_is_found(archive: bytes, tmp_path: Path, size: float) -> None:
    refused(archive[: int(size * len(archive))], tmp_path)


@QUICK
@given(extra=st.binary(min_size=1, max_size=200))
def test_something_behind_the_end_is_found(archive: bytes, tmp_path: Path, extra: bytes) -> None:
    refused(archive + extra, tmp_path)


@QUICK
@given(st.data())
def test_swapped_stretches_are_found(archive: bytes, tmp_path: Path, data: st.DataObject) -> None:
    size = data.draw(st.sampled_from([16, 4096, CHUNK, CHUNK + 16]))
    most = len(archive) - size
    first = data.draw(st.integers(0, most))
    second = data.draw(st.integers(0, most))
    raw = bytearray(archive)
    raw[first : first + size], raw[second : second + size] = (
        archive[second : second + size], archive[first : first + size],
    )  # fmt: skip
    if bytes(raw) != archive:
        refused(bytes(raw), tmp_path)


@QUICK
@given(key=st.binary(min_size=32, max_size=32))
def test_another_key_opens_nothing(archive: bytes, tmp_path: Path, key: bytes) -> None:
    if key != KEY:
        assert refused(archive, tmp_path, key) == []


@QUICK
@given(version=st.integers(0, 255))
def test_another_version_opens_nothing(archive: bytes, tmp_path: Path, version: int) -> None:
    raw = bytearray(archive)
    if raw[4] != version:
        raw[4] = version
        assert refused(bytes(raw), tmp_path) == []


@QUICK
@given(noise=st.binary(max_size=400))
def test_noise_is_no_backup(tmp_path: Path, noise: bytes) -> None:
    refused(noise, tmp_path)
    refused(b"WBGB\x01" + noise, tmp_path)


def test_pieces_before_the_damage_are_those_that_were_written(archive: bytes, tmp_path: Path) -> None:
    raw = bytearray(archive)
    raw[-20] ^= 1
    out = refused(bytes(raw), tmp_path)
    assert out == PIECES[: len(out)]
    assert "end" not in [piece.kind for piece in out]
