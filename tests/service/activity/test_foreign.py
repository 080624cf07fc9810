# ruff: noqa: ARG001 - fixtures are asked for by name
"""Logs of other systems: sealed upload, column mapping, remembered mappings, import once, undo."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.events import EventsError, EventStore
from waybillguard.events.foreign import LogRequest, answer
from waybillguard.service.activity import child, foreign, tasks
from waybillguard.service.activity.models import ForeignLog, ForeignMapping
from waybillguard.service.audit.models import DayCount, OutboxEvent
from waybillguard.service.audit.store import event_store
from waybillguard.service.external_accounts.models import OutsideAccount, System
from waybillguard.service.identity.models import Employment, Role
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError

HEADER = "操作时间,操作人,操作类型,订单号,电脑名\n"
ROWS = [
    "2026-11-03 08:30:00,w01,解密查看收件人,T0001,前台1\n",
    "2026-11-03 09:30:00,w01,打印面单,T0002,前台1\n",
    "2026-11-04 03:10:00,w02,导出订单,,前台2\n",
    "2026-11-04 10:00:00,w02,喝茶,,前台2\n",
]
LOG = (HEADER + "".join(ROWS)).encode("utf-8-sig")


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the child's work in this process: starting a child takes half a second. Messages are still encoded."""

    def ask[A](_module: str, question: LogRequest, kind: type[A], *, seconds: float) -> A:
        del seconds
        asked = msgspec.msgpack.decode(msgspec.msgpack.encode(question), type=LogRequest)
        return msgspec.msgpack.decode(msgspec.msgpack.encode(answer(asked)), type=kind)

    monkeypatch.setattr(child, "ask", ask)


@pytest.fixture
def owner(scene: SimpleNamespace, signed_in: Callable[..., Client], read_here: None) -> Client:
    """The owner, with logs read in this process. Tests of the child process sign in without this fixture."""
    return signed_in(scene.owner)


