"""The files in a backup, and failures outside the program while a backup is made."""

from pathlib import Path

import pytest
from django.db import OperationalError

from waybillguard.service.operations.backup import _files
from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.trouble import explained
from waybillguard.service.platform.config import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    made = Config(tmp_path / "data")
    for folder in (made.keyd_dir, made.spool_dir, made.data_dir / "events"):
        folder.mkdir(parents=True)
    (made.keyd_dir / "people.sealed").write_bytes(b"p")
    (made.spool_dir / "waiting").write_bytes(b"w")
    return made


def names(config: Config) -> list[str]:
    return sorted(str(path.relative_to(config.data_dir)) for path in _files(config))


def test_a_folder_that_was_put_on_another_disk_is_part_of_the_backup(config: Config, tmp_path: Path) -> None:
    elsewhere = tmp_path / "big disk" / "evidence"
    (elsewhere / "main").mkdir(parents=True)
    (elsewhere / "main" / "proof").write_bytes(b"proof")
    (config.data_dir / "evidence").symlink_to(elsewhere)
    (config.keyd_dir / "round").symlink_to(config.data_dir)
    assert names(config) == ["evidence/main/proof", "keyd/people.sealed"]


def test_a_link_where_web_and_worker_write_is_refused_by_name(config: Config) -> None:
    (config.data_dir / "events" / "planted").symlink_to(config.keyd_dir)
    with pytest.raises(BackupError, match="planted is a symbolic link"):
        _files(config)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("Key (name)=(测试甲) already exists"), "the database does not answer"),
        (FileNotFoundError(2, "No such file or directory", "/x"), "cannot read or write /x"),
    ],
)
def test_what_goes_wrong_outside_is_said_in_words_and_quotes_no_row(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def work() -> None:
        raise error

    assert explained(work) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert "测试甲" not in shown
