"""Bad input to keyd: each kind is refused with its own error, recorded in the ledger, and opens nothing."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault, entries, refusals

from waybillguard.ledger import EntryKind
from waybillguard.seal.exportfile import ExportHead, head_bytes
from waybillguard.seal.exportkey import fingerprint, new_export_key
from waybillguard.service.keyd import export_messages, mandates, messages, policy, signing_in
from waybillguard.service.keyd.errors import FactorRefusedError, LimitReachedError, NotGrantedError
from waybillguard.service.keyd.limits import shipped_limits

YEAR_S = 366 * 86_400


@pytest.fixture
def vault(tmp_path: Any) -> Iterator[Vault]:
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    made.orders = made.seal(12)  # type: ignore[attr-defined]
    yield made
    made.keyd.ledger.close()


def reasons(vault: Vault) -> list[str]:
    return [str(detail.get("why", detail["reason"])) for _, detail in refusals(vault)]


class Exported:
    """A sealed export that two people agreed to, with a maximum number of records."""

    def __init__(self, vault: Vault, records: int) -> None:
        self.vault = vault
        self.public = new_export_key().public_key().public_bytes_raw()
        self.to = fingerprint(self.public)
        self.head = head_bytes(
            ExportHead(warehouse=TENANT, export=1, to=self.to, made_at="2026-06-01T12:00:00Z")
        )
        self.grant = vault.desk.mandate(TENANT, FOUNDER, "u2", mandates.export_job(1, self.to), records)

    def part(self, first: int, last: int, tenant: str = TENANT) -> int:
        """Ask for a part; return how many records are in it."""
        orders = self.vault.orders[first:last]  # type: ignore[attr-defined]
        context = messages.Context(tenant, FOUNDER, purpose="contract_end", grant=self.grant)
        made: export_messages.SealedPart = self.vault.ask(
            export_messages.SealExport(
                context, 1, self.public, self.head, 1, [orders[0][0]],
                [export_messages.ExportOrder(ref, "", "", "") for _, ref in orders], ["p"], "1",
            )
        )  # fmt: skip
        return made.records


def test_a_mandate_past_its_count(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mandates, "_REPEAT_ALLOWANCE", 0)
    export = Exported(vault, 10)
    assert export.part(0, 10) == 10
    with pytest.raises(LimitReachedError, match="10 records"):
        export.part(10, 12)
    vault.restart()
    with pytest.raises(LimitReachedError, match="10 records"):
        export.part(10, 12)
    assert any("10 records" in why for why in reasons(vault))
    assert len(entries(vault, EntryKind.EXPORT)) == 10, "what was refused was not opened"


def test_a_small_mandate_opens_little_more_than_it_is_for(vault: Vault) -> None:
    """Regression: a mandate for one record opened 401, the allowance for a lost part."""
    export = Exported(vault, 1)
    assert [export.part(0, 1), export.part(0, 1)] == [1, 1], "a part whose answer was lost is made again"
    with pytest.raises(LimitReachedError, match="1 records"):
        export.part(1, 2)


def test_a_mandate_of_another_warehouse(vault: Vault) -> None:
    vault.desk.enrol("elsewhere", FOUNDER)
    export = Exported(vault, 10)
    with pytest.raises(NotGrantedError, match="another warehouse"):
        export.part(0, 1, "elsewhere")
    assert any(
        "another warehouse" in detail["why"] for _, detail in entries(vault, EntryKind.RESPONSE, "elsewhere")
    )
    assert entries(vault, EntryKind.EXPORT) == []


@pytest.mark.parametrize(("by", "name"), [(-YEAR_S, "clock was set back"), (YEAR_S, "ended")])
def test_a_clock_a_year_off(by: int, name: str, vault: Vault) -> None:
    """The same holds for a session and for a mandate, and after a restart."""
    session, export = vault.desk.session(TENANT, FOUNDER), Exported(vault, 10)
    vault.wait(by)
    vault.restart()
    for asked in (lambda: vault.look(vault.orders[0], FOUNDER, session), lambda: export.part(0, 1)):  # type: ignore[attr-defined]
        with pytest.raises(NotGrantedError, match=name):
            asked()
    told = refusals(vault)
    assert {detail["asked"] for _, detail in told if name in detail["why"]} == {"Reveal", "SealExport"}
    assert entries(vault, EntryKind.REVEAL) == entries(vault, EntryKind.EXPORT) == []


def test_a_code_replayed_after_a_kill(vault: Vault) -> None:
    asked = signing_in.OpenSession(messages.Context(TENANT, FOUNDER), vault.desk.code(TENANT, FOUNDER))
    vault.ask(asked)
    before = len(entries(vault, EntryKind.ACCOUNT))
    vault.restart()
    with pytest.raises(FactorRefusedError, match="used"):
        vault.ask(asked)
    after = [detail["change"] for _, detail in entries(vault, EntryKind.ACCOUNT)][before:]
    assert after == ["factor_refused"]


def test_wrong_codes_are_counted_through_a_restart(vault: Vault) -> None:
    """Regression: each start, and each reopening of a ledger stopped by a full disk, allowed ten more tries."""
    wrong = signing_in.OpenSession(messages.Context(TENANT, FOUNDER), "not one")
    for _ in range(signing_in.TRIES // 2):
        with pytest.raises(FactorRefusedError, match="wrong"):
            vault.ask(wrong)
    vault.restart()
    for _ in range(signing_in.TRIES // 2):
        with pytest.raises(FactorRefusedError, match="wrong"):
            vault.ask(wrong)
    for again in (lambda: None, vault.restart):
        again()
        for code in ("not one", vault.desk.code(TENANT, FOUNDER)):
            with pytest.raises(FactorRefusedError, match="too many"):
                vault.ask(msgspec.structs.replace(wrong, code=code))
    vault.wait(signing_in.TRIES_S + 1)
    vault.restart()
    right = msgspec.structs.replace(wrong, code=vault.desk.code(TENANT, FOUNDER))
    assert vault.ask(right).grant
    with pytest.raises(FactorRefusedError, match="wrong"):
        vault.ask(wrong)


def test_a_frame_half_sent_and_held_stands_once_a_minute(vault: Vault) -> None:
    for _ in range(5):
        vault.ask(messages.FrameHeld("web"))
    assert [(detail["reason"], detail["claimed"]) for _, detail in refusals(vault)] == [("frame_held", "web")]


def test_limits_signed_by_one_person_twice(vault: Vault) -> None:
    vault.desk.enrol(TENANT, "u2")
    looser = policy.SetLimits(
        messages.Context(TENANT, FOUNDER), msgspec.structs.replace(shipped_limits(), reveals_hour=100)
    )
    assert not vault.ask(vault.desk.confirmed(looser)).signed
    with pytest.raises(NotGrantedError, match="twice"):
        vault.ask(vault.desk.confirmed(looser))
    assert vault.keyd.limits_of(TENANT) == shipped_limits()
    assert any("twice" in why for why in reasons(vault))
