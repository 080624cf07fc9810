"""Fixtures: a ledger on local files with a clock controlled by the test; all persons are invented."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from waybillguard.ledger import (
    Entry,
    EntryKind,
    FieldClass,
    Ledger,
    LedgerConfig,
    LedgerKeys,
    LocalStorage,
    Purpose,
)
from waybillguard.ledger.note import parse_vkey
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.view import ShardView

START = 1_795_000_000_000_000
DAY = 86_400 * 1_000_000
SHARD = "hz-01-2026q4"


class Clock:
    """A clock that changes only when the test sets it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys() -> LedgerKeys:
    return LedgerKeys(secret=bytes(range(32)), prefix="ledger.test/wg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


@pytest.fixture
def start(folder: Path, keys: LedgerKeys, clock: Clock) -> Callable[..., Ledger]:
    """Open the ledger; keyword arguments replace the folder, the keys or the storage."""

    def opener(**changed: Any) -> Ledger:
        storage = changed.pop("storage", None) or LocalStorage(changed.pop("folder", folder))
        config = LedgerConfig(checkpoint_s=3600, timeout_s=20)
        return Ledger.open(storage, changed.pop("keys", keys), clock, config=config, **changed)

    return opener


@pytest.fixture
def look() -> Callable[..., Entry]:
    """Return a function that builds a look at a record (by number)."""

    def maker(record: int | None = 1, **changed: Any) -> Entry:
        values: dict[str, Any] = {
            "time_us": START,
            "kind": EntryKind.REVEAL,
            "tenant": "hz-01",
            "actor": "clerk-7",
            "workstation": "ws-1",
            "field_class": FieldClass.PHONE,
            "purpose": Purpose.COMPLAINT,
            "record": None if record is None else record.to_bytes(16, "big"),
        }
        return Entry(**(values | changed))

    return maker


@pytest.fixture
def view(folder: Path) -> Iterator[Callable[..., ShardView]]:
    """Open the shard read-only."""
    stores = []

    def opener(name: str = SHARD, **more: Any) -> ShardView:
        store = LocalStorage(folder).shard(name, read_only=True)
        stores.append(store)
        return ShardView(store, **more)

    yield opener
    for store in stores:
        store.close()


@pytest.fixture
def policy(folder: Path, keys: LedgerKeys, clock: Clock, tmp_path: Path) -> Policy:  # noqa: ARG001
    """A policy that trusts only the test log, without witnesses."""
    with closing(Ledger.open(LocalStorage(tmp_path / "other"), keys, clock)) as ledger:
        ledger.append([Entry(time_us=START, kind=EntryKind.SIGN_IN, tenant="hz-01")])
        vkeys = ledger.verifiers(SHARD)
    return Policy(tuple(parse_vkey(v) for v in vkeys), {}, {}, "none")
