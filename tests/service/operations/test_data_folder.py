"""Which folders a service accepts, and which ones a restore may replace."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from waybillguard.cli import backup as cli
from waybillguard.cli.remote import ServiceError
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.backup_lock import at_rest, refuse_maintenance
from waybillguard.service.operations.data_folder import make_data_folder, refuse_foreign_folder
from waybillguard.service.operations.passphrase import obtain_passphrase
from waybillguard.service.operations.start_errors import StartError
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.lifeline import FolderLock


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "waybillguard", *arguments], env={**os.environ, "XDG_CONFIG_HOME": "/nonexistent"},
        input="", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_folder_that_holds_other_things_is_no_data_folder_and_stays_as_it_is(tmp_path: Path) -> None:
    place = tmp_path / "shared"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    (place / "accounts.xlsx").write_bytes(b"somebody's")
    done = command("up", "--data", str(place))
    assert done.returncode == 2
    assert "holds other things" in done.stderr
    assert place.stat().st_mode & 0o777 == 0o755
    assert [path.name for path in place.iterdir()] == ["accounts.xlsx"]


@pytest.mark.parametrize("names", [[], ["lost+found"], ["keyd"], ["database", "notes.txt"], [".temporary"]])
def test_an_empty_folder_and_one_of_a_service_are_welcome(names: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    refuse_foreign_folder(tmp_path)
    refuse_foreign_folder(tmp_path / "missing")


def test_a_private_folder_may_hold_other_things_where_it_is_not_replaced(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "up.log").write_bytes(b"")
    refuse_foreign_folder(tmp_path)
    with pytest.raises(StartError, match="holds other things"):
        refuse_foreign_folder(tmp_path, replaced=True)


def test_what_is_no_folder_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StartError, match="is no folder"):
        refuse_foreign_folder(tmp_path / "file")
    with pytest.raises(StartError, match="cannot be made"):
        make_data_folder(tmp_path / "file" / "below")
    with pytest.raises(StartError, match="cannot be made"):
        make_data_folder(Path("/proc/waybillguard"))


def test_no_service_starts_on_a_folder_that_is_being_restored(tmp_path: Path) -> None:
    config = Config(tmp_path)
    config.keyd_dir.mkdir()
    refuse_maintenance(config)
    with at_rest(config):
        done = command("up", "--data", str(tmp_path))
        assert done.returncode == 2
        assert "is being restored or moved" in done.stderr
        with pytest.raises(BackupError, match="is being restored or moved"), at_rest(config):
            pass
    refuse_maintenance(config)
    lock = FolderLock(config.service_lock)
    assert lock.take()
    with pytest.raises(BackupError, match="a service runs"), at_rest(config):
        pass
    lock.free()


def test_the_folder_is_at_rest_while_a_backup_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    Config(data).keyd_dir.mkdir(parents=True)
    secret = tmp_path / "passphrase"
    secret.write_text("made up\n")
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(tmp_path / "place" / "kept"))
    held: list[str] = []

    def restored(_config: Config, *_: str, **__: str) -> dict[str, object]:
        with pytest.raises(BackupError) as refused:
            refuse_maintenance(Config(data))
        held.append(refused.value.en)
        numbers = dict.fromkeys(("rows", "ledger_entries", "newer_entries"), 0)
        return {**numbers, "made_at": "", "key_id": "", "before_rollover": False, "kept_ledger": True}

    monkeypatch.setattr(cli, "run_kept", restored)
    link = tmp_path / "link"
    link.symlink_to(data)
    cli.restore(file=tmp_path / "b.wgb", force=True, passphrase_file=secret, data=link)
    assert len(held) == 1
    assert link.is_symlink(), "a link to the data folder stays one"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("data.before-")]
    assert (tmp_path / "place" / "kept").read_text() == "made up\n"


def test_a_place_that_cannot_be_replaced_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "data"
    place.mkdir()
    (place / "photos").mkdir()
    with pytest.raises(StartError, match="holds other things"):
        cli._refuse_place(place, there=True, force=True)
    with pytest.raises(ServiceError, match="mount point"):
        cli._refuse_place(Path("/proc"), there=False, force=True)
    monkeypatch.setattr(os, "geteuid", lambda: place.stat().st_uid + 1)
    with pytest.raises(ServiceError, match="belongs to another user"):
        cli._refuse_place(place, there=False, force=True)


def test_a_passphrase_file_of_another_user_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "closed" / "passphrase"
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(place))
    real = Path.stat

    def stat(self: Path, **how: bool) -> os.stat_result:
        if self == place:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, **how)

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(StartError, match="cannot read the passphrase file"):
        obtain_passphrase(Config(tmp_path / "data"), print)
