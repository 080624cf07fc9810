"""keyd started on a key file that has a successor: its passphrase decides, and the ledger says so first."""

from pathlib import Path

import pytest
from support.keyd import Keyd

from waybillguard.keys import keyfile, rollover
from waybillguard.service.keyd import messages
from waybillguard.service.operations.key_acts import stage_root

TOLD = "tests open this"  # what the helper tells keyd at its start


@pytest.fixture
def made(tmp_path: Path) -> Keyd:
    """A key process that wrote three entries under a root key which another passphrase opened till now."""
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
