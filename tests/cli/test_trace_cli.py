"""``waybillguard trace``: output and exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from waybillguard.simulate import Parameters, write_world


def run(*args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "waybillguard", "trace", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("world") / "w"
    write_world(Parameters(seed=3, days=12, warehouses=2, parcels=150, kinds=("night_remote",)), made)
    return made


def test_a_trace_writes_the_keys_of_the_contract_and_leaves_with_one(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "trace.json"
    done = run(
        folder / "events", "--victims", folder / "victims.csv", "--orders", folder / "orders.parquet",
        "--roster", folder / "roster.csv", "--json", out,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    answer = json.loads(out.read_text())
    assert {"sources", "outside", "affected", "victims", "candidates", "checks"} <= answer.keys()
    assert answer["affected"].keys() == {"estimate", "low", "high"}
    wanted = {
        "kind", "tenant", "account", "workstation", "from", "to", "posterior", "share", "explained", "looked_at",
        "tie", "priority_lead", "fdr", "p_permutation", "e_value", "next_evidence",
    }  # fmt: skip
    assert all(wanted <= source.keys() for source in answer["sources"])
    assert "不是证据" in done.stderr


def test_counts_are_kept_where_asked_and_change_no_answer(folder: Path, tmp_path: Path) -> None:
    asked = (
        folder / "events",
        "--victims",
        folder / "victims.csv",
        "--orders",
        folder / "orders.parquet",
        "--json",
        "-",
    )
    plain, first, again = (run(*asked, *more) for more in ((), *[("--counts", tmp_path / "counts")] * 2))
    assert plain.stdout == first.stdout == again.stdout
    assert json.loads(plain.stdout)["sources"]
    assert list((tmp_path / "counts").rglob("trace_exposure.*"))
    (tmp_path / "file").touch()
    done = run(*asked, "--counts", tmp_path / "file")
    assert done.returncode == 2
    assert "cannot be kept in file" in done.stderr


def test_nodes_go_to_standard_output(folder: Path) -> None:
    done = run(
        "nodes",
        "--victims",
        folder / "victims.csv",
        "--shipments",
        folder / "shipments.parquet",
        "--json",
        "-",
    )
    assert done.returncode in {0, 1}, done.stderr
    assert {"nodes", "requests"} <= json.loads(done.stdout).keys()


def test_what_cannot_be_read_is_named_and_leaves_with_two(folder: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "victims.csv"
    wrong.write_text("name\nx y\n")
    assert run(folder / "events", "--victims", wrong, "--json", "-").returncode == 2
    assert run(tmp_path / "none", "--victims", folder / "victims.csv", "--json", "-").returncode == 2
    assert run(folder / "events", "--victims", tmp_path / "none.csv", "--json", "-").returncode == 2
