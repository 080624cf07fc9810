"""Each detector with its scenario, and similar honest work that must not raise an alert."""

import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from detect.made_up import START, alerts, at, listed, people, quiet, scanned, theft
from msgspec import structs

from waybillguard.detect import Notes, Stations
from waybillguard.detect.stations import Held
from waybillguard.events import AccessEvent
from waybillguard.events.engines import DuckEngine


def test_a_quiet_month_raises_nothing(tmp_path: Path) -> None:
    assert alerts(tmp_path, quiet(28)) == []


def test_a_sale_day_with_four_times_the_orders_raises_nothing(tmp_path: Path) -> None:
    assert alerts(tmp_path, quiet(20, sale=15)) == []
    assert alerts(tmp_path / "foreign", quiet(20, sale=15, explained=False)) == []


def test_a_night_is_one_alert_raised_after_a_few_records(tmp_path: Path) -> None:
    stolen = theft(at(10, 2), 200) + theft(at(12, 1.5), 150, first=200)
    (alert,) = alerts(tmp_path, quiet(), stolen)
    assert (alert.rule, alert.account, alert.workstation) == ("off_shift", "kf02", "S2")
    assert 350 <= alert.records <= 352
    assert (alert.first_ts, alert.severity) == (at(10, 2), "critical")
    assert sum(one.ts <= alert.raised_at for one in stolen) <= 20
    assert {one.order_id for one in alert.evidence} <= {one.order_id for one in stolen}
    assert len(alert.evidence) == 50


def test_the_alert_is_raised_at_the_event_that_completes_it_and_not_before(tmp_path: Path) -> None:
    stolen = theft(at(10, 2), 200)
    (alert,) = alerts(tmp_path, quiet(), stolen)
    seen = [one for one in stolen if one.ts <= alert.raised_at]
    assert alert.raised_at == seen[-1].ts
    assert alerts(tmp_path / "short", quiet(), seen[:-1]) == []


def test_an_account_after_employment_is_named_as_such(tmp_path: Path) -> None:
    roster = people(kf04={"employed_to": "2026-11-08"})
    honest = [one for one in quiet() if one.account != "kf04" or one.ts < at(6, 24)]
    (alert,) = alerts(
        tmp_path,
        honest,
        theft(at(11, 14), 40, account="kf04", workstation=None, ip="100.96.1.7"),
        roster=roster,
    )
    assert (alert.rule, alert.account, alert.workstation) == ("after_employment", "kf04", None)


def test_a_password_used_from_a_strange_address_is_told_from_its_owner(tmp_path: Path) -> None:
    (alert,) = alerts(tmp_path, quiet(), theft(at(9, 15), 60, workstation=None, ip="100.97.8.9"))
    assert "new_place" in alert.rules
    assert alert.workstation is None


def test_a_slow_clerk_is_seen_within_days(tmp_path: Path) -> None:
    stolen = [one for day in range(8, 26) for one in theft(at(day, 10), 7, step=1800, first=day * 100)]
    (alert,) = alerts(tmp_path, quiet(28), stolen)
    assert (alert.rule, alert.account) == ("unexplained", "kf02")
    assert sum(one.ts <= alert.raised_at for one in stolen) < 0.4 * len(stolen)


def test_an_export_by_somebody_who_never_exports_is_seen(tmp_path: Path) -> None:
    (alert,) = alerts(tmp_path, quiet(), theft(at(9, 15), 80, action="export", step=0.1))
    assert (alert.rule, alert.records) == ("export", 80)
    assert "不像人工" in alert.reason_zh


def test_a_manager_who_exports_every_week_raises_nothing(tmp_path: Path) -> None:
    roster = [
        *people(),
        {
            "tenant": "yuyao",
            "account": "boss",
            "role": "manager",
            "shift_start": "9",
            "shift_end": "18",
            "workstation": "O1",
        },
    ]
    books = [
        one
        for day in (1, 8, 15, 22)
        for one in theft(
            at(day, 10), 300, account="boss", workstation="O1", action="export", step=0.1, first=day * 1000
        )
    ]
    assert alerts(tmp_path, quiet(26), books, roster=roster) == []


def test_a_decoy_that_is_revealed_is_an_alert_at_once(tmp_path: Path) -> None:
    looked = theft(at(9, 15), 1)
    (alert,) = alerts(tmp_path, quiet(), looked, decoys=["T0"])
    assert (alert.rule, alert.raised_at, alert.severity) == ("decoy", looked[0].ts, "critical")


