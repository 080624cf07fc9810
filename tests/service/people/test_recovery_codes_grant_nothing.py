"""A hijacked web process may make and use recovery codes, but keyd does not accept them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from support.grants import FOUNDER
from support.keyd_inside import Vault, entries

from waybillguard.ledger import EntryKind
from waybillguard.service.identity.accounts import factors
from waybillguard.service.keyd import (
    contract_ends,
    destroying,
    enrolling,
    mandates,
    messages,
    policy,
    rotation_messages,
    signing_in,
)
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.limits import shipped_limits


def test_recovery_codes_open_no_record_and_give_no_power(
    warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, owner = Vault(tmp_path), warehouse.owner
    here, name = warehouse.tenant.slug, f"u{owner.pk}"
    vault.desk.enrol(here, FOUNDER)
    vault.desk.enrol(here, name)

    def ask(request: messages.Request, _answer: type) -> Any:
        try:
            return vault.ask(request)
        except RequestRefusedError as error:
            raise RefusedError(zh=error.zh, en=error.en, reason=error.code) from None

    monkeypatch.setattr(factors, "ask", ask)
    day = vault.now_us // 86_400_000_000
    epoch = vault.ask(messages.NewEpoch(here, 1, day))
    order = messages.SealedRef(bytes(16), 1, bytes(16), bytes(200), "", "", "", day, "")
    before = len(entries(vault, EntryKind.ACCOUNT, here))
    Authenticator.objects.filter(user=owner).delete()
    made = RecoveryCodes.activate(owner)
    codes = made.get_unused_codes()
    assert len(codes) > 1
    opened, gained = 0, 0
    for code in codes:
        found = factors.confirm(owner, code)
        assert found is not None, "the web takes it"
        assert found[1] == b"", "and keyd has granted nothing for it"
        for grant in (b"", code.encode(), code.encode() * 20):
            context = messages.Context(here, name, purpose="after_sales", grant=grant)
            for power in powers(context, epoch, order, code):
                try:
                    vault.ask(power)
                except RequestRefusedError:
                    vault.wait(61)  # refusals of one kind stand once a minute
                else:
                    opened += isinstance(power, messages.Reveal)
                    gained += 1
    assert (opened, gained) == (0, 0)
    assert entries(vault, EntryKind.REVEAL, here) == entries(vault, EntryKind.EXPORT, here) == []
    assert not vault.keyd.shredded.lines
    changed = [detail["change"] for _, detail in entries(vault, EntryKind.ACCOUNT, here)][before:]
    assert set(changed) == {"factor_refused"}, "what it tried as a code of keyd's stands in the ledger"
    assert factors.confirm(owner, codes[0]) is None, "and once is all, even for the web"
    vault.keyd.ledger.close()


def powers(
    context: messages.Context, epoch: messages.WrappedEpoch, order: messages.SealedRef, code: str
) -> list[messages.Request]:
    """Return one request for each kind of permission."""
    phone = messages.TokenQuery("phone", "19900000000", [epoch.day], [])
    return [
        messages.Reveal(context, epoch, order, "phone", ["p"], "1"),
        messages.Tokens(context, [phone]),
        messages.MatchFragments(context, [phone], [epoch], [order]),
        signing_in.OpenSession(messages.Context(context.tenant, context.actor), code),
        enrolling.ExpectPerson(context, "u66", "owner", new=True),
        mandates.GrantMachine(context, "key-66", 366),
        mandates.Propose(context, mandates.export_job(66, "to himself"), 1),
        policy.SetLimits(context, shipped_limits()),
        destroying.PlanDestruction(context, "1", 10**9, epoch.day - 30),
        contract_ends.AllowEnd(context, "1", 100, []),
        messages.Shred(context, messages.ShredScope("tenant"), 1),
        rotation_messages.NewIndexRoot(context, 2),
    ]
