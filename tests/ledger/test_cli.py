"""The commands on a ledger folder: prove, verify, audit, fsck, export, line, witness."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.ledger import Entry, Ledger
from waybillguard.ledger.asking import HttpWitness
from waybillguard.ledger.note import parse_note
from waybillguard.ledger.person import looks_at, looks_json
from waybillguard.ledger.policy import parse_policy
from waybillguard.ledger.witness_http import witness_signers
from waybillguard.service.platform.config import Config

SHARD = "hz-01-2026q4"
RUN = CliRunner()


def run(*words: object) -> tuple[int, str]:
    result = RUN.invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.fixture
def home(start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path) -> Path:
    with start() as ledger:
        ledger.append([look(n % 40) for n in range(700)])
    return folder


@pytest.fixture
def trusted(home: Path, tmp_path: Path) -> Path:
    assert run("export", "--data", home, "--out", tmp_path / "static")[0] == 0
    return tmp_path / "static/policy.txt"


def test_a_proof_made_by_one_command_is_verified_by_the_other(
    home: Path, trusted: Path, tmp_path: Path
) -> None:
    assert run("prove", 600, "--data", home, "--out", tmp_path / "a.tlog-proof")[0] == 0
    status, _ = run("verify", tmp_path / "a.tlog-proof", "--policy", trusted, "--json", tmp_path / "out")
    row = json.loads((tmp_path / "out").read_text())
    assert (status, row["valid"], row["index"], row["entry"], row["purpose"]) == (
        0,
        True,
        600,
        "reveal",
        "complaint",
    )


def test_a_proof_stands_on_a_checkpoint_that_somebody_cosigned(
    home: Path, trusted: Path, tmp_path: Path
) -> None:
    signer = witness_signers("a.hub.waybillguard.local", b"w" * 32)[0]
    note = parse_note((tmp_path / "static/checkpoint").read_bytes())
    cosigned = tmp_path / "hub.checkpoint"
    cosigned.write_bytes(note.add([signer.sign(note.text, 1_795_000_000)]).encode())
    policy = tmp_path / "hub.policy"
    log = trusted.read_text().replace("quorum none", "")
    policy.write_text(f"{log}witness hub {signer.verifier.vkey()}\nquorum hub\n")
    assert run("verify", cosigned, "--policy", policy, "--json", tmp_path / "out")[0] == 0
    row = json.loads((tmp_path / "out").read_text())
    assert (row["kind"], row["tree_size"], row["witnesses"]) == ("checkpoint", 700, {"hub": 1_795_000_000})
    proof = tmp_path / "b.tlog-proof"
    assert run("prove", 9, "--data", home, "--out", proof)[0] == 0
    assert run("verify", proof, "--policy", policy)[0] == 1
    assert run("prove", 9, "--data", home, "--out", proof, "--checkpoint", cosigned)[0] == 0
    assert run("verify", proof, "--policy", policy)[0] == 0


def test_an_altered_proof_is_found_out(home: Path, trusted: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.tlog-proof"
    run("prove", 600, "--data", home, "--out", path)
    path.write_text(path.read_text().replace("index 600", "index 601"))
    assert run("verify", path, "--policy", trusted)[0] == 1


def test_an_index_that_is_not_there_and_a_folder_without_ledger_are_bad_usage(
    home: Path, tmp_path: Path
) -> None:
    assert run("prove", 700, "--data", home, "--out", tmp_path / "x")[0] == 2
    assert run("audit", "--data", tmp_path / "nothing")[0] == 2


def test_the_list_of_looks_is_verified_offline(
    home: Path,  # noqa: ARG001
    start: Callable[..., Ledger],
    trusted: Path,
    tmp_path: Path,
) -> None:
    with start() as ledger:
        (tmp_path / "looks.json").write_bytes(looks_json(looks_at(ledger, "hz-01", (3).to_bytes(16, "big"))))
    status, _ = run("verify", tmp_path / "looks.json", "--policy", trusted, "--json", tmp_path / "out")
    assert status == 0
    assert len(json.loads((tmp_path / "out").read_text())["shards"][0]["looks"]) == 18


def test_audit_and_fsck_find_nothing_then_a_flipped_bit(home: Path) -> None:
    assert run("audit", "--data", home, "--deep")[0] == 0
    assert run("fsck", "--data", home)[0] == 0
    path = next((home / SHARD).glob("seg-*"))
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(data)
    assert run("audit", "--data", home)[0] in {1, 2}
    assert run("fsck", "--data", home)[0] == 1


def test_fsck_repairs_what_can_be_rebuilt(home: Path) -> None:
    (home / SHARD / "hash-0").write_bytes(b"")
    assert run("fsck", "--data", home)[0] == 1
    assert run("fsck", "--data", home, "--repair")[0] == 0


def test_an_export_asks_for_the_witnesses_that_the_ledger_is_held_to(home: Path, tmp_path: Path) -> None:
    held_to = "witness post post.example+1+AQ https://post.example\nquorum post\n"
    witnesses = Config(home).witness_file
    witnesses.parent.mkdir(parents=True, exist_ok=True)
    witnesses.write_text(held_to)
    assert run("export", "--data", home, "--out", tmp_path / "held")[0] == 0
    policy = (tmp_path / "held/policy.txt").read_text()
    assert policy.endswith(held_to)
    assert "quorum none" not in policy


def test_the_exported_tiles_are_those_of_the_specification(home: Path, trusted: Path) -> None:  # noqa: ARG001
    static = trusted.parent
    found = {str(p.relative_to(static)) for p in static.rglob("*") if p.is_file()}
    assert found == {
        "checkpoint",
        "policy.txt",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/188",
    }
    assert (static / "tile/0/001").stat().st_size == 8192
    from waybillguard.ledger.merkle import full_root, leaf_hash
    from waybillguard.ledger.segment import split_bundle

    leaves = split_bundle((static / "tile/entries/001").read_bytes())
    hashes = [leaf_hash(leaf) for leaf in leaves]
    assert b"".join(hashes) == (static / "tile/0/001").read_bytes()
    assert full_root(hashes) == (static / "tile/1/000.p/2").read_bytes()[32:]


def test_an_auditor_needs_the_exported_files_alone(trusted: Path) -> None:
    static = trusted.parent
    assert run("audit", "--static", static, "--policy", trusted)[0] == 0
    path = static / "tile/entries/001"
    data = bytearray(path.read_bytes())
    data[77] ^= 4
    path.write_bytes(data)
    assert run("audit", "--static", static, "--policy", trusted)[0] == 1
    path.unlink()
    assert run("audit", "--static", static, "--policy", trusted)[0] == 1
    assert run("audit", "--static", static)[0] == 2


def test_a_line_from_paper_is_checked_against_the_log_as_it_grew(
    home: Path, start: Callable[..., Ledger], look: Callable[..., Entry]
) -> None:
    _, printed = run("line", "--data", home)
    with start() as ledger:
        ledger.append([look(1)])
    assert run("line", "--data", home, "--check", printed.strip().lower().replace(" ", "  "))[0] == 0
    slip = printed.strip()[:-1] + ("A" if printed.strip()[-1] != "A" else "B")
    assert run("line", "--data", home, "--check", slip)[0] == 2


def test_a_witness_runs_with_one_command(
    home: Path,  # noqa: ARG001
    start: Callable[..., Ledger],
    trusted: Path,
    tmp_path: Path,
) -> None:
    logs = tmp_path / "logs"
    logs.write_text(
        "".join(line + "\n" for line in trusted.read_text().splitlines() if line.startswith("log"))
    )
    words = ["--name", "post.test/w1", "--logs", str(logs), "--state", str(tmp_path / "w"), "--port", "0"]
    child = subprocess.Popen(
        [sys.executable, "-c", "from waybillguard.cli.ledger import app; app()", "witness", *words],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stderr is not None
        first, vkey = child.stderr.readline(), child.stderr.readline().strip()
        url = re.search(r"http://\S+", first)
        assert url is not None
        policy = parse_policy(f"{logs.read_text()}witness post {vkey}\nquorum post\n".encode())
        with closing(HttpWitness(url[0])) as link, start() as ledger:
            assert ledger.cosign(SHARD, policy, {"post": link}).met
    finally:
        child.send_signal(signal.SIGINT)
        assert child.stderr is not None
        child.stderr.read()
        child.stderr.close()
        assert child.wait(10) == 0
