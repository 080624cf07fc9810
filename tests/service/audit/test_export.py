"""Export from the outbox to Parquet: every event appears exactly once, on its own day, and is counted once."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from waybillguard.events import EventsError, EventStore
from waybillguard.service.audit import export as exporting
from waybillguard.service.audit.export import export, export_due, fix_batches, prune, timeless_events
from waybillguard.service.audit.models import BaseCount, DayCount, ExportBatch, HourCount, OutboxEvent
from waybillguard.service.audit.overview import looks_a_day
from waybillguard.service.audit.recording import record
from waybillguard.service.audit.store import event_store
from waybillguard.service.tenancy.models import Tenant

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def look(scene: SimpleNamespace, number: int = 0, at: datetime = NOON, **about: Any) -> None:
    values = {"action": "view", "user": scene.clerk, "orders": [scene.orders[number % 12]], **about}
    record(scene.tenant, values.pop("action"), at=at, **values)


def table(tenant: Tenant, columns: str = "count(*)") -> list[tuple[Any, ...]]:
    with event_store(tenant).open(tenant.slug) as connection:
        return connection.execute(f"SELECT {columns} FROM events ORDER BY ALL").fetchall()


def counted(tenant: Tenant) -> int:
    return DayCount.objects.filter(tenant=tenant, who="all").aggregate(n=Sum("n"))["n"] or 0


def test_an_event_arrives_as_it_was_recorded(scene: SimpleNamespace) -> None:
    order = scene.orders[0]
    look(
        scene,
        action="reveal",
        purpose="return",
        exposed=True,
        workstation="pc-7",
        explained=("ticket", "T-1"),
    )
    look(scene, action="login", orders=[], at=NOON + timedelta(microseconds=1))
    assert export(scene.tenant) == 2
    first, second = table(
        scene.tenant,
        "ts_us, tenant, day, w10, account, workstation, action, order_id, purpose, exposed, allowed, person,"
        " explained_by, explained_ref, category, decoy, person_token",
    )
    who = f"u{scene.clerk.pk}"
    assert first == (
        1_795_492_800_000_000, "here", 20_781, 72, who, "pc-7", "reveal", bytes(order.uid).hex(), "return", True, True,
        who, "ticket", "T-1", order.goods_class or None, None, bytes(order.person_token),
    )  # fmt: skip
    assert second[5:10] == (None, "login", None, None, False)


def test_a_night_belongs_to_its_day_in_the_warehouse(scene: SimpleNamespace) -> None:
    look(scene, at=datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    look(scene, at=datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    export(scene.tenant)
    assert table(scene.tenant, "day, w10") == [(20_780, 143), (20_781, 0)]
    assert sorted(HourCount.objects.filter(who="all").values_list("day", "hour", "n")) == [
        (20_780, 23, 1),
        (20_781, 0, 1),
    ]


def test_counts_are_kept_by_day_hour_and_class_of_goods(scene: SimpleNamespace) -> None:
    scene.orders[1].goods_class = "服装"
    for number in range(3):
        look(scene, number % 2, action="reveal", exposed=True, workstation="pc-7")
    look(scene, action="reveal", allowed=False)
    look(scene, action="login", orders=[])
    export(scene.tenant)
    who = f"u{scene.clerk.pk}"
    account = DayCount.objects.filter(who="account", name=who)
    assert sorted(account.values_list("action", "n", "exposed", "refused")) == [
        ("login", 1, 0, 0),
        ("reveal", 4, 3, 1),
    ]
    assert list(DayCount.objects.filter(who="station").values_list("name", "n")) == [("pc-7", 3)]
    assert list(HourCount.objects.filter(who="all").values_list("hour", "n", "exposed", "refused")) == [
        (12, 5, 3, 1)
    ]
    bases = BaseCount.objects.order_by("workstation", "category")
    assert list(bases.values_list("account", "workstation", "category", "n", "exposed")) == [
        (who, "", "", 1, 0), (who, "pc-7", "", 2, 2), (who, "pc-7", "服装", 1, 1),
    ]  # fmt: skip


def test_the_trend_of_looks_counts_looks_and_not_what_a_print_hands_on(scene: SimpleNamespace) -> None:
    for action in ("reveal", "print", "reprint", "export"):
        look(scene, action=action, exposed=True)
    assert looks_a_day(scene.tenant, 20_781, 20_781) == {20_781: 1}
    export(scene.tenant)
    look(scene, 1, action="reveal", exposed=True)
    assert looks_a_day(scene.tenant, 20_781, 20_781) == {20_781: 2}


def test_a_second_batch_adds_to_the_counts(scene: SimpleNamespace) -> None:
    for _ in range(2):
        look(scene)
        export(scene.tenant)
    assert table(scene.tenant) == [(2,)]
    assert counted(scene.tenant) == 2
    assert DayCount.objects.filter(who="all").count() == 1


@pytest.mark.parametrize("point", ["write", "mark"])
def test_who_dies_in_between_leaves_a_batch_that_is_finished_once(
    point: str, scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    for number in range(5):
        look(scene, number)
    with monkeypatch.context() as patch:
        if point == "write":
            patch.setattr(EventStore, "write", die)
        else:
            patch.setattr(exporting, "mark", die)
        with pytest.raises(KeyboardInterrupt):
            export(scene.tenant)
    assert counted(scene.tenant) == 0
    look(scene, 6)  # arrives later, and must not join the fixed batch
    assert export(scene.tenant) == 6
    assert sorted(ExportBatch.objects.values_list("rows", flat=True)) == [1, 5]
    assert table(scene.tenant) == [(6,)]
    assert counted(scene.tenant) == 6
    assert export(scene.tenant) == 0


def test_two_exporters_of_the_same_batch_write_and_count_it_once(scene: SimpleNamespace) -> None:
    look(scene)
    (batch,) = fix_batches(scene.tenant)
    rows = exporting.rows_of(batch)
    assert exporting._finish(scene.tenant) == 1
    # The other worker had read the rows before, and continues only now.
    event_store(scene.tenant).write(
        scene.tenant.slug, batch.day, batch.part, exporting.columns_of_rows(scene.tenant, rows)
    )
    assert exporting.mark(scene.tenant, batch, rows) == 0
    assert table(scene.tenant) == [(1,)]
    assert counted(scene.tenant) == 1


def test_one_that_slept_until_the_rows_were_pruned_destroys_nothing(scene: SimpleNamespace) -> None:
    look(scene)
    fix_batches(scene.tenant)
    stale = list(ExportBatch.objects.all())
    exporting._finish(scene.tenant)
    assert prune(scene.tenant, timezone.now() + timedelta(days=2)) == 1
    for batch in stale:
        batch.save(force_insert=True)
    assert exporting._finish(scene.tenant) == 0
    assert table(scene.tenant) == [(1,)]


def test_a_late_event_goes_to_its_own_day_and_doubles_nothing(scene: SimpleNamespace) -> None:
    look(scene)
    export(scene.tenant)
    look(scene, 1, at=NOON - timedelta(days=1))
    look(scene, 2, at=NOON - timedelta(hours=1))
    export(scene.tenant)
    assert table(scene.tenant, "day, count(*)  FILTER (true) OVER (PARTITION BY day)") == [
        (20_780, 1),
        (20_781, 2),
        (20_781, 2),
    ]
    assert counted(scene.tenant) == 3


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, 8, tzinfo=UTC), datetime(2109, 5, 1, tzinfo=UTC)])
def test_events_of_a_broken_clock_stay_aside_and_hold_nothing_up(
    moment: datetime, scene: SimpleNamespace
) -> None:
    look(scene, at=moment)
    look(scene, 1)
    assert export(scene.tenant) == 1
    assert timeless_events(scene.tenant) == 1


def test_a_full_disk_loses_nothing_and_the_next_round_writes(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(scene)
    with monkeypatch.context() as patch:

        def full(*_: Any, **__: Any) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(EventStore, "write", full)
        with pytest.raises(EventsError) as told:
            export(scene.tenant)
        assert "磁盘" in told.value.zh
    assert OutboxEvent.objects.count() == 1
    assert export(scene.tenant) == 1
    assert table(scene.tenant) == [(1,)]


def test_few_events_wait_five_minutes_and_many_do_not(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(scene)
    assert export_due(NOON + timedelta(minutes=4)) == 0
    assert export_due(NOON + timedelta(minutes=6)) == 1
    monkeypatch.setattr(exporting, "ENOUGH_ROWS", 3)
    for number in range(3):
        look(scene, number)
    assert export_due(NOON) == 3


def test_one_tenants_trouble_does_not_hold_up_the_others(
    scene: SimpleNamespace, elsewhere: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(scene)
    record(elsewhere.tenant, "login", user=elsewhere.owner, at=NOON)
    real = EventStore.write

    def refuse(self: EventStore, tenant: str, *rest: Any) -> Any:
        if tenant == scene.tenant.slug:
            raise EventsError(zh="写不进去", en="it cannot be written")
        return real(self, tenant, *rest)

    monkeypatch.setattr(EventStore, "write", refuse)
    assert export_due(NOON + timedelta(hours=1)) == 1


def test_exported_rows_are_pruned_after_a_day(scene: SimpleNamespace) -> None:
    look(scene)
    export(scene.tenant)
    assert prune(scene.tenant, timezone.now()) == 0
    look(scene, 1)
    assert prune(scene.tenant, timezone.now() + timedelta(hours=25)) == 1
    assert OutboxEvent.objects.count() == 1
    assert not ExportBatch.objects.exists()


def test_fifty_thousand_events_are_written_in_about_a_second(scene: SimpleNamespace) -> None:
    orders = scene.orders * 417
    for start in range(10):
        record(
            scene.tenant, "view", user=scene.clerk, orders=orders[:5_000], at=NOON + timedelta(seconds=start)
        )
    started = time.perf_counter()
    assert export(scene.tenant) == 50_000
    assert time.perf_counter() - started < 10  # generous: the bench has the figure
