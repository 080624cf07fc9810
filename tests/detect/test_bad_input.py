"""Imperfect logs: duplicated, late, with missing columns, wrong clocks or wrong rosters."""

import json
import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from detect.made_up import alerts, at, people, quiet, theft

from waybillguard.detect import (
    DetectInputError,
    Inputs,
    Notes,
    detect,
    read_decoys,
    read_findings,
    read_roster,
    roster_of,
)
from waybillguard.events import CHINA, EventStore
from waybillguard.events.engines import DuckEngine


def test_events_told_twice_and_out_of_order_give_the_same_alert(tmp_path: Path) -> None:
    honest, stolen = quiet(), theft(at(10, 2), 120)
    once = alerts(tmp_path / "once", honest, stolen)
    mixed = honest + stolen
    random.Random(3).shuffle(mixed)
    assert alerts(tmp_path / "twice", mixed, mixed) == once
    assert len(once) == 1


def test_empty_cells_say_nothing_and_hide_no_theft(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events", durable=False)
    store.append("a", quiet() + theft(at(10, 2), 40))
    foreign = tmp_path / "log.parquet"
    duckdb.sql(
        "SELECT * REPLACE (coalesce(explained_by, '') AS explained_by, '' AS workstation, upper(action) AS action, "
        "CASE WHEN account <> 'kf02' THEN day END AS day, CASE WHEN order_id <> 'D3-kf03-1' THEN ts END AS ts) "
        f"FROM read_parquet('{tmp_path}/events/**/*.parquet', hive_partitioning = false)"
    ).write_parquet(str(foreign))
    notes = Notes()
    with DuckEngine() as engine:
        (alert,) = detect(engine, [foreign], Inputs(roster_of(people(), notes)), notes, zone=CHINA)
    assert (alert.rule, alert.account) == ("off_shift", "kf02")
    assert alert.records >= 40
    assert "1 events name no tenant or no credible time and were not judged" in [
        en for _, en in notes.lines()
    ]


def test_a_log_without_any_credible_time_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "log.parquet"
    duckdb.sql("SELECT 'yuyao' AS tenant, TIMESTAMPTZ 'infinity' AS ts, 'reveal' AS action").write_parquet(
        str(foreign)
    )
    with DuckEngine() as engine, pytest.raises(DetectInputError):
        detect(engine, [foreign], Inputs(roster_of(people(), Notes())), Notes(), zone=CHINA)


def test_a_log_of_few_columns_still_shows_the_night(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events", durable=False)
    store.append("a", quiet() + theft(at(10, 2), 120))
    foreign = tmp_path / "log.parquet"
    duckdb.sql(
        f"SELECT tenant, ts, account, action, order_id FROM read_parquet('{tmp_path}/events/**/*.parquet')"
    ).write_parquet(str(foreign))
    notes = Notes()
    with DuckEngine() as engine:
        (alert,) = detect(engine, [foreign], Inputs(roster_of(people(), notes)), notes, zone=CHINA)
    assert (alert.account, alert.workstation, alert.records) == ("kf02", None, 120)
    assert {"no_explanations", "no_exposed", "no_stations"} <= notes.codes()


def test_days_of_a_broken_clock_are_left_out_and_said(tmp_path: Path) -> None:
    notes = Notes()
    stray = theft(at(0, 2) - timedelta(days=900), 30)
    assert alerts(tmp_path, quiet(), stray, notes=notes) == []
    assert any("2024-05-16" in english for _, english in notes.lines())


def test_a_roster_that_contradicts_itself_judges_nothing_it_cannot(tmp_path: Path) -> None:
    notes = Notes()
    roster = people(
        kf01={"shift_start": "9", "shift_end": "9"},
        kf02={"employed_from": "2026-11-10", "employed_to": "2026-01-01"},
        kf03={"shift_start": "early"},
    )
    assert alerts(tmp_path, quiet(), roster=roster, notes=notes) == []
    assert {"roster_shift", "roster_employment"} <= notes.codes()


def test_an_account_that_was_renamed_raises_nothing_and_is_said(tmp_path: Path) -> None:
    notes = Notes()
    renamed = [
        one
        if one.account != "kf03" or one.ts < at(8, 0)
        else type(one)(**{name: getattr(one, name) for name in one.__struct_fields__} | {"account": "kefu-3"})
        for one in quiet()
    ]
    assert alerts(tmp_path, renamed, notes=notes) == []
    assert "roster_absent" in notes.codes()


def test_events_without_an_account_are_judged_and_said(tmp_path: Path) -> None:
    notes = Notes()
    nameless = [
        type(one)(**{name: getattr(one, name) for name in one.__struct_fields__} | {"account": None})
        for one in theft(at(10, 2), 80)
    ]
    (alert,) = alerts(tmp_path, quiet(), nameless, notes=notes)
    assert (alert.account, alert.workstation) == (None, "S2")
    assert "no_accounts" in notes.codes()


def test_a_feed_that_stops_for_days_is_said_and_raises_nothing(tmp_path: Path) -> None:
    notes = Notes()
    stopped = [one for one in quiet() if not at(6, 0) <= one.ts < at(9, 0)]
    assert alerts(tmp_path, stopped, notes=notes) == []
    assert any("yuyao 2026-11-08–2026-11-10" in english for _, english in notes.lines())


def test_no_events_give_no_alerts(tmp_path: Path) -> None:
    assert alerts(tmp_path, []) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "order_id,placed_at\nO-1,2026-11-01\nO-2,\n"),
        ("b.json", '[{"order_id": "O-1"}, "O-2"]'),
        ("c.txt", "O-1\nO-2\n"),
        ("d.json", '{"decoys": ["O-1", "O-2"]}'),
    ],
)
def test_decoys_are_read_in_each_shape(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert read_decoys(tmp_path / name) == ("O-1", "O-2")


def test_files_beside_the_events_that_are_none_are_refused_in_both_languages(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("name;age\n", "utf-8")
    for read in (
        lambda: read_roster(bad, Notes()),
        lambda: read_findings(bad, Notes()),
        lambda: read_decoys(tmp_path / "absent"),
    ):
        with pytest.raises(DetectInputError) as refused:
            read()
        assert refused.value.zh
        assert refused.value.en


HEAD = "tenant,account,person,role,shift_start,shift_end,workstation,employed_from,employed_to"


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\nyuyao,kf02,,service,9,18,S2,,2026/11/8\n".encode("utf-16"),
        f"{HEAD}\nyuyao,kf02,,客服,9:00,18:00,S2,,2026年11月8日\n".encode("gbk"),
        f"{HEAD}\nyuyao,kf02,,service,上午9:00,下午6:00,S2,,2026/11/8 0:00\n".replace(",", "\t").encode(),
        f"花名册\n{HEAD.title()}\nyuyao,kf02,,service,0900,1800,S2,,46334\n".encode(),
        f"{HEAD}\ryuyao,kf02,,service,0.375,0.75,S2,,２０２６-11-08\r".encode(),
        f"{HEAD}\nyuyao,kf02,,service,9:00 AM,6:00 PM,S2,,2026.11.8\n".encode(),
    ],
)
def test_a_roster_is_read_as_spreadsheets_write_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.csv").write_bytes(content)
    notes = Notes()
    duty = read_roster(tmp_path / "r.csv", notes)["yuyao", "kf02"]
    assert duty.shifts == [(9.0, 18.0)]
    assert duty.employed == [(None, date(2026, 11, 8).toordinal() - date(1970, 1, 1).toordinal())]
    assert notes.codes() == set()


