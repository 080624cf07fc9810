"""After a rollover, every wrapped key of the database is under the new root key, wherever the work was interrupted."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django_scopes import scope
from support.loading import beside

from waybillguard.keys import RootKey, holders, rollover
from waybillguard.keys.errors import UnwrapError
from waybillguard.keys.hierarchy import FileHolder
from waybillguard.keys.rollover import RolledHolder
from waybillguard.service.identity.context import context_of
from waybillguard.service.keyd import rolling
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.operations import key_renewal
from waybillguard.service.platform.config import Config
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault import rotation
from waybillguard.service.vault.models import Batch, Epoch
from waybillguard.service.vault.search import search_orders

SECRET = "an invented passphrase"


class PowerCutError(Exception):
    """Simulates a power cut before a row."""


@pytest.fixture
def made(warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A warehouse with orders under two key generations and a waiting upload; its root key is then replaced."""
    sealing = beside("sealing")
    first = sealing.operations(tmp_path / "ledger")
    monkeypatch.setattr(KeydClient, "call", sealing.caller(first, []))
    with scope(tenant=warehouse.tenant):
        warehouse.orders = sealing.seal_orders(warehouse.owner, 3)
        began = rotation.start_rotation(warehouse.owner)
        while not rotation.work(began):
            began.refresh_from_db()
        writer = SpoolWriter(warehouse.tenant, "import")
        writer.write(b"waits")
        writer.finish()
        Batch.objects.filter(pk=warehouse.orders[0].batch_id).update(
            spool_name=writer.name, wrapped_key=writer.wrapped_key
        )
        warehouse.old = first.holder
        root = RootKey(secrets.token_bytes(32))
        config = Config(tmp_path / "rolled")
        config.keyd_dir.mkdir(parents=True)
        before = rollover.chained(root, [first.holder], renewing=True)
        holders.hold(config.key_file, root, holders.PASSPHRASE, {}, SECRET, replace=True, before=before)
        holder = RolledHolder(root, before, config.key_file)
        warehouse.config, warehouse.holder = config, holder
        second = Operations(holder, first.ledger, shredded=first.shredded, people=first.people)
        warehouse.asked = []
        monkeypatch.setattr(KeydClient, "call", sealing.caller(second, warehouse.asked))
        warehouse.context = context_of(warehouse.owner, workstation="console", purpose="shell")
        yield warehouse
    first.ledger.close()


def opened_by(holder: FileHolder) -> int:
    """Return how many wrapped keys of the database this root key opens by itself."""
    return sum(any(opens(holder, one.wrapped, context) for context in one.contexts) for one in held())


def opens(holder: FileHolder, wrapped: bytes, context: bytes) -> bool:
    try:
        FileHolder.unwrap(holder, wrapped, context)
    except UnwrapError:
        return False
    return True


def held() -> list[Any]:
    return list(key_renewal._held(Config(Path("/nowhere"))))


def renew(made: Any) -> key_renewal.Summary:
    return key_renewal.renew_all(made.config, keyd(), made.context)


def test_a_power_cut_before_any_row_loses_nothing_and_the_next_call_goes_on(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = opened_by(made.old)
    assert every >= 3, "a day key, an index root, an upload that waits"
    cuts, left = 0, 1
    row = key_renewal._row

    def cut(*about: Any) -> Any:
        whole = row(*about)

        def replace(wrapped: bytes) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise PowerCutError
            whole.replace(wrapped)

        return msgspec.structs.replace(whole, replace=replace)

    monkeypatch.setattr(key_renewal, "_row", cut)
    while True:
        left = 0 if cuts % 2 else 1  # one row is written; none at the next start
        try:
            renew(made)
        except PowerCutError:
            cuts += 1
            assert made.holder.renewing, "what is left still opens"
            assert search_orders(made.owner, "phone", "19900000001").orders
        else:
            break
    assert cuts > 3
    assert (opened_by(made.old), opened_by(made.holder)) == (0, every), "the thief's root key opens nothing"
    assert not rollover.is_renewing(made.config.key_file)
    assert not made.holder.renewing
    assert search_orders(made.owner, "phone", "19900000001").orders


def test_what_opens_under_no_root_key_is_counted_and_left(made: Any) -> None:
    row = Epoch.objects.first()
    assert row is not None
    Epoch.objects.filter(pk=row.pk).update(wrapped=b"\x01" * 40)
    unopened = len(held()) - opened_by(made.old)
    done = renew(made)
    assert (done.unopened, done.renewed) == (unopened, len(held()) - unopened)
    row.refresh_from_db()
    assert bytes(row.wrapped) == b"\x01" * 40


def test_the_earlier_root_key_is_closed_last(made: Any) -> None:
    renew(made)
    asked = [type(one) for one in made.asked if type(one).__module__ == rolling.__name__]
    assert asked == [rolling.RenewWrapped, rolling.RenewWrapped, rolling.EndRenewal], (
        "a second pass found nothing"
    )
