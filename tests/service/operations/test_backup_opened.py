"""An old backup names what opens it: the root key, its holder, and the time of the passphrase."""

from pathlib import Path

import pytest

from waybillguard.keys import Argon2Params, keyfile
from waybillguard.keys.errors import WrongPassphraseError
from waybillguard.service.operations.backup_archive import ArchiveHead, ArchiveReader, ArchiveWriter, Piece
from waybillguard.service.operations.backup_restore import unlock_archive

CHEAP = Argon2Params(memory_kib=19_456, passes=2)
MADE_AT = "2026-11-26T00:00:00+00:00"


def test_a_later_passphrase_is_refused_by_naming_the_key_and_the_time(tmp_path: Path) -> None:
    key_file = tmp_path / "root.key"
    root = keyfile.create(key_file, "the old invented passphrase", params=CHEAP)
    head = ArchiveHead("waybillguard-backup", MADE_AT, root.key_id, key_file.read_text(), "00")
    with ArchiveWriter(tmp_path / "old.wgb", head, bytes(32)) as archive:
        archive.add(Piece("end", "", []))
    keyfile.change_passphrase(
        key_file, "the old invented passphrase", "the new invented passphrase", params=CHEAP
    )
    reader = ArchiveReader(tmp_path / "old.wgb")
    with pytest.raises(WrongPassphraseError) as refused:
        unlock_archive(reader, tmp_path / "restored", "the new invented passphrase")
    for text in (refused.value.zh, refused.value.en):
        assert MADE_AT in text
        assert root.key_id in text
        assert "invented" not in text
    assert unlock_archive(reader, tmp_path / "restored", "the old invented passphrase").key_id == root.key_id