def test_a_day_that_may_be_another_and_hours_of_no_clock_are_said(tmp_path: Path) -> None:
    rows = f"{HEAD}\nyuyao,kf02,,service,9,1860,S2,,11/8/2026\nyuyao,kf03,,service,22:00,次日6:00,S3,,\n"
    (tmp_path / "r.csv").write_text(rows, "utf-8")
    notes = Notes()
    found = read_roster(tmp_path / "r.csv", notes)
    assert found["yuyao", "kf02"].employed == [(None, None)]
    assert notes.codes() == {"roster_employment", "roster_shift"}
    assert found["yuyao", "kf03"].shifts == [(22.0, 6.0)]


def test_decoys_of_a_spreadsheet_are_read_and_rounded_ones_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_bytes('order_id\t备注\r\n"=""O-1"""\tx\r\nO-2\t\r\n'.encode("utf-16"))
    assert read_decoys(path) == ("O-1", "O-2")
    path.write_text("order_id\n2.61102E+17\n", "utf-8")
    with pytest.raises(DetectInputError, match=r"2\.61102E\+17"):
        read_decoys(path)


def test_what_a_scan_says_is_joined_by_its_computer_and_a_session_from_here_is_not(tmp_path: Path) -> None:
    notes = Notes()
    body = {
        "machine": "PC2",
        "findings": [
            {"kind": "remote_tool", "tool": "ToDesk", "severity": "high", "time": "2026-11-02T01:00:00"},
            {"kind": "remote_tool", "tool": "向日葵", "severity": "low", "time": "2026-11-02T01:00:00"},
        ],
        "sessions": [{"tool": "ToDesk", "direction": "out", "start": "2026-11-03T01:00:00", "end": None}],
    }
    (tmp_path / "scan.json").write_bytes(json.dumps(body, ensure_ascii=False).encode("utf-16"))
    (held,) = read_findings(tmp_path / "scan.json", notes).held
    assert (held.workstation, held.machine, held.tool) == ("PC2", True, "ToDesk")
    assert held.start == datetime(2026, 11, 2, 1, tzinfo=CHINA)
    assert notes.codes() == set()


