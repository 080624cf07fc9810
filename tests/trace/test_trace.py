"""Trace a list of victims to its source, or to nobody."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from waybillguard.trace import Answer, Source
from waybillguard.trace.answer import _elsewhere
from waybillguard.trace.naming import Named

from .conftest import DAY_US, Made, iso, made_up

EPOCH = date(1970, 1, 1)


def leads(answer: Answer) -> list[Source]:
    return [source for source in answer.sources if source.priority_lead]


def fits(source: Source, theft: dict[str, Any]) -> bool:
    """Return whether a source names a theft's account or station, or both, and its days overlap the theft's."""
    named = {source.account, source.workstation} - {None}
    true = {theft["account"], theft["workstation"]} - {None}
    within = datetime.fromisoformat(source.start) <= datetime.fromisoformat(
        theft["to"]
    ) and datetime.fromisoformat(source.end) >= datetime.fromisoformat(theft["from"])
    return source.tenant in theft["tenants"] and bool(named) and named <= true | {None} and within


def test_the_night_account_and_the_tapped_station_are_leads_and_nobody_else(world: Made) -> None:
    found = leads(world.answer)
    assert len(found) > 0
    for source in found:
        assert any(fits(source, theft) for theft in world.truth["thefts"]), source.kind
    assert any(source.account in world.guilty for source in found)


def test_the_same_list_gives_the_same_answer(world: Made) -> None:
    assert msgspec.json.encode(world.trace()) == msgspec.json.encode(world.answer)


@pytest.mark.parametrize("count", [1, 2, 40, 200])
def test_victims_of_other_leaks_alone_make_no_lead(world: Made, count: int) -> None:
    dice = random.Random(count)
    orders = world.sql(
        "SELECT order_id, created_us FROM orders WHERE created_us IS NOT NULL ORDER BY order_id"
    )
    rows = [
        {"order_id": order, "contacted_at": iso(at + int(dice.gammavariate(1.5, 3.5) * DAY_US))}
        for order, at in dice.sample(orders, count)
    ]
    answer = world.trace(rows)
    assert leads(answer) == []
    assert answer.checks.more_needed > 0
    assert answer.outside > 0.5


def test_a_list_made_up_of_what_a_clerk_printed_names_nobody(world: Made) -> None:
    dice = random.Random(5)
    rows = world.sql(
        "SELECT account, order_id, min(ts_us) FROM events WHERE look AND action = 'print' GROUP BY ALL ORDER BY ALL"
    )
    clerk = next(account for account, *_ in rows if account not in world.guilty)
    printed = [(order, at) for account, order, at in rows if account == clerk]
    answer = world.trace(made_up(dice.sample(printed, 60), dice))
    assert [source for source in leads(answer) if source.account] == []


def test_a_list_made_up_of_what_work_let_a_clerk_read_names_nobody(world: Made) -> None:
    dice = random.Random(6)
    rows = world.sql(
        "SELECT account, order_id, min(ts_us) FROM events WHERE look AND exposed AND explained_by IS NOT NULL "
        "AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL"
    )
    by_account: dict[str, list[tuple[str, int]]] = {}
    for account, order, at in rows:
        by_account.setdefault(account, []).append((order, at))
    innocent = max((a for a in by_account if a not in world.guilty), key=lambda a: len(by_account[a]))
    framed = made_up(dice.sample(by_account[innocent], min(40, len(by_account[innocent]))), dice)
    answer = world.trace(framed)
    assert leads(answer) == []


def test_unknown_repeated_and_contradictory_rows_are_counted_and_do_not_vote(world: Made) -> None:
    order, created = world.sql("SELECT order_id, created_us FROM orders ORDER BY order_id LIMIT 1")[0]
    other, *_ = world.sql("SELECT order_id FROM orders ORDER BY order_id DESC LIMIT 1")[0]
    waybill = world.sql("SELECT waybill_no FROM orders WHERE order_id = ?", [order])[0][0]
    answer = world.trace(
        [
            {"order_id": order, "contacted_at": iso(created + DAY_US)},
            {"waybill_no": waybill, "contacted_at": iso(created + DAY_US)},
            {"order_id": "nobody-knows-it"},
            {"order_id": order, "contacted_at": iso(created - 9 * DAY_US)},
            {"order_id": other, "waybill_no": waybill},
            {"category": "no number at all"},
        ]
    )
    checks = answer.checks
    assert (checks.victims_joined, checks.duplicates, checks.unknown, checks.contradictory) == (1, 1, 1, 2)
    assert checks.refused_rows == (6,)
    assert answer.sources == ()


def test_without_optional_columns_and_orders_nobody_innocent_is_named(world: Made, tmp_path: Any) -> None:
    from waybillguard.events import CHINA
    from waybillguard.events.engines import DuckEngine
    from waybillguard.trace import read_victims, trace

    thin = tmp_path / "theirs.parquet"
    world.engine.connection.execute(
        f"COPY (SELECT tenant, ts, account, workstation, action, order_id FROM events) TO '{thin}' (FORMAT parquet)"
    )
    with DuckEngine() as engine:
        engine.load([thin], CHINA)
        engine.orders(None)
        answer = trace(
            engine, read_victims((world.folder / "victims.csv").read_bytes()), type(world.shifts)([])
        )
    for source in leads(answer):
        assert any(fits(source, theft) for theft in world.truth["thefts"])


def test_a_second_account_that_saw_the_same_orders_is_said_as_a_tie_and_no_lead(
    leaver: Made, tmp_path: Any
) -> None:
    from waybillguard.events import CHINA
    from waybillguard.events.engines import DuckEngine
    from waybillguard.trace import read_victims, trace

    world = leaver
    thief = next(iter(world.guilty))
    twin = tmp_path / "twin.parquet"
    world.engine.connection.execute(
        f"""COPY (SELECT * EXCLUDE (ts_us, order_day, look) FROM events UNION ALL
        SELECT * EXCLUDE (ts_us, order_day, look) REPLACE ('framed' AS account, ts + INTERVAL 40 SECOND AS ts)
        FROM events WHERE account = '{thief}') TO '{twin}' (FORMAT parquet)"""
    )
    listed = read_victims((world.folder / "victims.csv").read_bytes())
    with DuckEngine() as engine:
        engine.load([twin], CHINA)
        engine.orders(world.folder / "orders.parquet")
        answer = trace(engine, listed, world.shifts)
    assert any(source.account == thief for source in leads(world.answer))
    assert [source for source in leads(answer) if source.account == "framed"] == []
    top = answer.sources[0]
    assert {one["account"] for one in top.tie} | {top.account} >= {thief, "framed"}


def test_who_looked_only_after_the_calls_is_not_named(world: Made) -> None:
    orders = world.sql(
        "SELECT order_id, min(ts_us) FROM events WHERE look GROUP BY order_id ORDER BY order_id LIMIT 30"
    )
    rows = [{"order_id": order, "contacted_at": iso(at - 60_000_000)} for order, at in orders]
    assert [source for source in leads(world.trace(rows)) if source.account or source.workstation] == []


def test_who_never_says_why_he_reads_is_a_lead_for_what_he_read_at_night(world: Made, tmp_path: Any) -> None:
    """Reading without a work reason is usual for the account by day, but not its looks off shift on a few nights."""
    (thief,) = world.guilty
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} REPLACE (CASE WHEN account = '{thief}' THEN NULL ELSE explained_by END AS explained_by) FROM events",
    )  # fmt: skip
    found = leads(made.trace())
    made.engine.close()
    assert thief in {source.account for source in found}


def test_an_account_that_prints_at_one_station_alone_is_no_rival_of_that_station(
    world: Made, tmp_path: Any
) -> None:
    """A leak by prints is a leak of the station, regardless of the account, so its chance is not halved."""
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} REPLACE (CASE WHEN action IN ('print', 'reprint') AND workstation IS NOT NULL "
        "THEN 'printer of ' || workstation ELSE account END AS account) FROM events",
    )  # fmt: skip
    found = [source for source in made.trace().sources if source.kernel in "PE"]
    made.engine.close()
    tapped = {theft["workstation"] for theft in world.truth["thefts"] if theft["account"] is None}
    assert {source.workstation for source in found if source.kind == "workstation"} == tapped
    assert all(tie["kind"] != "account" for source in found for tie in source.tie)


def changed(world: Made, folder: Any, select: str) -> Made:
    """The world with other events; ``select`` reads from ``events``."""
    from waybillguard.events import CHINA
    from waybillguard.events.engines import DuckEngine

    target = folder / "changed.parquet"
    world.engine.connection.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")
    engine = DuckEngine(threads=1)
    engine.load([target], CHINA)
    engine.orders(world.folder / "orders.parquet")
    return Made(world.folder, engine, world.shifts, world.truth)


def test_orders_of_the_whole_warehouse_name_nobody_and_the_one_station_is_their_tie(world: Made) -> None:
    dice = random.Random(3)
    orders = world.sql(
        "SELECT order_id, created_us FROM orders WHERE tenant = 'w001' AND created_us IS NOT NULL ORDER BY created_us"
    )
    answer = world.trace(made_up(dice.sample(orders[600:], 160), dice))
    assert leads(answer) == []
    [source] = answer.sources
    assert source.kind == "platform"
    assert not source.elsewhere
    assert [tie["workstation"] for tie in source.tie] == ["w001-PRINT-01"]


def outside(named: Named, chance: float, *doubts: str) -> bool:
    return _elsewhere(replace(named, outside=chance), doubts)


def test_which_source_outside_may_stay_open_and_still_it_was_nobody_of_the_warehouse() -> None:
    actor = ("unlogged", "", "", "")
    named = Named(
        0, 0, actor, frozenset({actor}), 0.7, (("platform", "", "", ""),), "P", 0.0, 5.0, 30.0, 0.0, 900, 700.0, 20.0, (0,), 0.0
    )  # fmt: skip
    assert outside(named, 0.995, "unsure", "tie")
    assert not outside(named, 0.98, "unsure", "tie")
    for doubt in ("pile", "cover", "untimed", "few", "e_value"):
        assert not outside(named, 0.995, "unsure", doubt)
    assert not outside(replace(named, actor=("account", "kf1", "", "")), 0.995, "unsure")


PLAIN = "* EXCLUDE (ts_us, order_day, look)"


def test_an_account_renamed_in_between_is_one_and_named_by_its_last_name(leaver: Made, tmp_path: Any) -> None:
    from waybillguard.trace import Shifts

    world = leaver
    thief = next(iter(world.guilty))
    (whole,) = [source for source in leads(world.answer) if source.account == thief]
    middle = world.sql(
        "SELECT quantile_disc(day, 0.5) FROM events WHERE account = ? AND look AND exposed AND ts BETWEEN ? AND ?",
        (thief, whole.start, whole.end),
    )[0][0]
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} REPLACE (CASE WHEN account = '{thief}' AND day >= {middle} THEN 'renamed' ELSE account END AS account) "
        "FROM events",
    )  # fmt: skip
    (tenant,) = world.sql("SELECT DISTINCT tenant FROM events WHERE account = ?", (thief,))[0]
    first = datetime.fromtimestamp(middle * 86_400, UTC).date()
    made.shifts = Shifts.of(
        [
            {
                "tenant": tenant,
                "account": thief,
                "person": "p",
                "employed_to": str(first - timedelta(days=1)),
            },
            {"tenant": tenant, "account": "renamed", "person": "p", "employed_from": str(first)},
        ]
    )
    made.engine.join_accounts(made.shifts.renamed)
    answer = made.trace()
    made.engine.close()
    named = {source.account for source in answer.sources}
    assert "renamed" in named
    assert thief not in named
    assert any("改过名" in note for note in answer.checks.notes_zh)


@pytest.mark.parametrize("seconds", [-90, 7200])
def test_a_thief_who_looks_at_what_another_looks_at_gets_nobody_innocent_named(
    leaver: Made, tmp_path: Any, seconds: int
) -> None:
    """The thief copies what an innocent clerk reads at work, just before, just after or some hours later."""
    world = leaver
    dice = random.Random(seconds)
    rows = world.sql(
        "SELECT account, order_id, min(ts_us) FROM events WHERE look AND exposed AND account IS NOT NULL "
        "AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL"
    )
    by_account: dict[str, list[tuple[str, int]]] = {}
    for account, order, at in rows:
        by_account.setdefault(account, []).append((order, at))
    framed = max(by_account.keys() - world.guilty, key=lambda one: len(by_account[one]))
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} FROM events UNION ALL SELECT {PLAIN} REPLACE ('thief' AS account, "
        f"ts + INTERVAL ({seconds}) SECOND AS ts, NULL AS explained_by) "
        f"FROM events WHERE account = '{framed}' AND look AND exposed",
    )  # fmt: skip
    stolen = dice.sample(by_account[framed], min(80, len(by_account[framed])))
    answer = made.trace(made_up(stolen, dice))
    made.engine.close()
    assert [source for source in leads(answer) if source.account not in {None, "thief"}] == []


def test_a_list_made_up_of_two_days_of_a_clerk_with_calls_put_right_after_names_nobody(world: Made) -> None:
    """A false accuser picks a short window that fits a clerk; still all looks have a work reason."""
    dice = random.Random(8)
    rows = world.sql(
        "SELECT account, day, order_id, min(ts_us) FROM events WHERE look AND exposed AND explained_by IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    )
    by_account: dict[str, list[tuple[int, str, int]]] = {}
    for account, day, order, at in rows:
        if account and account not in world.guilty:
            by_account.setdefault(account, []).append((day, order, at))
    clerk = max(by_account, key=lambda one: len(by_account[one]))
    days = sorted({day for day, *_ in by_account[clerk]})[3:5]
    window = [(order, at) for day, order, at in by_account[clerk] if day in days]
    answer = world.trace(made_up(window[:60], dice))
    assert [source for source in leads(answer) if source.account] == []


def test_a_list_made_up_of_what_a_clerk_read_without_a_reason_as_every_day_names_nobody(
    world: Made, tmp_path: Any
) -> None:
    """Half of the clerk's looks have no work reason all month; those of the five days are no more than usual."""
    dice = random.Random(12)
    counts = world.sql(
        "SELECT account, count(*) FROM events WHERE look AND exposed AND account IS NOT NULL "
        "AND action NOT IN ('print', 'reprint') GROUP BY account ORDER BY 2 DESC, 1"
    )
    clerk = next(account for account, _ in counts if account not in world.guilty)
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} REPLACE (CASE WHEN account = '{clerk}' AND hash(order_id) % 2 = 0 THEN NULL ELSE explained_by END "
        "AS explained_by) FROM events",
    )  # fmt: skip
    rows = made.sql(
        "SELECT day, order_id, min(ts_us) FROM events WHERE account = ? AND look AND exposed AND explained_by IS NULL "
        "AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL",
        (clerk,),
    )
    middle = sorted(day for day, *_ in rows)[len(rows) // 2]
    window = [(order, at) for day, order, at in rows if middle - 2 <= day <= middle + 2]
    answer = made.trace(made_up(dice.sample(window, min(40, len(window))), dice))
    made.engine.close()
    assert [source for source in leads(answer) if source.account == clerk] == []


def test_a_list_made_up_of_what_a_clerk_read_at_a_desk_of_his_own_does_not_name_the_desk(
    world: Made, tmp_path: Any
) -> None:
    """He is the only reader there, and reads elsewhere too, so the list fits the station better than him."""
    dice = random.Random(5)
    counts = world.sql(
        "SELECT account, count(*) FROM events WHERE look AND exposed AND account IS NOT NULL "
        "AND action NOT IN ('print', 'reprint') AND contains(account, '-kf') GROUP BY account ORDER BY 2 DESC, 1"
    )
    clerk = next(account for account, _ in counts if account not in world.guilty)
    made = changed(
        world, tmp_path,
        f"SELECT {PLAIN} REPLACE (CASE WHEN account <> '{clerk}' OR account IS NULL THEN workstation "
        "WHEN hash(order_id) % 3 > 0 THEN 'his' ELSE 'shared' END AS workstation) FROM events",
    )  # fmt: skip
    rows = made.sql(
        "SELECT order_id, min(ts_us) FROM events WHERE workstation = 'his' AND look AND exposed "
        "AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL"
    )
    answer = made.trace(made_up(dice.sample(rows, min(120, len(rows))), dice))
    made.engine.close()
    assert {"his"} >= {source.workstation for source in answer.sources} != set()
    assert [source for source in leads(answer) if source.workstation == "his"] == []


def test_four_contacts_with_sentinels_name_the_thief_whom_four_other_victims_do_not(
    leaver: Made, tmp_path: Any
) -> None:
    thief = next(iter(leaver.guilty))
    (lead,) = [source for source in leads(leaver.answer) if source.account == thief]
    read = leaver.sql(
        "SELECT order_id, min(ts_us) FROM events WHERE account = ? AND look AND exposed AND ts BETWEEN ? AND ? "
        "GROUP BY order_id ORDER BY order_id",
        (thief, lead.start, lead.end),
    )
    laid = random.Random(9).sample(read, 4)
    orders = ", ".join(f"'{order}'" for order, _ in laid)
    marked = changed(
        leaver, tmp_path, f"SELECT {PLAIN} REPLACE (order_id IN ({orders}) AS decoy) FROM events"
    )
    listed = made_up(laid, random.Random(3))
    before, after = leaver.trace(listed), marked.trace(listed)
    marked.engine.close()
    assert [one for one in before.sources if one.account] == []
    assert {one.account for one in after.sources} == {thief}
    assert after.outside < 0.1


@pytest.mark.parametrize("known_by", ["phone_token", "phone", "log"])
def test_a_buyer_of_eight_parcels_who_is_called_is_one_victim_and_accuses_nobody(
    world: Made, tmp_path: Any, known_by: str
) -> None:
    rows = world.sql(
        "SELECT tenant, account, order_id, min(ts_us) AS at FROM events WHERE look AND exposed AND account IS NOT NULL "
        "AND action NOT IN ('print', 'reprint') GROUP BY ALL ORDER BY ALL"
    )
    clerk, _ = Counter(
        (tenant, account) for tenant, account, *_ in rows if account not in world.guilty
    ).most_common(1)[0]
    seen = sorted((at, order) for tenant, account, order, at in rows if (tenant, account) == clerk)[:8]
    orders = ", ".join(f"'{order}'" for _, order in seen)
    same = f"CASE WHEN order_id IN ({orders}) THEN unhex('{'ab' * 16}') ELSE unhex(md5(order_id)) END"
    token = same if known_by == "log" else "NULL::BLOB"
    made = changed(world, tmp_path, f"SELECT {PLAIN} REPLACE ({token} AS person_token) FROM events")
    told = {"phone_token": {"phone_token": "ab" * 16}, "phone": {"phone": "13800138000"}}.get(known_by, {})
    called = iso(seen[-1][0] + 2 * DAY_US)
    answer = made.trace([{"order_id": order, "contacted_at": called} | told for _, order in seen])
    made.engine.close()
    assert (answer.checks.victims_joined, answer.checks.duplicates) == (1, 7)
    assert answer.sources == ()


def test_who_uses_an_account_after_it_was_given_up_is_not_named_as_its_former_owner(leaver: Made) -> None:
    """The thief uses the old password; since then the owner works under a new account name."""
    from waybillguard.events import CHINA, event_files
    from waybillguard.events.engines import DuckEngine
    from waybillguard.trace import Shifts, read_victims, trace

    thief = next(iter(leaver.guilty))
    (tenant,) = leaver.sql("SELECT DISTINCT tenant FROM events WHERE account = ?", (thief,))[0]
    (theft,) = [one for one in leaver.truth["thefts"] if one["account"] == thief]
    begins = datetime.fromisoformat(theft["from"]).date()
    shifts = Shifts.of(
        [
            {
                "tenant": tenant,
                "account": thief,
                "person": "p",
                "employed_to": str(begins - timedelta(days=2)),
            },
            {
                "tenant": tenant,
                "account": "new",
                "person": "p",
                "employed_from": str(begins - timedelta(days=1)),
            },
        ]
    )
    assert shifts.off(tenant, thief, (begins - EPOCH).days + 1, 60), "given up: any look is off shift"
    with DuckEngine(threads=1) as engine:
        engine.load(event_files(leaver.folder / "events"), CHINA)
        engine.join_accounts(shifts.renamed, shifts.until)
        engine.orders(leaver.folder / "orders.parquet")
        answer = trace(engine, read_victims((leaver.folder / "victims.csv").read_bytes()), shifts)
    assert {source.account for source in leads(answer)} == {thief}