def test_a_decoy_that_is_only_printed_for_shipping_raises_nothing(tmp_path: Path) -> None:
    assert alerts(tmp_path, quiet(), decoys=["D9-3"]) == []


def test_a_decoy_handed_to_the_carrier_with_a_print_job_raises_nothing_and_exported_by_a_person_it_does(
    tmp_path: Path,
) -> None:
    handed = theft(at(9, 15), 1, account="carrier:sf", action="export", explained="print_job")
    assert alerts(tmp_path / "printed", quiet(), handed, decoys=["T0"]) == []
    taken = theft(at(9, 15), 1, action="export", explained="ticket")
    assert "decoy" in [one.rule for one in alerts(tmp_path / "taken", quiet(), taken, decoys=["T0"])]


def test_activity_during_a_remote_session_is_joined_with_the_finding(tmp_path: Path) -> None:
    held = Held("yuyao", "S2", "ToDesk", at(9, 12), at(9, 13))
    (alert,) = alerts(tmp_path, quiet(), theft(at(9, 12.2), 6, step=60), stations=Stations((held,)))
    assert alert.rule == "sensor_and_activity"
    assert "ToDesk" in alert.reason_en


def test_a_station_is_found_by_its_computer_s_name_and_no_other_warehouse_s(tmp_path: Path) -> None:
    looks = theft(at(9, 12.2), 6, step=60, workstation="PC2.corp.local")
    for tenant, name, hit in (
        ("", "pc2", True),
        ("yuyao", "PC2", True),
        ("yiwu", "pc2", False),
        ("", "pc", False),
    ):
        held = Held(tenant, name, "ToDesk", at(9, 12), at(9, 13), machine=True)
        found = alerts(tmp_path / f"{tenant}-{name}", quiet(), looks, stations=Stations((held,)))
        assert [one.rule == "sensor_and_activity" and "ToDesk" in one.reason_en for one in found] == [
            True
        ] * hit


def test_a_finding_without_tenant_accuses_nobody_where_the_log_holds_several(tmp_path: Path) -> None:
    notes = Notes()
    others = [structs.replace(one, tenant="yiwu") for one in quiet(seed=2)]
    held = Held("", "S2", "ToDesk", at(9, 12), at(9, 13))
    looks = theft(at(9, 12.2), 6, step=60)
    assert alerts(tmp_path, quiet(), others, looks, stations=Stations((held,)), notes=notes) == []
    assert "finding_tenant" in notes.codes()


def test_a_shop_s_sub_account_is_a_person_and_held_to_its_work(tmp_path: Path) -> None:
    clerk = "旗舰店:小王"
    work = [
        one for day in range(14) for one in theft(
            at(day, 10), 10, step=600, account=clerk, workstation=None, first=100 * day, explained="ticket"
        )
    ]  # fmt: skip
    taken = theft(at(12, 14), 60, step=120, account=clerk, workstation=None, action="export", first=5_000)
    notes = Notes()
    (alert,) = alerts(tmp_path, quiet(), work, taken, notes=notes)
    assert (alert.rule, alert.account, alert.records) == ("export", clerk, 60)
    assert "roster_absent" in notes.codes()


def test_an_address_that_changes_within_its_network_each_day_is_no_unknown_place(tmp_path: Path) -> None:
    dice = random.Random(2)

    def at_home(one: AccessEvent) -> AccessEvent:
        address = f"2408:8256:d28a:1:{dice.randrange(1 << 16):x}:{(one.ts - START).days:x}:3:4"
        reason = None if dice.random() < 0.2 else "call"
        return structs.replace(one, workstation=None, ip=address, explained_by=reason)

    log = [at_home(one) if one.account == "kf02" else one for one in quiet(28)]
    roster = people(kf02={"workstation": ""})
    assert alerts(tmp_path / "honest", log, roster=roster) == []
    elsewhere = theft(at(27, 15), 30, workstation=None, ip="2409:8256:d28a:1:1:2:3:4", first=9_000)
    assert "new_place" in {
        rule for one in alerts(tmp_path / "elsewhere", log, elsewhere, roster=roster) for rule in one.rules
    }


def test_two_gangs_with_different_stations_are_two_alerts(tmp_path: Path) -> None:
    first = theft(at(9, 2), 60, account="dy01", workstation="P1")
    second = theft(at(11, 15), 60, account="dy01", workstation=None, ip="100.97.8.9", first=500)
    found = alerts(tmp_path, quiet(), first, second)
    assert sorted(str(one.workstation) for one in found) == ["None", "P1"]


