"""Real key processes and witnesses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.grants import FOUNDER
from support.keyd import Keyd, Witness
from support.keyd_inside import TENANT, Vault

from waybillguard.service.keyd import signing_in


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A key process inside the test, with an owner whose enrolment no longer counts as a try of a code."""
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    made.wait(signing_in.TRIES_S + 1)
    yield made
    made.keyd.ledger.close()


@pytest.fixture
def keyd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyd]:
    """A key process on a fresh data folder."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    process = Keyd(tmp_path / "data").start()
    yield process
    process.stop()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Callable[[Keyd], Witness]]:
    """Start a witness of a key process and name it in the settings."""
    made: list[Witness] = []

    def start(keyd: Keyd) -> Witness:
        one = Witness(tmp_path / "witness").start(keyd.state().family)
        made.append(one)
        keyd.config.witness_file.write_text(one.policy())
        return one

    yield start
    for one in made:
        one.stop()
