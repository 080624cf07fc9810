"""Work under a mandate is counted completely: with concurrent callers too, and never downwards."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.keyd_inside import TENANT, Vault

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import LimitReachedError
from waybillguard.service.keyd.grants import Kind

ABOUT: dict[str, str | int] = {"job": "undo", "number": "8"}


@pytest.fixture
def vault(tmp_path: Any) -> Iterator[Vault]:
    made = Vault(tmp_path)
    yield made
    made.keyd.ledger.close()


def charging(vault: Vault, limit: int) -> Callable[[int], None]:
    """Return the counter of orders under one mandate for this number."""
    mandate, _ = vault.keyd.grants.make(Kind.MANDATE, TENANT, "u1", 600, limit=limit)
    return lambda records: vault.keyd.jobs.charge(
        mandate, EntryKind.SHRED, FieldClass.CONTACT, ABOUT, records
    )


def test_who_is_counted_while_the_ledger_is_read_stays_counted(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: concurrent callers each restarted the count: 4,800 records under a mandate for 200."""
    charge = charging(vault, 200)
    others: list[threading.Thread] = []

    def slowly(*_: Any) -> int:
        if not others:  # the first call: another comes before it is done
            others.append(threading.Thread(target=charge, args=(200,)))
            others[0].start()
            others[0].join(0.2)
        return 0

    monkeypatch.setattr(vault.keyd.jobs, "_in_ledger", slowly)
    charge(200)
    others[0].join()
    with pytest.raises(LimitReachedError):
        charge(1)


def test_less_than_nothing_lowers_no_count(vault: Vault) -> None:
    less = vault.keyd.entry(
        messages.Context(TENANT, "import"), EntryKind.SHRED, FieldClass.CONTACT,
        detail={**ABOUT, "orders": -1_000},
    )  # fmt: skip
    vault.keyd.write([less])
    charge = charging(vault, 0)
    for records in (-1_000, 0):
        charge(records)
    with pytest.raises(LimitReachedError):
        charge(1)