def test_a_thief_by_day_after_one_by_night_is_an_alert_of_its_own(tmp_path: Path) -> None:
    night = theft(at(8, 2), 300)
    by_day = [one for day in (10, 11, 12) for one in theft(at(day, 10), 40, step=500, first=day * 1000)]
    found = alerts(tmp_path, quiet(), night, by_day)
    assert [one.rule for one in found] == ["off_shift", "unexplained"]
    assert (found[0].records, found[1].records // 10) == (300, 12)


def test_a_flood_does_not_make_the_log_one_that_never_says_why(tmp_path: Path) -> None:
    flood = theft(at(8, 2), 2000)
    paced = [
        one
        for day in (10, 11)
        for one in theft(at(day, 10), 12, step=900, account="kf03", workstation="S3", first=day * 3000)
    ]
    found = alerts(tmp_path, quiet(), flood, paced)
    assert {one.account for one in found} == {"kf02", "kf03"}


def test_several_accounts_at_one_station_in_one_night_are_one_alert(tmp_path: Path) -> None:
    first = theft(at(9, 2), 40)
    second = theft(at(9, 2.2), 60, account="kf03", first=500)
    (alert,) = alerts(tmp_path, quiet(), first, second)
    assert (alert.account, alert.records) == ("kf03", 100)
    assert "2 个账号" in alert.reason_zh


@pytest.mark.parametrize("account", ["kf02", "dy01"])
def test_overtime_of_the_whole_staff_raises_nothing(tmp_path: Path, account: str) -> None:
    late = [
        one
        for number, who in enumerate(("kf01", "kf02", "kf03", "kf04", "dy01"))
        for one in theft(
            at(12, 22) + timedelta(minutes=number),
            30,
            account=who,
            workstation="P1" if who == "dy01" else f"S{who[-1]}",
            explained="ticket",
            step=200,
            first=number * 100,
        )
    ]
    assert alerts(tmp_path, quiet(), late, theft(at(12, 22.5), 4, account=account, first=900)) == []


def labels(day: int, count: int, *, first: int = 0) -> list[AccessEvent]:
    """Return masked labels printed in shift by a print job."""
    return theft(
        at(day, 10), count, step=30, account="dy01", workstation="P1", action="print", first=first,
        explained="print_job", exposed=False,
    )  # fmt: skip


def test_labels_that_nobody_scans_out_are_an_alert_three_days_later(tmp_path: Path) -> None:
    honest = quiet(24)
    stolen = [one for day in (14, 15, 16) for one in labels(day, 10, first=day * 100)]
    (alert,) = alerts(tmp_path, honest, scanned(honest), stolen)
    assert (alert.rule, alert.account, alert.workstation) == ("unscanned_prints", "dy01", "P1")
    assert alert.raised_at == at(19, 0)  # when the labels of the second day have had three days
    assert {one.order_id for one in alert.evidence} <= {one.order_id for one in stolen}


def test_labels_that_are_scanned_late_raise_nothing(tmp_path: Path) -> None:
    honest = quiet(28, sale=14)
    late = [one for one in honest if at(14, 0) <= one.ts < at(16, 0)]
    prompt = [one for one in honest if not at(14, 0) <= one.ts < at(16, 0)]
    assert alerts(tmp_path, honest, scanned(prompt), scanned(late, hours=120)) == []


def test_a_scanner_that_stands_still_is_said_and_raises_nothing(tmp_path: Path) -> None:
    notes, honest = Notes(), quiet(28)
    working = [one for one in honest if not at(14, 0) <= one.ts < at(17, 0)]
    assert alerts(tmp_path, honest, scanned(working), notes=notes) == []
    assert "scans_missing" in notes.codes()


def test_without_scans_that_is_said(tmp_path: Path) -> None:
    notes = Notes()
    assert alerts(tmp_path, quiet(16), labels(12, 60), notes=notes) == []
    assert "unscanned" in notes.codes()


def test_whoever_scans_all_day_pages_through_nothing(tmp_path: Path) -> None:
    honest = quiet(16)
    many = [one for n in range(12) for one in labels(12, 60, first=n * 100)]
    assert alerts(tmp_path, honest, scanned(honest), many, scanned(many)) == []


def peeks(count: int, *, action: str = "view") -> list[AccessEvent]:
    """Return masked views of new orders that claim to be scans."""
    return theft(at(12, 10), count, action=action, exposed=False, purpose="出库", step=20)


def test_who_pages_through_orders_and_calls_it_a_scan_is_seen(tmp_path: Path) -> None:
    honest, looked = quiet(16), peeks(900)
    (alert,) = alerts(tmp_path, honest, scanned(honest), looked)
    assert (alert.rule, alert.account, alert.records) == ("scraping", "kf02", 900)
    later = [structs.replace(one, ts=at(12, 17), action="print", explained_by="print_job", account="dy01", workstation="P1",
                             purpose=None) for one in looked]  # fmt: skip
    found = alerts(tmp_path / "b", honest, scanned([*honest, *later]), looked, later)
    assert "scraping" in {one.rule for one in found}  # a view before the label is printed is no scan


def busy(days: int) -> tuple[list[AccessEvent], list[AccessEvent]]:
    """Return quiet days with 600 more labels each, all of them scanned on the following day."""
    honest = quiet(days) + [one for day in range(days) for one in labels(day, 600, first=day * 1000)]
    return honest, scanned(honest, hours=20)


def test_scans_of_labels_that_the_log_lacks_are_said_and_accuse_nobody(tmp_path: Path) -> None:
    honest, scans = busy(14)
    kept = [[one for one in rows if not at(10, 0) <= one.ts < at(11, 0)] for rows in (honest, scans)]
    notes = Notes()
    assert alerts(tmp_path, *kept, notes=notes) == []  # the day before is not in the log
    assert "prints_missing" in notes.codes()
    elsewhere = [structs.replace(one, order_id=f"X{one.order_id}") for one in scans]
    notes = Notes()
    assert alerts(tmp_path / "b", honest, scans, elsewhere, notes=notes) == []
    assert "prints_missing" in notes.codes()


def test_scans_of_labels_from_before_the_log_accuse_nobody(tmp_path: Path) -> None:
    honest, _ = busy(14)
    late = scanned(honest, hours=120)
    assert alerts(tmp_path, *([one for one in rows if one.ts >= at(5, 0)] for rows in (honest, late))) == []


def test_who_scans_what_somebody_else_viewed_before_the_print_is_not_accused(tmp_path: Path) -> None:
    honest, looked = quiet(16), peeks(900)
    later = [structs.replace(one, ts=at(12, 17), action="print", explained_by="print_job", account="dy01", workstation="P1",
                             purpose=None) for one in looked]  # fmt: skip
    found = alerts(tmp_path, honest, scanned(honest), looked, later, scanned(later))
    assert [(one.rule, one.account) for one in found] == [("scraping", "kf02")]


@pytest.mark.parametrize("silent", [True, False], ids=["nobody scans", "others scan"])
def test_two_who_call_it_a_scan_do_not_vouch_for_each_other(tmp_path: Path, silent: bool) -> None:
    honest, looked = quiet(16), peeks(900)
    other = [
        structs.replace(one, account="kf03", workstation="S3", order_id=f"O{one.order_id}") for one in looked
    ]
    scans = [one for one in scanned(honest) if not (silent and at(12, 0) <= one.ts < at(13, 0))]
    assert {one.account for one in alerts(tmp_path, honest, scans, looked, other)} == {"kf02", "kf03"}


def test_a_decoy_that_is_viewed_is_an_alert_whatever_purpose_is_given(tmp_path: Path) -> None:
    honest, looked = quiet(14), peeks(1)
    (alert,) = alerts(tmp_path, honest, scanned(honest), looked, decoys=["T0"])
    assert (alert.rule, alert.raised_at) == ("decoy", looked[0].ts)
    bare = [one for one in honest if one.action != "print"]  # a log that holds no labels
    (alert,) = alerts(tmp_path / "b", bare, looked, decoys=["T0"])
    assert alert.rule == "decoy"
    assert alerts(tmp_path / "c", honest, scanned(honest), decoys=["D9-3"]) == []


def test_labels_that_always_wait_five_days_raise_nothing_and_are_judged_after_a_week(tmp_path: Path) -> None:
    honest = quiet(30)
    slow = [one for number, one in enumerate(honest) if number % 5 == 0]
    prompt = [one for number, one in enumerate(honest) if number % 5]
    assert alerts(tmp_path, honest, scanned(prompt), scanned(slow, hours=120)) == []


def test_the_sentence_tells_all_labels_and_how_many_were_allowed(tmp_path: Path) -> None:
    honest = quiet(30)
    kept = [one for number, one in enumerate(honest) if number % 20]
    stolen = [one for day in range(20, 26) for one in labels(day, 10, first=day * 100)]
    (alert,) = alerts(tmp_path, honest, scanned(kept), stolen)
    said = re.search(
        r"7 天内打印的面单有 (\d+) 张在打印后 3 天内没有扫描出库，按以往最多 (\d+) 张", alert.reason_zh
    )
    assert said is not None
    week = [one for one in honest if one.action == "print" and at(18, 0) <= one.ts < at(25, 0)]
    missed = sum(one not in kept for one in week)
    assert int(said[1]) == 50 + missed
    assert missed < int(said[2]) < int(said[1])
    assert "were not scanned out within 3 days" in alert.reason_en


def test_reprints_of_scanned_labels_do_not_hide_those_nobody_scans(tmp_path: Path) -> None:
    honest = quiet(30)
    kept = [one for number, one in enumerate(honest) if number % 20]
    stolen = [one for day in range(20, 26) for one in labels(day, 10, first=day * 100)]
    again = [
        structs.replace(one, ts=one.ts + timedelta(minutes=n), action="reprint")
        for n in range(1, 6)
        for one in honest
        if one.action == "print" and at(20, 0) <= one.ts < at(26, 0)
    ]
    found = alerts(tmp_path, honest, scanned(kept), stolen, again)
    assert "unscanned_prints" in {one.rule for one in found}


def test_first_labels_are_asked_for_once_and_only_of_old_orders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = DuckEngine.ask

    def counted(self: DuckEngine, query: Any, **values: Any) -> Any:
        asked.append(query.name)
        return ask(self, query, **values)

    monkeypatch.setattr(DuckEngine, "ask", counted)
    honest = quiet(24)
    listing = listed(honest, tmp_path / "orders.csv")
    alerts(tmp_path, honest, orders=listing)
    assert asked.count("detect_first_prints") == 0
    left = [one.order_id for one in honest if one.action == "print" and one.ts < at(1, 0)]
    again = [
        structs.replace(one, order_id=order)
        for day in (20, 22)
        for one, order in zip(labels(day, 30), left, strict=False)
    ]
    asked.clear()
    alerts(tmp_path / "b", honest, again, orders=listing)
    assert asked.count("detect_first_prints") == 1


def test_a_flood_of_prints_does_not_raise_what_is_allowed_of_labels_without_order(tmp_path: Path) -> None:
    honest = quiet(24)
    again = [
        structs.replace(one, ts=one.ts + timedelta(minutes=n))
        for n in range(1, 5)
        for one in honest
        if one.action == "print" and at(16, 0) <= one.ts < at(19, 0)
    ]
    stolen = [one for day in (16, 17, 18) for one in labels(day, 20, first=day * 100)]
    found = alerts(tmp_path, honest, again, stolen, orders=listed(honest, tmp_path / "orders.csv"))
    assert "prints_without_order" in {one.rule for one in found}


def test_labels_printed_again_each_day_are_told_as_often_as_they_were_printed(tmp_path: Path) -> None:
    honest = quiet(24)
    stolen = [one for day in (16, 17, 18) for one in labels(day, 18)]
    (alert,) = alerts(tmp_path, honest, stolen, orders=listed(honest, tmp_path / "orders.csv"))
    said = re.search(r"prints (\d+) labels of orders .* history allows (\d+)", alert.reason_en)
    assert said is not None
    assert int(said[2]) < int(said[1]) == 3 * 18
    assert alert.records == 18


def test_labels_of_no_order_are_an_alert_where_the_orders_are_listed(tmp_path: Path) -> None:
    honest = quiet(24)
    stolen = [one for day in (14, 15, 16) for one in labels(day, 24, first=day * 100)]
    listing = listed(honest, tmp_path / "orders.csv")
    (alert,) = alerts(tmp_path, honest, stolen, orders=listing)
    assert (alert.rule, alert.account) == ("prints_without_order", "dy01")
    assert sum(one.ts <= alert.raised_at for one in stolen) < len(stolen)
    assert (
        alerts(tmp_path / "b", honest, stolen, orders=listed([*honest, *stolen], tmp_path / "all.csv")) == []
    )


def test_a_log_that_is_read_a_few_days_at_a_time_gives_the_same_alerts(tmp_path: Path) -> None:
    honest = quiet(24)
    left = [one.order_id for one in honest if one.action == "print" and one.ts < at(1, 0)]
    stolen = [structs.replace(one, order_id=order) for one, order in zip(labels(21, 60), left, strict=False)]
    batches = honest, scanned(honest), stolen, theft(at(10, 2), 90), peeks(900)
    listing = listed(honest, tmp_path / "orders.csv")
    at_once, by_days = (
        alerts(tmp_path / str(way), *batches, orders=listing, by_days=way) for way in (False, True)
    )
    assert at_once == by_days
    assert {"off_shift", "scraping", "prints_without_order"} <= {
        rule for one in by_days for rule in one.rules
    }


def test_labels_of_orders_that_left_weeks_ago_are_an_alert_where_the_orders_are_listed(
    tmp_path: Path,
) -> None:
    honest = quiet(30)
    left = [one.order_id for one in honest if one.action == "print" and one.ts < at(2, 0)]
    stolen = [structs.replace(one, order_id=order) for one, order in zip(labels(24, 60), left, strict=False)]
    listing = listed(honest, tmp_path / "orders.csv")
    (alert,) = alerts(tmp_path, honest, stolen, orders=listing)
    assert alert.rule == "prints_without_order"


def test_orders_that_are_released_weeks_after_they_were_made_raise_nothing(tmp_path: Path) -> None:
    honest, released = quiet(30), labels(24, 60)
    early = [structs.replace(one, ts=at(3, 12)) for one in released]
    assert alerts(tmp_path, honest, released, orders=listed([*honest, *early], tmp_path / "o.csv")) == []


def test_a_list_of_orders_that_lacks_a_shop_is_said_and_raises_nothing(tmp_path: Path) -> None:
    notes, honest = Notes(), quiet(24)
    listing = listed(honest[::2], tmp_path / "orders.csv")
    assert alerts(tmp_path, honest, orders=listing, notes=notes) == []
    assert "orders_incomplete" in notes.codes()


def test_the_list_of_orders_tells_a_sale_from_a_flood_where_the_log_has_no_prints(tmp_path: Path) -> None:
    desk = [one for one in quiet(24, sale=20, explained=False) if one.action == "reveal"]
    calm = [one for one in quiet(24, explained=False) if one.action == "print"]
    sale = [one for one in quiet(24, sale=20, explained=False) if one.action == "print"]
    flood = [
        one for one in desk if one.account == "kf01" or one.ts < at(20, 0) or one.ts >= at(21, 0)
    ]  # on the day of the flood the others do nothing
    with_sale = alerts(tmp_path / "sale", desk, orders=listed(sale, tmp_path / "sale.csv"))
    with_flood = alerts(tmp_path / "flood", flood, orders=listed(calm, tmp_path / "calm.csv"))
    assert with_sale == []
    assert {one.account for one in with_flood} == {"kf01"}


def test_several_accounts_at_one_station_within_the_hour_are_one_alert(tmp_path: Path) -> None:
    stolen = [
        one
        for day in (10, 11)
        for n, who in enumerate(("kf01", "kf02", "kf03", "kf04"))
        for one in theft(
            at(day, 14 + n / 6), 5, step=60, account=who, workstation="S2", first=day * 100 + n * 10
        )
    ]
    (alert,) = alerts(tmp_path, quiet(16), stolen)
    assert alert.rules[0] == "shared_station"
    assert (alert.workstation, alert.records) == ("S2", 40)
    seen = [one for one in stolen if one.ts <= alert.raised_at]
    assert 12 <= len(seen) <= 20
    assert "4 个账号" in alert.reason_zh


def test_two_shifts_at_one_station_raise_nothing(tmp_path: Path) -> None:
    change = [
        one
        for n, who in enumerate(("kf01", "kf02"))
        for one in theft(at(12, 14 + n / 6), 7, step=60, account=who, workstation="S2", first=n * 10)
    ]
    assert "shared_station" not in {one.rule for one in alerts(tmp_path, quiet(16), change)}


def test_a_second_station_is_not_told_of_before_its_own_limit(tmp_path: Path) -> None:
    """Of two shared stations on one day, the looks at one do not count against the other."""
    stolen = [
        [
            one
            for n, who in enumerate(crew)
            for one in theft(
                at(11, hour + n / 5), 12, step=60, account=who, workstation=station, first=hour * 100 + n * 20
            )
        ]
        for hour, station, crew in (
            (11, "S1", ("kf01", "kf02", "kf03")),
            (15, "S4", ("kf01", "kf02", "kf03")),
        )
    ]
    found = alerts(tmp_path, quiet(16), *stolen)
    late = [one for one in found if one.workstation == "S4" and "shared_station" in one.rules]
    assert late
    assert all(sum(row.ts <= one.raised_at for row in stolen[1]) >= 12 for one in late)
