"""The owner, who holds every file: he edits, rolls back, cuts the tail, shows a partial list. Each is noticed."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.keyd import HERE, Keyd, Witness, until
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.service.keyd import label_messages
from waybillguard.service.keyd import ledger_messages as asked

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
ORDER = bytes([7]) * 16
RUN = CliRunner()


@pytest.fixture
def keyd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyd]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    process = Keyd(tmp_path / "data").start()
    client = process.client()
    for attempt in (1, 2, 3):
        ticket = label_messages.TicketToIssue(bytes([attempt]) * 16, ORDER, attempt)
        client.call(label_messages.IssueReferences(HERE, [ticket]), label_messages.References)
    client.close()
    process.state()
    yield process
    process.stop()


def segment(keyd: Keyd) -> Path:
    (found,) = keyd.config.ledger_dir.glob("*/seg-*.wgl")
    return found


def audit(keyd: Keyd) -> int:
    return RUN.invoke(app, ["audit", "--data", str(keyd.data)]).exit_code


def test_who_edits_an_entry_is_found_by_the_audit(keyd: Keyd) -> None:
    assert audit(keyd) == 0
    keyd.stop()
    path = segment(keyd)
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    assert audit(keyd) != 0
    keyd.start()
    assert all(keyd.refusals().values()), "nothing opens on an altered ledger"
    sys.stdout.write("the owner edited: noticed\n")


def test_who_cuts_the_tail_is_refused_at_the_start(keyd: Keyd) -> None:
    keyd.stop()
    path = segment(keyd)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert audit(keyd) != 0
    keyd.start()
    assert all(keyd.refusals().values())
    assert keyd.state().problem_en
    sys.stdout.write("the owner cut the tail: noticed\n")


def test_who_rolls_everything_back_is_refused_by_the_witness(keyd: Keyd, tmp_path: Path) -> None:
    keyd.stop()
    shutil.copytree(keyd.config.ledger_dir, tmp_path / "older")
    keyd.start()
    keyd.record(4)
    witness = Witness(tmp_path / "witness").start(keyd.state().family)
    try:
        keyd.config.witness_file.write_text(witness.policy())
        until(lambda: keyd.state().shards[0].witnessed == keyd.state().shards[0].size)
        line = keyd.state().shards[0].line
        keyd.stop()
        shutil.rmtree(keyd.config.ledger_dir)
        shutil.copytree(tmp_path / "older", keyd.config.ledger_dir)
        assert audit(keyd) == 0, "by itself the older copy is whole: only an outsider can tell"
        assert RUN.invoke(app, ["line", "--check", line, "--data", str(keyd.data)]).exit_code == 1
        keyd.start()
        assert all(keyd.refusals().values())
    finally:
        witness.stop()
    sys.stdout.write("the owner rolled back: noticed\n")


def test_who_rolls_everything_back_is_refused_by_the_mirror(keyd: Keyd, tmp_path: Path) -> None:
    keyd.stop()
    disk = tmp_path / "second disk"
    disk.mkdir()
    keyd.config.mirror_file.write_text(f"{disk}\n")
    shutil.copytree(keyd.config.ledger_dir, tmp_path / "older")
    keyd.start()
    keyd.record(4)
    keyd.stop()
    shutil.rmtree(keyd.config.ledger_dir)
    shutil.copytree(tmp_path / "older", keyd.config.ledger_dir)
    keyd.start()
    assert all(keyd.refusals().values())
    assert "mirror" in keyd.state().problem_en
    assert RUN.invoke(app, ["audit", "--data", str(disk)]).exit_code == 0, "what he wanted gone is there"
    sys.stdout.write("the owner rolled back beside a mirror: noticed\n")


def test_who_leaves_a_look_out_of_the_list_is_found(keyd: Keyd, tmp_path: Path) -> None:
    client = keyd.client()
    answer = client.call(asked.Looks(HERE, ORDER, handed_out=True), asked.LooksAnswer)
    client.close()
    policy, proof = tmp_path / "trust.policy", tmp_path / "looks.jsonl"
    policy.write_text(keyd.state().policy)
    proof.write_bytes(answer.proof)
    assert len(answer.looks) == 3
    assert RUN.invoke(app, ["verify", str(proof), "--policy", str(policy)]).exit_code == 0
    for left_out in (0, 1):
        partial = json.loads(answer.proof)
        del partial["looks"][left_out]
        proof.write_text(json.dumps(partial))
        assert RUN.invoke(app, ["verify", str(proof), "--policy", str(policy)]).exit_code == 1
    sys.stdout.write("the owner showed a partial list: noticed\n")