@pytest.mark.parametrize(("stations", "holds"), [(["S2"], True), (["S2", "S3"], False)])
def test_an_examination_is_joined_where_its_events_name_one_station(
    tmp_path: Path, stations: list[str], holds: bool
) -> None:
    notes = Notes()
    reach = [
        {
            "tool": "ToDesk",
            "why": "install",
            "workstation": one,
            "start": "2026-11-02T01:00:00+08:00",
            "end": None,
        }
        for one in stations
    ]
    finding = {"tool": "ToDesk", "severity": "high", "time": "2026-11-02T01:00:00+08:00"}
    (tmp_path / "out.json").write_text(json.dumps({"findings": [finding], "sessions": [], "reach": reach}))
    held = read_findings(tmp_path / "out.json", notes).held
    assert [one.workstation for one in held] == stations[:1] * holds
    assert notes.codes() == (set() if holds else {"finding_nowhere"})


@pytest.mark.parametrize(
    "text",
    [
        '{"findings": null, "sessions": "x"}',
        '{"findings": ["x", 3]}',
        '{"findings": [{"workstation": "S1", "severity": "high", "time": "9999-12-31T23:59:00+00:00"}]}',
        '{"findings": [{"workstation": "S1", "severity": "high", "time": "0001-01-01T00:00:00+14:00"}]}',
    ],
)
def test_findings_that_are_none_are_no_fault(tmp_path: Path, text: str) -> None:
    (tmp_path / "f.json").write_text(text)
    assert read_findings(tmp_path / "f.json", Notes()).held == ()


def test_a_finding_without_a_station_is_said(tmp_path: Path) -> None:
    notes = Notes()
    (tmp_path / "f.json").write_text(
        '{"findings": [{"tool": "向日葵", "severity": "high", "time": "2026-11-02T01:00:00+08:00"}], "sessions": [{"tool": "ToDesk", "direction": "in", "start": "2026-11-02T01:00:00+08:00", "end": null, "workstation": "S1"}]}',
        "utf-8",
    )
    (held,) = read_findings(tmp_path / "f.json", notes).held
    assert (held.tool, held.end - held.start) == ("ToDesk", timedelta(minutes=10))
    assert notes.codes() == {"finding_nowhere"}
