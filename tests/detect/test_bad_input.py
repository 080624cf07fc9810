"""Logs as they come: twice, late, without columns, with clocks and rosters that are wrong."""

import random
from datetime import timedelta
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


def test_a_finding_without_a_station_is_said(tmp_path: Path) -> None:
    notes = Notes()
    (tmp_path / "f.json").write_text(
        '{"findings": [{"tool": "向日葵", "severity": "high", "time": "2026-11-02T01:00:00+08:00"}], "sessions": [{"tool": "ToDesk", "direction": "in", "start": "2026-11-02T01:00:00+08:00", "end": null, "workstation": "S1"}]}',
        "utf-8",
    )
    (held,) = read_findings(tmp_path / "f.json", notes).held
    assert (held.tool, held.end - held.start) == ("ToDesk", timedelta(minutes=10))
    assert notes.codes() == {"finding_nowhere"}
