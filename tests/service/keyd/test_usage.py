"""keyd's counts of the last day are rebuilt completely from the ledger; errors lift no limit and lock nobody out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, LedgerConfig, LedgerKeys, LocalStorage
from waybillguard.ledger.errors import LedgerBusyError, LedgerError
from waybillguard.service.keyd import usage
from waybillguard.service.keyd.errors import FactorRefusedError, LimitReachedError, TooManySearchesError
from waybillguard.service.keyd.grants import Grant, Kind
from waybillguard.service.keyd.limits import shipped_limits
from waybillguard.service.keyd.mandates import Jobs
from waybillguard.service.keyd.searching import SEARCHES_A_DAY, SEARCHES_A_MINUTE, SEARCHES_A_MINUTE_IN_ALL
from waybillguard.service.keyd.signing_in import TRIES, Tries
from waybillguard.service.keyd.usage import Usage

TENANT = "hz-01"
GRANT = Grant(Kind.SESSION, bytes(16), TENANT, "u7", 0, 1 << 60)
COLLEAGUE = msgspec.structs.replace(GRANT, holder="u8")
LIMITS = msgspec.structs.replace(
    shipped_limits(), roles=(), reveals_hour=3, device_reveals_hour=4, sealed_hour=9
)
TURN = int(datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp()) * 1_000_000
"""The end of a quarter in China's time zone."""


class Scene:
    """A ledger with a clock, and keyd's counts."""

    def __init__(self, folder: Path) -> None:
        self.now = TURN - 600_000_000
        keys = LedgerKeys(secret=bytes(32), prefix="ledger.test/wg")
        self.ledger = Ledger.open(
            LocalStorage(folder), keys, lambda: self.now, config=LedgerConfig(checkpoint_s=3600)
        )
        self.restart()

    def restart(self) -> None:
        """Reset the counts to the content of the ledger."""
        self.usage = Usage(self.ledger, lambda _tenant: LIMITS, lambda: self.now / 1e6)

    def write(self, kind: EntryKind, who: str = GRANT.holder, device: str = "", **detail: Any) -> None:
        fields = {EntryKind.REVEAL: FieldClass.PHONE, EntryKind.ACCOUNT: FieldClass.STAFF}
        field = fields.get(kind, FieldClass.CONTACT)
        entry = Entry(
            time_us=self.now, kind=kind, tenant=TENANT, actor=who, workstation=device, field_class=field, detail=detail
        )  # fmt: skip
        self.ledger.append([entry])

    def search(self, who: str, field: FieldClass, times: int, **detail: Any) -> None:
        self.usage.search(TENANT, who, times)
        entry = Entry(
            time_us=self.now, kind=EntryKind.SEARCH, tenant=TENANT, actor=who, field_class=field, detail=detail
        )  # fmt: skip
        self.ledger.append([entry] * (1 if detail else times))

    def look(self, grant: Grant = GRANT, device: str = "") -> None:
        self.usage.reveal(grant, device)
        self.write(EntryKind.REVEAL, grant.holder, device)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "ledger")
    yield made
    made.ledger.close()


def test_a_busy_ledger_lifts_no_limit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        scene.look()
    scene.restart()

    def busy(_name: str) -> None:
        raise LedgerBusyError(zh="忙", en="busy")

    with monkeypatch.context() as patch:
        patch.setattr(scene.ledger, "checkpoint", busy)
        with pytest.raises(LedgerBusyError):
            scene.look()
    with pytest.raises(LimitReachedError):
        scene.look()


@pytest.mark.parametrize("restarted", [False, True])
def test_what_was_opened_counts_over_the_turn_of_a_quarter(scene: Scene, *, restarted: bool) -> None:
    scene.look()
    scene.look()
    scene.now = TURN + 60_000_000
    scene.look()
    assert len(scene.ledger.shards_of(TENANT)) == 2
    if restarted:
        scene.restart()
    with pytest.raises(LimitReachedError):
        scene.look()
    scene.now = TURN + 3_600_000_000
    scene.look()


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("later", [0, 660_000_000])
def test_what_was_opened_at_a_device_counts_whoever_sits_at_it(
    scene: Scene, later: int, *, restarted: bool
) -> None:
    for grant in (GRANT, COLLEAGUE):
        for _ in range(2):
            scene.look(grant, "packing-1")
    scene.now += later  # into the next quarter
    if restarted:
        scene.restart()
    with pytest.raises(LimitReachedError, match="this device"):
        scene.look(COLLEAGUE, "packing-1")
    scene.look(COLLEAGUE, "packing-2")
    scene.look(GRANT)


def _drop_keys(scene: Scene, name: str) -> None:
    scene.ledger.shard(name).store.drop_day_keys(1 << 30)


def _damage_records(scene: Scene, name: str) -> None:
    store: Any = scene.ledger.shard(name).store
    for frame in store.frames():
        with store.segment_path(0).open("r+b") as file:
            file.seek(frame.end - len(frame.private))
            file.write(b"\xff" * len(frame.private))


@pytest.mark.parametrize("lose", [_drop_keys, _damage_records])
def test_words_that_are_gone_count_as_one_and_stop_nobody(
    scene: Scene, lose: Callable[[Scene, str], None]
) -> None:
    scene.look()
    for rows in (4, 4):
        scene.write(EntryKind.KEY, change="sealed", orders=rows)
    (name,) = scene.ledger.shards_of(TENANT)
    scene.restart()
    assert scene.usage.sealed_lately(TENANT) == 8
    lose(scene, name)
    scene.restart()
    assert scene.usage.sealed_lately(TENANT) == 2
    scene.usage.reveal(GRANT)
    scene.usage.reveal(GRANT)
    with pytest.raises(LimitReachedError):
        scene.usage.reveal(GRANT)


