"""Names in requests: a tenant must be a slug and a name short; anything else is refused before anything is done."""

import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault

from waybillguard.service.keyd import (
    destroying,
    enrolling,
    mandates,
    messages,
    passkeys,
    plans,
    shops,
)
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.files import WAITING
from waybillguard.service.keyd.gate import MAX_NAME

LONG = "x" * (MAX_NAME + 1)
HERE = messages.Context(TENANT, FOUNDER)


@pytest.mark.parametrize("kind", sorted(WAITING))
def test_a_waiting_upload_opens_for_no_made_up_warehouse(kind: str, vault: Vault) -> None:
    """Regression: the key of an import of "here" opened for "here/waiting/import", and was recorded in that ledger."""
    wrapped = vault.ask(messages.NewDataKey(TENANT, kind)).wrapped
    before = vault.keyd.ledger.shards()
    thief = messages.Context(f"{TENANT}/waiting/{kind}", "nobody")
    with pytest.raises(RequestRefusedError, match="letters, digits"):
        vault.ask(messages.OpenDataKey(thief, wrapped, "scans"))
    assert vault.keyd.ledger.shards() == before


@pytest.mark.parametrize("tenant", ["a/b", "a b", "仓库", ":backup", "here\n", "x" * 41, "x" * 2_000_000])
def test_a_tenant_that_is_no_slug_is_refused_wherever_it_stands(tenant: str, vault: Vault) -> None:
    for request in (
        messages.Record(messages.Context(tenant, "u1"), "account", {}), enrolling.BeginTotp(tenant, "u1"),
        messages.WrapText(tenant, "words"), plans.ListPlans(tenant), destroying.MarkImport(tenant, "1"),
    ):  # fmt: skip
        with pytest.raises(RequestRefusedError, match="letters, digits"):
            vault.ask(request)


@pytest.mark.parametrize("tenant", ["", "main", "HZ_01-b", "x" * 40])
def test_a_slug_is_taken(tenant: str, vault: Vault) -> None:
    assert vault.ask(plans.ListPlans(tenant)).plans == []


def test_power_is_taken_from_nobody_without_an_entry(vault: Vault) -> None:
    """Regression: a suspension from a workstation name of 61,000 letters took effect without room in the ledger."""
    asked = enrolling.Suspend(messages.Context(TENANT, "u1", "x" * 61_000), FOUNDER)
    with pytest.raises(RequestRefusedError, match="128 characters"):
        vault.ask(asked)
    person = vault.keyd.people.find(TENANT, FOUNDER)
    assert person is not None
    assert not person.suspended


@pytest.mark.parametrize(
    "request_",
    [
        enrolling.Suspend(HERE, "x" * 2_000_000),
        passkeys.OpenByPasskey(messages.Context(TENANT, LONG), "example.org", b""),
        messages.Tokens(messages.Context(TENANT, FOUNDER, session=LONG), []),
        messages.Tokens(messages.Context(TENANT, FOUNDER, purpose=LONG), []),
        enrolling.ExpectPerson(HERE, "u2", "clerk", also=("u3", LONG)),
        shops.SetMerchants(HERE, (shops.MerchantShops(1, (LONG,), ()),)),
        shops.SetMerchants(HERE, (shops.MerchantShops(1, (), (LONG,)),)),
        mandates.Propose(HERE, messages.Job("export", LONG, "1"), 1),
        messages.Shred(HERE, messages.ShredScope("orders"), 0, job=messages.Job("undo", "", LONG)),
        destroying.MarkImport(TENANT, LONG),
    ],
    ids=lambda request: type(request).__name__,
)
def test_a_long_name_is_refused_wherever_it_stands(request_: messages.Request, vault: Vault) -> None:
    with pytest.raises(RequestRefusedError, match="128 characters"):
        vault.ask(request_)
    assert vault.keyd.people.find(TENANT, "x" * 2_000_000) is None


def test_a_text_is_no_name(vault: Vault) -> None:
    assert vault.ask(messages.WrapText(TENANT, "x" * 300)).wrapped
