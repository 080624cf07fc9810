"""A world's folder: the contract's columns, reproducible bytes, and errors that say what to do."""

import csv
import hashlib
import json
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path

import duckdb
import pytest
from support.codes import has_code
from typer.testing import CliRunner

from waybillguard.cli import program
from waybillguard.events import COLUMNS, EventStore
from waybillguard.simulate import NotWrittenError, Parameters, SimulateError, make_world, write_world

SMALL = Parameters(seed=3, parcels=120.0, warehouses=5, days=28)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds") / "one"
    write_world(SMALL, folder)
    return folder


def rows(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()


def test_the_event_store_reads_every_event_with_the_contracts_columns(world: Path) -> None:
    store = EventStore(world / "events")
    file = store.files("w001")[0]
    described = rows(f"DESCRIBE SELECT * FROM read_parquet('{file}', hive_partitioning=false)")

    assert store.tenants() == [f"w{n:03d}" for n in range(1, 6)]
    assert len(store.days("w001")) == 28
    assert {name: kind for name, kind, *_ in described} == dict(COLUMNS)
    with store.open() as connection:
        found = connection.execute("SELECT count(*), count(DISTINCT day) FROM events").fetchone()
    assert found == (sum(len(day) for day in make_world(SMALL).events), 28)


def test_files_say_what_memory_says(world: Path) -> None:
    made = make_world(SMALL)
    day = made.events[40]
    store = EventStore(world / "events")
    with store.open(day.tenant, first_day=day.day, last_day=day.day) as connection:
        found = connection.execute(
            "SELECT ts_us, account, action, order_id, workstation, exposed, explained_ref, epoch_us(order_created_at) "
            "FROM events ORDER BY ts_us, account, action, order_id NULLS FIRST"
        ).fetchall()
    names = ("account", "action", "order_id", "workstation")
    texts = {name: day.texts(name) for name in (*names, "explained_ref")}
    ts, exposed = day.columns["ts"].tolist(), day.columns["exposed"].tolist()
    created = [None if value < 0 else value for value in day.columns["order_created_at"].tolist()]
    expected = [
        (ts[n], *(texts[name][n] for name in names), exposed[n], texts["explained_ref"][n], created[n])
        for n in range(len(day))
    ]

    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_columns_from_memory_go_into_a_store(tmp_path: Path) -> None:
    day = make_world(Parameters(seed=2, warehouses=1, parcels=60.0, days=7, kinds=())).events[3]
    store = EventStore(tmp_path, durable=False)

    written = store.append("simulated", day.for_store())

    assert written.events == len(day)
    assert written.days == ((day.tenant, day.day),)


def test_the_same_parameters_write_the_same_bytes_with_more_processes_too(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybillguard.simulate.folder._SMALL", 0)
    write_world(SMALL, tmp_path / "again", workers=2)

    def digest(root: Path) -> dict[str, str]:
        files = (path for path in root.rglob("*") if path.is_file())
        return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    assert digest(tmp_path / "again") == digest(world)


def test_orders_and_shipments_are_the_contracts_tables(world: Path) -> None:
    orders, shipments = world / "orders.parquet", world / "shipments.parquet"
    names = [name for name, *_ in rows(f"DESCRIBE SELECT * FROM '{orders}'")]

    assert names == ["order_id", "tenant", "created_at", "category", "waybill_no", "shop", "carrier"]
    names = [name for name, *_ in rows(f"DESCRIBE SELECT * FROM '{shipments}'")]
    assert names == [
        "waybill_no", "shop", "erp", "warehouse", "outlet", "carrier", "goods_class", "shipped_at",
    ]  # fmt: skip
    lost = rows(
        f"SELECT count(*) FROM '{shipments}' WHERE waybill_no NOT IN (SELECT waybill_no FROM '{orders}')"
    )
    assert lost == [(0,)]


def test_every_victim_is_an_order_that_can_be_found_by_what_the_report_names(world: Path) -> None:
    known = rows(f"SELECT order_id, waybill_no FROM '{world / 'orders.parquet'}'")
    by_order, by_waybill = {order for order, _ in known}, {waybill for _, waybill in known}
    with (world / "victims.csv").open(encoding="utf-8", newline="") as handle:
        victims = list(csv.DictReader(handle))

    assert victims
    for victim in victims:
        assert victim["order_id"] or victim["waybill_no"]
        assert not victim["order_id"] or victim["order_id"] in by_order
        assert not victim["waybill_no"] or victim["waybill_no"] in by_waybill


def test_truth_names_every_theft_and_what_no_event_shows(world: Path) -> None:
    truth = json.loads((world / "truth.json").read_text("utf-8"))

    assert truth["parameters"]["seed"] == 3
    assert len(truth["unseen"]) == 4
    for theft in truth["thefts"]:
        assert set(theft) == {
            "id", "kind", "gang", "tenants", "account", "workstation", "from", "to", "seen_in_events",
            "selection", "orders", "victims",
        }  # fmt: skip
        assert set(theft["victims"]) <= set(theft["orders"])


def test_stolen_looks_stand_in_the_files(world: Path) -> None:
    truth = json.loads((world / "truth.json").read_text("utf-8"))
    with EventStore(world / "events").open() as connection:
        for theft in truth["thefts"]:
            if theft["seen_in_events"] and theft["orders"]:
                found = connection.execute(
                    "SELECT count(DISTINCT order_id) FROM events WHERE account = $a AND exposed AND allowed "
                    "AND ts BETWEEN $f::TIMESTAMPTZ AND $t::TIMESTAMPTZ + INTERVAL 1 SECOND "
                    "AND order_id IN (SELECT unnest($o))",
                    {"a": theft["account"], "f": theft["from"], "t": theft["to"], "o": theft["orders"]},
                ).fetchone()
                assert found == (len(theft["orders"]),), theft["kind"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")

    with pytest.raises(SimulateError, check=has_code("simulate_folder")):
        write_world(SMALL, tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_disk_that_refuses_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr("waybillguard.simulate.sql.WarehouseFiles.events", full)
    with pytest.raises(NotWrittenError) as caught:
        write_world(SMALL, tmp_path / "full")

    assert "truth.json" in caught.value.zh
    assert not (tmp_path / "full" / "truth.json").exists()


@pytest.mark.parametrize("fault", [MemoryError, BrokenProcessPool, duckdb.OutOfMemoryException])
def test_memory_that_runs_out_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def ended(*_: object) -> None:
        raise fault("killed")

    monkeypatch.setattr("waybillguard.simulate.folder._make", ended)
    with pytest.raises(NotWrittenError) as caught:
        write_world(SMALL, tmp_path / "large")

    assert "--workers 1" in caught.value.zh
    assert "--workers 1" in caught.value.en


def test_a_truth_that_was_cut_off_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Path.write_bytes

    def cut(path: Path, content: bytes) -> int:
        if "truth" not in path.name:
            return whole(path, content)
        whole(path, content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", cut)
    with pytest.raises(NotWrittenError):
        write_world(Parameters(seed=1, days=1, warehouses=1, parcels=20.0, kinds=()), tmp_path / "full")

    assert not (tmp_path / "full" / "truth.json").exists()


def test_the_folder_one_stands_in_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SimulateError, check=has_code("simulate_folder"), match=tmp_path.name):
        write_world(SMALL, Path())


@pytest.mark.parametrize("seed", range(6))
def test_a_warehouse_without_one_parcel_at_the_spring_festival_is_a_world_too(
    tmp_path: Path, seed: int
) -> None:
    quiet = Parameters(
        seed=seed, start=date(2026, 2, 16), days=1, warehouses=1, parcels=20.0, kinds=(), outside=0
    )
    report = write_world(quiet, tmp_path / "w")

    assert rows(f"SELECT count(*) FROM '{tmp_path}/w/orders.parquet'") == [(report.orders,)]
    assert (tmp_path / "w" / "truth.json").exists()


def test_a_file_where_the_folder_should_stand_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(NotWrittenError):
        write_world(SMALL, tmp_path / "file")


def test_the_command_writes_a_world_and_its_summary(tmp_path: Path) -> None:
    arguments = ["simulate", str(tmp_path / "w"), "--seed", "4", "--days", "8", "--warehouses", "2"]
    arguments += ["--parcels", "60", "--thefts", "night_remote,print_tap", "--json", str(tmp_path / "s.json")]

    result = CliRunner().invoke(program(), arguments)

    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "s.json").read_text("utf-8"))["thefts"] == 2
    assert (tmp_path / "w" / "truth.json").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--days", "0"],
        ["--start", "11.11"],
        ["--thefts", "magic"],
        ["--scale", "0"],
        ["--warehouses", "1"],
        ["--start", "1970-01-01"],
        ["--start", "2000-12-31"],
        ["--start", "2099-12-15"],
        ["--start", "9999-12-29"],
    ],
)
def test_bad_arguments_end_with_status_two(tmp_path: Path, wrong: list[str]) -> None:
    result = CliRunner().invoke(program(), ["simulate", str(tmp_path / "w"), "--seed", "1", *wrong])

    assert result.exit_code == 2
    assert not (tmp_path / "w").exists()