def test_tries_and_jobs_whose_words_are_gone_count_as_one_each(scene: Scene) -> None:
    for _ in range(TRIES - 1):
        scene.write(EntryKind.ACCOUNT, change="factor_refused")
    for _ in range(3):
        scene.write(EntryKind.EXPORT, export=1)
    _drop_keys(scene, scene.ledger.shards_of(TENANT)[0])
    ops: Any = SimpleNamespace(ledger=scene.ledger, now_us=lambda: scene.now)
    tries = Tries(ops)
    tries.count(TENANT, "u8")
    tries.count(TENANT, GRANT.holder)
    with pytest.raises(FactorRefusedError, match="too many"):
        tries.count(TENANT, GRANT.holder)
    room = msgspec.structs.replace(GRANT, limit=200)
    jobs = Jobs(ops)
    jobs.charge(room, EntryKind.EXPORT, FieldClass.CONTACT, {"export": 1}, 397)
    with pytest.raises(LimitReachedError):
        jobs.charge(room, EntryKind.EXPORT, FieldClass.CONTACT, {"export": 1}, 1)


def test_a_file_that_ends_too_early_is_not_counted_in_part(scene: Scene) -> None:
    scene.look()
    scene.look()
    (name,) = scene.ledger.shards_of(TENANT)
    scene.ledger.checkpoint(name)
    store: Any = scene.ledger.shard(name).store
    file = store.segment_path(0)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    scene.restart()
    for _ in range(2):
        with pytest.raises(LedgerError, match="damaged"):
            scene.usage.reveal(GRANT)
    file.write_bytes(whole)
    assert scene.usage.sealed_lately(TENANT) == 0


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("later", [0, 660_000_000])
def test_searches_of_a_day_count_over_a_restart_and_the_turn_of_a_quarter(
    scene: Scene, later: int, *, restarted: bool
) -> None:
    times = SEARCHES_A_MINUTE
    fields = (FieldClass.PHONE, FieldClass.NAME, FieldClass.ADDRESS, FieldClass.CONTACT)
    for n in range(SEARCHES_A_DAY // times - 1):
        scene.search("u7", fields[n % 4], times)
        scene.now += 61_000_000
    scene.search(
        "u7", FieldClass.MASKED, times, references=times
    )  # references of prints, recorded with orders
    scene.now += later + 61_000_000
    if restarted:
        scene.restart()
    with pytest.raises(TooManySearchesError, match="left today"):
        scene.usage.search(TENANT, "u7", 1)
    scene.usage.search(TENANT, "u8", 1)
    scene.now += 86_400_000_000
    scene.usage.search(TENANT, "u7", 1)


@pytest.mark.parametrize("restarted", [False, True])
def test_searches_of_a_minute_count_over_a_restart_for_one_and_for_all(
    scene: Scene, *, restarted: bool
) -> None:
    for n in range(SEARCHES_A_MINUTE_IN_ALL // SEARCHES_A_MINUTE):
        scene.search(f"u{n}", FieldClass.PHONE, SEARCHES_A_MINUTE)
    if restarted:
        scene.restart()
    for who in ("u0", "another"):
        with pytest.raises(TooManySearchesError, match="within a minute"):
            scene.usage.search(TENANT, who, 1)
    scene.now += 61_000_000
    scene.usage.search(TENANT, "another", 1)


def test_numbers_of_orders_and_waybills_count_as_no_search_for_a_person(scene: Scene) -> None:
    for field in (FieldClass.ORDER_NO, FieldClass.WAYBILL_NO):
        entry = Entry(
            time_us=scene.now, kind=EntryKind.SEARCH, tenant=TENANT, actor="u7", field_class=field
        )  # fmt: skip
        scene.ledger.append([entry] * SEARCHES_A_MINUTE)
    scene.restart()
    scene.usage.search(TENANT, "u7", SEARCHES_A_MINUTE)


@pytest.mark.parametrize("restarted", [False, True])
def test_records_sealed_to_recipients_count_over_a_restart(scene: Scene, *, restarted: bool) -> None:
    for _ in range(3):
        assert scene.usage.export(TENANT, 1, 3)
        scene.write(EntryKind.EXPORT, export=1)
    if restarted:
        scene.restart()
    assert not scene.usage.export(TENANT, 1, 3)
    scene.now += 3_601_000_000
    assert scene.usage.export(TENANT, 1, 3)


def test_less_than_nothing_makes_no_room(scene: Scene) -> None:
    assert scene.usage.within_limit(TENANT, "shred", 10, 10)
    assert not scene.usage.within_limit(TENANT, "shred", -(10**12), 9)
    entry = Entry(
        time_us=scene.now, kind=EntryKind.KEY, tenant=TENANT, field_class=FieldClass.CONTACT,
        detail={"change": "sealed", "orders": -(10**12)},
    )  # fmt: skip
    scene.ledger.append([entry])
    scene.restart()
    assert scene.usage.sealed_lately(TENANT) == 0


def test_names_that_are_made_up_are_not_kept(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "_MOST_COUNTED", 100)
    scene.usage.search(TENANT, "u7", SEARCHES_A_MINUTE)
    for n in range(1_000):
        with pytest.raises(TooManySearchesError):
            scene.usage.search(TENANT, f"invented{n}", SEARCHES_A_MINUTE + 1)
    assert len(scene.usage._counts) <= 101
    with pytest.raises(TooManySearchesError):
        scene.usage.search(TENANT, "u7", 1)
