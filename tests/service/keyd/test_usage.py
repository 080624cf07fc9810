"""What keyd counts of the last day comes from the ledger whole; an error lifts no limit and locks nobody out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, LedgerConfig, LedgerKeys, LocalStorage
from waybillguard.ledger.errors import LedgerBusyError, LedgerError
from waybillguard.service.keyd.errors import FactorRefusedError, LimitReachedError
from waybillguard.service.keyd.grants import Grant, Kind
from waybillguard.service.keyd.limits import shipped_limits
from waybillguard.service.keyd.mandates import Jobs
from waybillguard.service.keyd.signing_in import TRIES, Tries
from waybillguard.service.keyd.usage import Usage

TENANT = "hz-01"
GRANT = Grant(Kind.SESSION, bytes(16), TENANT, "u7", 0, 1 << 60)
COLLEAGUE = msgspec.structs.replace(GRANT, holder="u8")
LIMITS = msgspec.structs.replace(
    shipped_limits(), roles=(), reveals_hour=3, device_reveals_hour=4, sealed_hour=9
)
TURN = int(datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp()) * 1_000_000
"""When a quarter ends in China."""


class Scene:
    """A ledger with a clock, and what keyd counts beside it."""

    def __init__(self, folder: Path) -> None:
        self.now = TURN - 600_000_000
        keys = LedgerKeys(secret=bytes(32), prefix="ledger.test/wg")
        self.ledger = Ledger.open(
            LocalStorage(folder), keys, lambda: self.now, config=LedgerConfig(checkpoint_s=3600)
        )
        self.restart()

    def restart(self) -> None:
        """Have nothing counted but what stands in the ledger."""
        self.usage = Usage(self.ledger, lambda _tenant: LIMITS, lambda: self.now / 1e6)

    def write(self, kind: EntryKind, who: str = GRANT.holder, device: str = "", **detail: Any) -> None:
        field = FieldClass.PHONE if kind == EntryKind.REVEAL else FieldClass.CONTACT
        entry = Entry(
            time_us=self.now, kind=kind, tenant=TENANT, actor=who, workstation=device, field_class=field, detail=detail
        )  # fmt: skip
        self.ledger.append([entry])

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
