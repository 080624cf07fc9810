"""keyd started on a key file with a staged successor: the passphrase decides, and the ledger is written first."""

from pathlib import Path

import pytest
from support.keyd import CHEAP, Keyd

from waybillguard.keys import holders, keyfile, rollover
from waybillguard.keys.hierarchy import Purpose
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.service.keyd import messages, rolling
from waybillguard.service.operations.key_acts import stage_root

TOLD = "tests open this"  # the passphrase that the helper gives keyd at its start


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each start opens every root key of the chain; the cost of their passphrases is nothing to these tests."""
    monkeypatch.setattr(keyfile, "Argon2Params", lambda: CHEAP)


@pytest.fixture
def made(tmp_path: Path) -> Keyd:
    """A key process with three entries under a root key that another passphrase opened before."""
    made = Keyd(tmp_path / "data").start()
    told(made)
    made.record(3)
    made.stop()
    return made


def told(made: Keyd) -> messages.StatusAnswer:
    client = made.client(patience=120.0)
    try:
        return client.call(messages.Status(), messages.StatusAnswer)
    finally:
        client.close()


def test_the_passphrase_it_is_told_decides_and_the_ledger_goes_on(made: Keyd) -> None:
    key_file = made.config.key_file
    staged = stage_root(made.config, TOLD, "not told to it, and invented")
    try:
        made.start()
        assert told(made).key_id != staged
        made.stop()
        keyfile.change_passphrase(key_file, TOLD, "the leaked invented passphrase")
        before = keyfile.unlock(key_file, "the leaked invented passphrase").key_id
        staged = stage_root(made.config, "the leaked invented passphrase", TOLD)
        made.start()
        assert told(made).key_id == staged
        assert made.record().index == 4, "the same ledger; that the root key was replaced stands in it"
        assert rollover.earlier_ids(key_file) == [before]
        assert not rollover.staged_file(key_file).exists()
        made.kill()
        made.start()
        assert told(made).key_id == staged
        assert made.record().index == 5, "said once"
    finally:
        made.stop()


def test_a_ledger_that_is_opened_once_more_puts_no_later_root_key_in_force(tmp_path: Path) -> None:
    """keyd took one successor into use at its start; the next waits for its passphrase, while the disk is full."""
    path = tmp_path / "root.key"
    keyfile.create(path, "the first invented passphrase")
    stage_after(path, "the first invented passphrase", TOLD)
    opened = rollover.open_root(path, TOLD)
    keys = LedgerKeys.of_installation(bytes(opened.holder.derive(Purpose.LEDGER)))
    with Ledger.open(LocalStorage(tmp_path / "ledger"), keys) as ledger:
        rolling.take_into_use(ledger, opened.holder)
        assert holders.describe(path).key_id == opened.holder.key_id
        waits = stage_after(path, TOLD, "the third invented passphrase")
        rolling.take_into_use(ledger, opened.holder)
    assert rollover.open_root(path, TOLD).holder.key_id == opened.holder.key_id, "its passphrase is in force"
    assert rollover.open_root(path, "the third invented passphrase").holder.key_id == waits


def stage_after(path: Path, secret: str, after: str) -> str:
    return rollover.stage(path, rollover.open_root(path, secret).holder, after)
