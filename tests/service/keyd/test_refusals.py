"""keyd records refusals as unverified claims, and fast callers cannot fill the disk with them."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault
from support.keyd_inside import refusals as written

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.refusals import A_MINUTE


@pytest.fixture
def vault(tmp_path: Any) -> Iterator[Vault]:
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    made.orders = made.seal(1)  # type: ignore[attr-defined]
    yield made
    made.keyd.ledger.close()


def refused(vault: Vault, actor: str, grant: bytes = b"", tenant: str = TENANT) -> None:
    context = messages.Context(tenant, actor, purpose="after_sales", grant=grant)
    order = vault.orders[0]  # type: ignore[attr-defined]
    with pytest.raises(RequestRefusedError):
        vault.ask(messages.Reveal(context, *order, "phone", ["p"], "1"))


def test_a_refusal_names_what_was_asked_why_and_who_was_claimed_and_blames_nobody(vault: Vault) -> None:
    refused(vault, "u7")
    ((actor, detail),) = written(vault)
    assert (actor, detail["asked"], detail["reason"], detail["claimed"]) == (
        "service", "Reveal", "not_granted", "u7",
    )  # fmt: skip


def test_a_grant_of_another_warehouse_is_refused_by_name_and_on_record(vault: Vault) -> None:
    refused(vault, FOUNDER, vault.desk.session("elsewhere", FOUNDER))
    ((_, detail),) = written(vault)
    assert "another warehouse" in detail["why"]


def test_a_clock_set_back_is_refused_by_name_and_on_record(vault: Vault) -> None:
    grant = vault.desk.session(TENANT, FOUNDER)
    vault.wait(-7_200)
    refused(vault, FOUNDER, grant)
    assert any("clock was set back" in detail["why"] for _, detail in written(vault))


def test_a_clock_a_year_ahead_is_refused_by_name_and_on_record(vault: Vault) -> None:
    grant = vault.desk.session(TENANT, FOUNDER)
    vault.wait(366 * 86_400)
    refused(vault, FOUNDER, grant)
    assert any("ended" in detail["why"] for _, detail in written(vault))


def test_the_same_refusal_stands_once_a_minute_and_all_together_are_bounded(vault: Vault) -> None:
    for _ in range(20):
        refused(vault, "u7")
    assert len(written(vault)) == 1
    for n in range(2 * A_MINUTE):
        refused(vault, f"u{100 + n}")
    assert len(written(vault)) == A_MINUTE
    vault.wait(61)
    refused(vault, "u7")
    assert len(written(vault)) == A_MINUTE + 1


def test_a_made_up_warehouse_gets_no_ledger_by_being_refused(vault: Vault) -> None:
    refused(vault, "u7", tenant="made-up")
    assert vault.keyd.ledger.shards_of("made-up") == []


def test_sealing_beyond_the_limit_is_on_record_and_counted_after_a_restart(vault: Vault) -> None:
    vault.keyd.limits = msgspec.structs.replace(vault.keyd.limits, sealed_hour=10)
    vault.seal(9)
    limits = vault.keyd.limits
    vault.restart()
    vault.keyd.limits = limits
    with pytest.raises(RequestRefusedError, match="no import needs"):
        vault.seal(1)
    assert any(detail["asked"] == "SealBatch" for _, detail in written(vault))
    assert vault.ask(messages.SealedRows(TENANT)).rows == 10
