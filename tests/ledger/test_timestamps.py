"""Timestamps of an external authority over checkpoints are stored, exported and verified."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.authority import Authority, authority
from support.codes import has_code
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.ledger import Entry, EntryKind, Ledger, LocalStorage
from waybillguard.ledger.asking import request_stamp
from waybillguard.ledger.audit import audit
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import BadProofError, LedgerError
from waybillguard.ledger.timestamps import Stamp, claimed_time, proved_time, read_roots

SHARD = "hz-01-2026q4"


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("tsa") / "ca") as made:
        yield made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as made:
        yield made


@pytest.fixture
def stamped(
    tsa: Authority,
    client: httpx.Client,
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    folder: Path,
) -> Path:
    """Two timestamped checkpoints, of 3 and of 300 entries."""
    tsa.down, tsa.replay = False, b""
    with start() as ledger:
        ledger.append([look(n) for n in range(3)])
        ledger.stamp(SHARD, lambda note: request_stamp(client, tsa.url, note))
        ledger.append([look(n % 7) for n in range(296)])
        ledger.checkpoint(SHARD)
        store = ledger.shard(SHARD).store
        head = ledger.head(SHARD)
        response = request_stamp(client, tsa.url, head.note)
        store.add_stamp(Stamp(store.stamps()[0].day + 1, head.size, head.note, response))
    return folder


def test_the_stamps_are_kept_and_hold_under_the_root(stamped: Path, tsa: Authority) -> None:
    with closing(LocalStorage(stamped).shard(SHARD, read_only=True)) as store:
        result = audit(store, roots=read_roots(tsa.roots.read_bytes()))
        claimed = audit(store)
    assert result.problems == claimed.problems == []
    assert [(one.size, one.trusted) for one in result.stamped] == [(3, True), (300, True)]
    assert not any(one.trusted for one in claimed.stamped)


def test_the_log_itself_records_its_stamps(stamped: Path) -> None:
    with closing(LocalStorage(stamped).shard(SHARD, read_only=True)) as store:
        leaf = decode_leaf([leaf for frame in store.frames() for leaf in frame.leaves()][3])
    assert isinstance(leaf, Leaf)
    assert leaf.kind == EntryKind.ANCHOR


def test_a_stamp_of_another_history_is_found(
    stamped: Path, tsa: Authority, client: httpx.Client, keys: Any, clock: Any, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    with closing(Ledger.open(LocalStorage(other), keys, clock)) as ledger:
        ledger.append([Entry(time_us=1, kind=EntryKind.SIGN_IN, tenant="hz-01")])
        foreign = ledger.checkpoint(SHARD).note
    with closing(LocalStorage(stamped).shard(SHARD)) as store:
        store.add_stamp(Stamp(99, 1, foreign, request_stamp(client, tsa.url, foreign)))
        found = audit(store)
    assert [problem.place for problem in found.problems] == ["timestamp of day 99"]
    assert len(found.stamped) == 2


def test_another_authority_or_an_altered_stamp_does_not_hold(stamped: Path, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "stranger")
    stranger.make()
    with closing(LocalStorage(stamped).shard(SHARD, read_only=True)) as store:
        stamp = store.stamps()[0]
    with pytest.raises(BadProofError):
        proved_time(stamp.note, stamp.response, read_roots(stranger.roots.read_bytes()))
    with pytest.raises(BadProofError):
        claimed_time(stamp.note + b"x", stamp.response)


def test_no_flipped_bit_leaves_another_time(stamped: Path, tsa: Authority) -> None:
    roots = read_roots(tsa.roots.read_bytes())
    with closing(LocalStorage(stamped).shard(SHARD, read_only=True)) as store:
        stamp = store.stamps()[0]
    when = proved_time(stamp.note, stamp.response, roots)
    for at in range(0, len(stamp.response), 7):
        altered = bytearray(stamp.response)
        altered[at] ^= 1
        try:
            assert proved_time(stamp.note, bytes(altered), roots) == when
        except BadProofError:
            continue


def test_an_authority_that_is_down_or_replays_gives_no_stamp(tsa: Authority, client: httpx.Client) -> None:
    tsa.down, tsa.replay = False, b""
    first = request_stamp(client, tsa.url, b"a checkpoint")
    tsa.replay = first
    with pytest.raises(LedgerError, check=has_code("timestamp"), match="nonce"):
        request_stamp(client, tsa.url, b"a checkpoint")
    tsa.replay = b"not a timestamp"
    with pytest.raises(BadProofError):
        request_stamp(client, tsa.url, b"a checkpoint")
    tsa.down = True
    with pytest.raises(LedgerError, check=has_code("timestamp"), match="500"):
        request_stamp(client, tsa.url, b"a checkpoint")
    with pytest.raises(LedgerError, check=has_code("timestamp"), match="does not answer"):
        request_stamp(client, "http://127.0.0.1:9/", b"a checkpoint")


def test_the_exported_pair_is_verified_by_us_and_by_openssl(
    stamped: Path, tsa: Authority, tmp_path: Path
) -> None:
    run, out = CliRunner(), tmp_path / "out"
    assert run.invoke(app, ["export", "--out", str(out), "--data", str(stamped)]).exit_code == 0
    first, second = sorted((out / "timestamps").glob("*.tsr"))
    done = run.invoke(
        app,
        [
            "verify",
            str(first),
            str(second),
            "--policy",
            str(out / "policy.txt"),
            "--tsa",
            str(tsa.roots),
            "--json",
            "-",
        ],
    )
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [row["tree_size"] for row in rows] == [3, 300]
    theirs = subprocess.run(
        [
            "openssl", "ts", "-verify", "-data", str(first.with_suffix(".checkpoint")), "-in", str(first),
            "-CAfile", str(tsa.roots),
        ],
        capture_output=True,
        check=False,
    )  # fmt: skip
    assert b"Verification: OK" in theirs.stdout + theirs.stderr
    second.with_suffix(".checkpoint").write_bytes(first.with_suffix(".checkpoint").read_bytes())
    again = run.invoke(
        app, ["verify", str(second), "--policy", str(out / "policy.txt"), "--tsa", str(tsa.roots)]
    )
    assert again.exit_code == 1


def test_the_audit_command_says_by_when_the_entries_stood(stamped: Path, tsa: Authority) -> None:
    done = CliRunner().invoke(app, ["audit", "--data", str(stamped), "--tsa", str(tsa.roots), "--json", "-"])
    assert done.exit_code == 0, done.output
    row = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    assert [(one["size"], one["trusted"]) for one in row["timestamps"]] == [(3, True), (300, True)]