def upload(client: Client, content: bytes = LOG, source: str = "某ERP", name: str = "log.csv") -> ForeignLog:
    answer = client.post(
        reverse("activity_logs"), {"source": source, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302, answer.content.decode()[-600:]
    return ForeignLog.objects.order_by("pk").last()  # type: ignore[return-value]


def mapping(client: Client, log: ForeignLog, **changes: str) -> dict[str, str]:
    """Return the mapping form as a browser would submit it."""
    page = client.get(reverse("activity_log", args=[log.pk]))
    assert page.status_code == 200, page.content.decode()[-600:]
    form = {f"column-{name}": title for name, title in page.context["columns"]}
    for place, (word, action, _) in enumerate(page.context["words"]):
        form |= {f"word-{place}": word, f"action-{place}": changes.pop(word, action)}
    return {**form, "zone": page.context["mapping"].zone, "day_order": "ymd", "go": "import", **changes}


def take_in(client: Client, content: bytes = LOG, source: str = "某ERP", **changes: str) -> ForeignLog:
    log = upload(client, content, source)
    client.post(reverse("activity_log_map", args=[log.pk]), mapping(client, log, **changes))
    tasks.read_foreign_log.call(log.pk)
    log.refresh_from_db()
    return log


def table(tenant: Any, columns: str = "account, action, order_id") -> list[tuple[Any, ...]]:
    with event_store(tenant).open(tenant.slug) as connection:
        return connection.execute(f"SELECT {columns} FROM events ORDER BY ts, event_id").fetchall()


def counted() -> int:
    return DayCount.objects.filter(who="all").aggregate(n=Sum("n"))["n"] or 0


def test_a_log_is_sealed_on_arrival_and_shown_before_anything_is_taken_in(
    scene: SimpleNamespace, owner: Client, home: Path
) -> None:
    log = upload(owner)
    (sealed,) = (home / "spool").iterdir()
    assert "操作时间".encode() not in sealed.read_bytes()
    page = owner.get(reverse("activity_log", args=[log.pk]))
    text = page.content.decode()
    assert dict(page.context["columns"])["ts"] == "操作时间"
    assert "Read this way 4 rows give 3 events" in text
    assert "喝茶" in text
    assert "w01" in text
    assert table(scene.tenant) == []
    assert log.state == "mapping"


def test_a_confirmed_log_is_in_the_table_with_its_system_named(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    owner = signed_in(scene.owner)
    log = take_in(owner)
    assert (log.state, log.rows, log.events, log.refused, log.known) == ("done", 4, 3, 1, 0)
    assert table(scene.tenant) == [
        ("某ERP/w01", "reveal", "T0001"), ("某ERP/w01", "print", "T0002"), ("某ERP/w02", "export", None),
    ]  # fmt: skip
    assert table(scene.tenant, "day, w10, workstation") == [
        (20_760, 51, "前台1"),
        (20_760, 57, "前台1"),
        (20_761, 19, "前台2"),
    ]
    assert counted() == 3
    assert not log.spool_name
    month = owner.get(reverse("activity"), {"month": "2026-11"}).content.decode()
    assert "某ERP/w01" in month
    assert [one.purpose for one in OutboxEvent.objects.filter(action="import")] == ["activity_log"]


def test_a_log_works_before_a_single_order_is_in_the_vault(
    made_up: ModuleType, signed_in: Callable[..., Client], written: list[Any], db: None
) -> None:
    tenant = made_up.make_tenant("first-week")
    browser = signed_in(made_up.make_user(tenant, "alone", Role.OWNER))
    with scope(tenant=tenant):
        assert take_in(browser).events == 3
    assert written


def test_a_choice_is_shown_and_then_remembered_for_the_system(scene: SimpleNamespace, owner: Client) -> None:
    log = upload(owner)
    answer = mapping(owner, log, 喝茶="ignore", go="preview")
    owner.post(reverse("activity_log_map", args=[log.pk]), answer)
    assert "1 show nothing" in owner.get(reverse("activity_log", args=[log.pk])).content.decode()
    owner.post(reverse("activity_log_map", args=[log.pk]), {**answer, "go": "import"})
    tasks.read_foreign_log.call(log.pk)
    assert ForeignMapping.objects.get().source_key == "某erp"
    again = upload(owner, LOG.replace(b"2026-11", b"2026-10"))
    page = owner.get(reverse("activity_log", args=[again.pk]))
    assert page.context["suggestion"].remembered
    assert {word: action for word, action, _ in page.context["words"]}["喝茶"] == "ignore"
    other = upload(owner, source="别的系统")
    assert not owner.get(reverse("activity_log", args=[other.pk])).context["suggestion"].remembered


def test_a_zone_chosen_moves_the_times(scene: SimpleNamespace, owner: Client) -> None:
    take_in(owner, zone="UTC")
    assert table(scene.tenant, "day, w10")[0] == (20_760, 99)


def test_refused_rows_stand_by_reason_and_can_be_downloaded(scene: SimpleNamespace, owner: Client) -> None:
    log = take_in(owner)
    page = owner.get(reverse("activity_log", args=[log.pk])).content.decode()
    assert "is not known" in page
    lines = b"".join(owner.get(reverse("activity_log_refused", args=[log.pk])).streaming_content).decode()  # type: ignore[attr-defined]
    assert "unknown_action" in lines
    assert "喝茶" not in lines


def test_logs_that_overlap_bring_what_both_hold_once(scene: SimpleNamespace, owner: Client) -> None:
    take_in(owner, (HEADER + "".join(ROWS[:2])).encode())
    log = take_in(owner)
    assert (log.events, log.known) == (1, 2)
    assert len(table(scene.tenant)) == 3
    assert counted() == 3
    same = take_in(owner)
    assert (same.events, same.known) == (0, 3)


def test_two_systems_with_the_same_account_are_two_accounts(scene: SimpleNamespace, owner: Client) -> None:
    take_in(owner)
    assert take_in(owner, source="门户").events == 3
    assert {row[0] for row in table(scene.tenant)} == {"某ERP/w01", "某ERP/w02", "门户/w01", "门户/w02"}


@pytest.mark.parametrize("merged", [False, True])
def test_an_undone_log_is_gone_with_its_counts_and_nothing_else_is(
    merged: bool, scene: SimpleNamespace, owner: Client
) -> None:
    keep = take_in(owner, source="门户")
    log = take_in(owner)
    if merged:
        for day in log.days:
            event_store(scene.tenant).compact(scene.tenant.slug, day)
    owner.post(reverse("activity_log_act", args=[log.pk, "undo"]))
    log.refresh_from_db()
    assert log.state == "undone"
    assert {row[0] for row in table(scene.tenant)} == {"门户/w01", "门户/w02"}
    assert counted() == keep.events
    assert take_in(owner).events == 3
    assert len(table(scene.tenant)) == 6


def test_a_log_that_a_later_one_relies_on_is_not_undone(scene: SimpleNamespace, owner: Client) -> None:
    first = take_in(owner)
    take_in(owner)
    answer = owner.post(reverse("activity_log_act", args=[first.pk, "undo"]), follow=True)
    first.refresh_from_db()
    assert first.state == "done"
    assert "overlaps" in answer.content.decode()


def test_a_log_is_read_in_once_whoever_clicks_twice(scene: SimpleNamespace, owner: Client) -> None:
    log = upload(owner)
    form = mapping(owner, log)
    for _ in range(2):
        owner.post(reverse("activity_log_map", args=[log.pk]), form)
        tasks.read_foreign_log.call(log.pk)
    assert len(table(scene.tenant)) == 3
    assert counted() == 3


def test_a_reading_that_broke_off_goes_on_and_doubles_nothing(
    scene: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = upload(owner)
    owner.post(reverse("activity_log_map", args=[log.pk]), mapping(owner, log))
    real, written = EventStore.write, []

    def die(self: EventStore, *args: Any) -> Any:
        if written:
            raise KeyboardInterrupt
        written.append(args)
        return real(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "write", die)
        with pytest.raises(KeyboardInterrupt):
            tasks.read_foreign_log.call(log.pk)
    assert foreign.sweep_interrupted_logs() == 1
    tasks.read_foreign_log.call(log.pk)
    log.refresh_from_db()
    assert (log.state, log.events) == ("done", 3)
    assert len(table(scene.tenant)) == 3
    assert counted() == 3


def test_a_log_that_cannot_be_written_leaves_nothing(
    scene: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = EventStore.write, []

    def full(self: EventStore, *args: Any) -> Any:
        if written:
            raise EventsError(zh="磁盘已满", en="the disk is full")
        written.append(args)
        return real(self, *args)

    monkeypatch.setattr(EventStore, "write", full)
    log = take_in(owner)
    assert (log.state, log.error_en) == ("failed", "the disk is full")
    assert table(scene.tenant) == []
    assert counted() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.xlsx", b"PK\x03\x04 no workbook"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(200)),
        ("a.json", b"{"),
    ],
)
def test_what_is_no_log_is_named_and_can_only_be_discarded(
    name: str, content: bytes, scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    answer = signed_in(scene.owner).post(
        reverse("activity_logs"), {"source": "某ERP", "file": SimpleUploadedFile(name, content)}, follow=True
    )
    assert answer.status_code in {409, 422}
    assert table(scene.tenant) == []


def test_an_upload_that_nobody_maps_is_gone_after_a_day(
    scene: SimpleNamespace, owner: Client, home: Path
) -> None:
    log = upload(owner)
    foreign.discard_old_logs(scene.tenant, timezone.now() + timedelta(days=1, hours=1))
    log.refresh_from_db()
    assert log.state == "discarded"
    assert not list((home / "spool").iterdir())


def test_the_register_says_who_stands_behind_an_account(scene: SimpleNamespace, owner: Client) -> None:
    system = System.objects.create(tenant=scene.tenant, name="某ERP", name_key="某erp")
    OutsideAccount.objects.create(
        tenant=scene.tenant, system=system, account="w01", account_key="w01", owner="小周", owner_key="小周"
    )
    Employment.objects.create(tenant=scene.tenant, user=scene.clerk, name="小周")
    take_in(owner)
    assert table(scene.tenant, "account, person")[0] == ("某ERP/w01", f"u{scene.clerk.pk}")
    assert table(scene.tenant, "account, person")[2] == ("某ERP/w02", None)


def test_a_name_that_two_people_bear_and_an_account_of_several_name_nobody(
    scene: SimpleNamespace, owner: Client
) -> None:
    system = System.objects.create(tenant=scene.tenant, name="某ERP", name_key="某erp")
    for account, owner_key in (("w01", "小周"), ("w02", "0007"), ("w02", "0008")):
        OutsideAccount.objects.create(
            tenant=scene.tenant, system=system, account=account, account_key=account, owner_key=owner_key
        )
    for user, name, number in ((scene.clerk, "小周", "0007"), (scene.service, "小周", "0008")):
        Employment.objects.create(tenant=scene.tenant, user=user, name=name, number=number)
    take_in(owner)
    assert {person for _, person in table(scene.tenant, "account, person")} == {None}


def test_a_log_lays_nothing_on_a_person_of_ours_by_writing_our_key(
    scene: SimpleNamespace, owner: Client
) -> None:
    rows = f"操作时间,操作人,操作类型,员工\n2026-11-03 08:30:00,w01,打印面单,u{scene.clerk.pk}\n"
    take_in(owner, rows.encode("utf-8-sig"), **{"column-person": "员工", "column-account": "操作人"})
    assert table(scene.tenant, "account, person") == [("某ERP/w01", f"某ERP/u{scene.clerk.pk}")]


def test_a_row_of_another_day_goes_to_that_day(scene: SimpleNamespace, owner: Client) -> None:
    take_in(owner)
    take_in(owner, (HEADER + "2026-11-03 23:59:59,w03,查看订单,T9,前台3\n").encode())
    assert event_store(scene.tenant).days(scene.tenant.slug) == [20_760, 20_761]
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=20_760) == datetime(2026, 11, 3, tzinfo=UTC)


def test_without_a_ledger_a_log_is_not_taken_out(
    scene: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = take_in(owner)

    def down(*_: Any) -> Any:
        raise KeydUnavailableError(zh="台账不可用", en="the ledger does not write")

    with monkeypatch.context() as patched:
        patched.setattr(KeydClient, "call", down)
        with pytest.raises(KeydUnavailableError):
            foreign.undo_log(scene.owner, log)
    log.refresh_from_db()
    assert (log.state, counted()) == ("done", log.events)
    assert len(table(scene.tenant)) == log.events
