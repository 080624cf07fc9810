"""Private folders are created private; existing shared folders are left unchanged."""

from pathlib import Path

import pytest

from waybillguard.service.platform.config import ensure_private_dir, write_private


def test_a_secret_beside_other_things_leaves_their_folder_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write_private(tmp_path / "passphrase", b"x")
    write_private(tmp_path / "unlock" / "passphrase", b"x")
    modes = [tmp_path, tmp_path / "passphrase", tmp_path / "unlock", tmp_path / "unlock" / "passphrase"]
    assert [oct(path.stat().st_mode & 0o7777) for path in modes] == ["0o755", "0o600", "0o700", "0o600"]


def test_a_folder_of_everybody_becomes_nobodys_data_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(PermissionError, match="to all"):
        ensure_private_dir(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_a_folder_of_ones_own_becomes_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert ensure_private_dir(tmp_path).stat().st_mode & 0o7777 == 0o700
