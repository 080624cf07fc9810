"""Changing the passphrase from the command line."""

import fcntl
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from waybillguard.cli.keys import app
from waybillguard.keys import Argon2Params, keyfile
from waybillguard.keys.errors import WrongPassphraseError

OLD, NEW = "the old invented passphrase", "the new invented passphrase"
QUICK = Argon2Params(memory_kib=19_456, passes=2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    data = tmp_path / "data"
    (data / "keyd").mkdir(mode=0o700, parents=True)
    keyfile.create(data / "keyd" / "root.key", OLD, params=QUICK)
    (tmp_path / "passphrase").write_text(OLD + "\n")
    (tmp_path / "new").write_text(NEW + "\n")
    return data


def change(folder: Path, *more: str) -> tuple[int, str]:
    arguments = ["passphrase", "--new-file", str(folder.parent / "new"), "--data", str(folder), *more]
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.stderr


def test_the_key_file_opens_with_the_new_passphrase_alone(folder: Path) -> None:
    before = keyfile.unlock(folder / "keyd" / "root.key", OLD)
    status, said = change(folder)
    assert status == 0, said
    assert keyfile.unlock(folder / "keyd" / "root.key", NEW) == before
    assert (folder.parent / "passphrase").read_text().strip() == NEW
    assert NEW not in said
    with pytest.raises(WrongPassphraseError):
        keyfile.unlock(folder / "keyd" / "root.key", OLD)


def test_a_wrong_present_passphrase_changes_nothing(folder: Path) -> None:
    (folder.parent / "passphrase").write_text("something else entirely\n")
    before = (folder / "keyd" / "root.key").read_bytes()
    status, said = change(folder)
    assert status == 2
    assert "wrong passphrase" in said
    assert (folder / "keyd" / "root.key").read_bytes() == before


def test_a_passphrase_that_is_too_short_changes_nothing(folder: Path) -> None:
    (folder.parent / "new").write_text("short\n")
    status, _ = change(folder)
    assert status == 2
    assert keyfile.unlock(folder / "keyd" / "root.key", OLD)
    assert (folder.parent / "passphrase").read_text().strip() == OLD


def test_a_running_service_keeps_its_passphrase(folder: Path) -> None:
    (folder / "keyd" / "ledger").mkdir()
    held = os.open(folder / "keyd" / "ledger" / "writer.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        status, said = change(folder)
    finally:
        os.close(held)
    assert status == 2
    assert "Stop it first" in said
