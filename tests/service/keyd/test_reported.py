"""Events reported by other processes are recorded, and change none of keyd's counts."""

from typing import Any

import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault

from waybillguard.ledger import FieldClass, Purpose
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.view import ShardView
from waybillguard.service.keyd import destroying, messages, signing_in
from waybillguard.service.keyd.errors import FactorRefusedError, NotGrantedError
from waybillguard.service.keyd.limits import shipped_limits
from waybillguard.service.keyd.reportable import REPORTABLE

WEB = messages.Context(TENANT, FOUNDER)


def wrong(vault: Vault) -> None:
    vault.ask(signing_in.OpenSession(WEB, "000000"))


@pytest.mark.parametrize("purpose", ["", "print_label", "maintenance", "STAFF"])
@pytest.mark.parametrize("kind", sorted(REPORTABLE))
def test_no_report_looks_like_an_entry_of_keyd_itself(vault: Vault, kind: str, purpose: str) -> None:
    context = messages.Context(TENANT, FOUNDER, purpose=purpose)
    detail: dict[str, str | int] = {"change": "step_up", "field_class": 11, "purpose": 14}
    at = vault.ask(messages.Record(context, kind, detail)).index
    ledger = vault.keyd.ledger
    (name,) = ledger.shards_of(TENANT)
    ledger.checkpoint(name)
    leaf = decode_leaf(ShardView(ledger.shard(name).store).leaf(at))
    assert isinstance(leaf, Leaf)
    assert leaf.field_class in {FieldClass.NONE, FieldClass.MASKED}
    assert leaf.purpose != Purpose.MAINTENANCE


@pytest.mark.parametrize("change", ["step_up", "session_granted"])
def test_a_reported_sign_in_gives_no_further_tries_after_a_restart(vault: Vault, change: str) -> None:
    for _ in range(signing_in.TRIES):
        with pytest.raises(FactorRefusedError, match="is wrong"):
            wrong(vault)
    vault.ask(messages.Record(WEB, "account", {"change": change}))
    vault.restart()
    with pytest.raises(FactorRefusedError, match="too many"):
        wrong(vault)


def test_reported_wrong_codes_lock_nobody_out_after_a_restart(vault: Vault) -> None:
    for _ in range(signing_in.TRIES):
        vault.ask(messages.Record(WEB, "account", {"change": "factor_refused"}))
    vault.restart()
    assert vault.desk.session(TENANT, FOUNDER)


def test_a_right_code_clears_the_tries_after_a_restart_as_before(vault: Vault) -> None:
    for _ in range(signing_in.TRIES - 1):
        with pytest.raises(FactorRefusedError, match="is wrong"):
            wrong(vault)
    vault.desk.session(TENANT, FOUNDER)
    vault.restart()
    for _ in range(signing_in.TRIES):
        with pytest.raises(FactorRefusedError, match="is wrong"):
            wrong(vault)


@pytest.mark.parametrize("orders", [-(10**12), 10**12])
def test_a_reported_undo_neither_gives_room_nor_takes_it(vault: Vault, orders: int) -> None:
    most = shipped_limits().sealed_day
    undoing: Any = destroying.AllowUndoing(messages.Context(TENANT, "service"), "1", most)
    assert vault.ask(undoing).grant
    vault.ask(
        messages.Record(WEB, "policy", {"change": "destruction_allowed", "job": "undo", "orders": orders})
    )
    vault.restart()
    assert vault.keyd.usage.within_limit(TENANT, "undo", 0, most)
    with pytest.raises(NotGrantedError):
        vault.ask(destroying.AllowUndoing(messages.Context(TENANT, "service"), "2", 1))
