"""A key process inside the test with a controllable clock, and a warehouse with two established owners."""

import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from support.grants import Desk
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import EntryKind, Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.person import words_of
from waybillguard.ledger.view import ShardView
from waybillguard.seal import Contact, SealInput
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.keyd.people import People

TENANT = "here"
NOON_US = 1_780_000_000_000_000 // 86_400_000_000 * 86_400_000_000 + 12 * 3_600_000_000
"""Twelve o'clock UTC of a day in 2026."""


class Vault:
    """keyd with a controllable clock; `restart` restarts it on the same folder and root key."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now_us = folder, NOON_US
        self._root = secrets.token_bytes(32)
        self.restart()
        self.desk = Desk(self.ask, lambda: self.now_us, self.keyd.people, self.wait)

    def restart(self) -> None:
        if hasattr(self, "keyd"):
            self.keyd.ledger.close()
        holder = FileHolder(RootKey(self._root))
        keys = LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER)))
        ledger = Ledger.open(LocalStorage(self.folder / "ledger"), keys, clock=lambda: self.now_us)
        people = People(holder, self.folder / "people.sealed")
        self.keyd = Operations(holder, ledger, lambda: self.now_us, people=people)

    def ask(self, request: messages.Request) -> Any:
        return self.keyd.handle(request)

    def wait(self, seconds: float) -> None:
        self.now_us += int(seconds * 1_000_000)

    def seal(self, count: int, shop: str = "某店") -> list[tuple[messages.WrappedEpoch, messages.SealedRef]]:
        """Seal orders of invented persons, bought in one shop."""
        day = 20_000
        epoch = self.ask(messages.NewEpoch(TENANT, 1, day))
        rows = [
            SealInput(
                order_uid=secrets.token_bytes(16), contact=Contact(f"测试{n}", f"199{n:08}", detail=f"不存在路{n}号"),
                shop=shop, day=day, order_no=f"R{n}",
            )
            for n in range(count)
        ]  # fmt: skip
        sealed = self.ask(messages.SealBatch(TENANT, [epoch], rows)).rows
        return [
            (epoch, messages.SealedRef(row.order_uid, 1, one.salt, one.blob, "", "", "", day, shop))
            for row, one in zip(rows, sealed, strict=True)
        ]

    def look(self, order: tuple[messages.WrappedEpoch, messages.SealedRef], actor: str, grant: bytes) -> str:
        """Request a phone number as a given person."""
        context = messages.Context(TENANT, actor, purpose="after_sales", grant=grant)
        shown: messages.Revealed = self.ask(messages.Reveal(context, *order, "phone", ["p"], "1"))
        return shown.phone


def entries(vault: Vault, kind: EntryKind, tenant: str = TENANT) -> list[tuple[str, dict[str, Any]]]:
    """Return actor and detail of every entry of a kind."""
    ledger, found = vault.keyd.ledger, []
    for shard in ledger.shards_of(tenant):
        ledger.checkpoint(shard)
        view = ShardView(ledger.shard(shard).store)
        for index in range(view.size):
            leaf = decode_leaf(view.leaf(index))
            if isinstance(leaf, Leaf) and leaf.kind == kind:
                words = words_of(ledger, shard, index)
                found.append((str(words["actor"]), words["detail"]))
    return found


def refusals(vault: Vault) -> list[tuple[str, dict[str, Any]]]:
    """Return actor and detail of every refusal in the ledger."""
    return entries(vault, EntryKind.RESPONSE)


def scene(folder: Path) -> SimpleNamespace:
    """Return a vault with three sealed orders."""
    vault = Vault(folder)
    return SimpleNamespace(vault=vault, orders=vault.seal(3), desk=vault.desk)
