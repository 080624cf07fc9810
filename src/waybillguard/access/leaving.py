"""The offboarding checklist of a leaver: it can be closed only when every account is proved disabled.

There is one item per system and account in the register. Each further system of the register gets one item
without account, to be confirmed as "no account there". A proof is a date, a person, and the hash of a picture or
export; the service stores the picture itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from waybillguard.access.errors import LeavingError
from waybillguard.access.registry import (
    Employment,
    OutsideAccount,
    accounts_of,
    fold,
    fold_name,
    owner_names,
    owner_numbers,
)

RECENT: Final = timedelta(days=31)
"""A person who left within this period gets a checklist even without a listed account."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Proof:
    """Proof that an account is disabled: time (aware), person (never the leaver), SHA-256 of the evidence in hex."""

    at: datetime
    by: str = field(repr=False)
    evidence_sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """One account to be disabled; with an empty account, confirm that the leaver has none in this system."""

    system: str
    account: str = field(repr=False)
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The accounts to be disabled for one leaver; only ``close`` sets ``closed_at``."""

    person: str = field(repr=False)
    left_on: date
    items: tuple[Item, ...]
    closed_at: datetime | None = None
    closed_by: str = field(default="", repr=False)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items without proof."""
        return tuple(item for item in self.items if item.proof is None)


def leavers(
    payroll: Iterable[Employment], register: Iterable[OutsideAccount], today: date
) -> tuple[Employment, ...]:
    """Return the last employment period of each person who needs a checklist.

    These are persons who left within ``RECENT`` or still have an account that is not listed as disabled. Most of them
    never had an account in this product, only accounts in external systems.
    """
    people: dict[tuple[str, str], list[Employment]] = {}
    for one in payroll:
        number = fold(one.number)
        people.setdefault((number, "" if number else fold_name(one.name)), []).append(one)
    names: set[str] = set()
    numbers: set[str] = set()
    for account in register:
        if account.enabled is not False:
            names |= owner_names(account)
            numbers |= owner_numbers(account) | {fold(account.number).lstrip("0")}
    numbers.discard("")
    found: list[Employment] = []
    for periods in people.values():
        last = max(periods, key=lambda one: one.employed_to or date.max)
        if last.employed_to is None or last.employed_to >= today:
            continue
        known = fold_name(last.name) in names or {fold(last.number), fold(last.number).lstrip("0")} & numbers
        if today - last.employed_to <= RECENT or known:
            found.append(last)
    return tuple(found)


def start_checklist(
    person: Employment,
    left_on: date,
    register: Iterable[OutsideAccount],
    payroll: Iterable[Employment],
    *,
    further_systems: Iterable[str] = (),
) -> Checklist:
    """Build the checklist of a leaver from the register; accounts listed as disabled need a proof too.

    ``further_systems``: systems to check for every leaver even though the register lists no account of theirs.

    Raises:
        LeavingError: neither the register nor ``further_systems`` contains a system.
    """
    accounts = tuple(register)
    own = accounts_of(person, accounts, payroll)
    items = {(fold(one.system), fold(one.account)): Item(one.system, one.account) for one in own}
    covered = {system for system, _ in items}
    for system in (*(one.system for one in accounts), *further_systems):
        if fold(system) not in covered:
            covered.add(fold(system))
            items[fold(system), ""] = Item(system, "")
    if not items:
        raise LeavingError(
            zh="外部系统登记为空，无法生成离职清单。请先录入各系统账号名单。",
            en="the register of outside systems is empty, so no checklist can be made. Enter the account lists first.",
        )
    return Checklist(person.number or person.name, left_on, tuple(items.values()))


def show_disabled(checklist: Checklist, number: int, proof: Proof, now: datetime) -> Checklist:
    """Return the checklist with a proof added to the item at ``number`` (from 0).

    Raises:
        LeavingError: there is no such item, the checklist is closed, or the proof is invalid: no person, no valid
            hash, given by the leaver, no time zone, dated before the leaving or in the future.
    """
    if checklist.closed_at is not None or not 0 <= number < len(checklist.items):
        raise _refused("清单已关闭或没有该项", "the checklist is closed or has no such item")
    if not proof.by or fold(proof.by) == fold(checklist.person):
        raise _refused("须由他人核实", "somebody other than the leaver must confirm it")
    if not _SHA256.match(proof.evidence_sha256):
        raise _refused("缺少截图或导出的哈希", "the hash of a picture or export is missing")
    if proof.at.tzinfo is None or proof.at > now:
        raise _refused("核实时间缺少时区或在未来", "the time has no zone or lies in the future")
    items = list(checklist.items)
    items[number] = replace(items[number], proof=proof)
    return replace(checklist, items=tuple(items))


def close(checklist: Checklist, by: str, now: datetime) -> Checklist:
    """Return the checklist marked as closed.

    Raises:
        LeavingError: an account is not yet proved disabled (the text gives the number and the first systems), ``by``
            is missing or the leaver, or the checklist is closed already.
    """
    left = checklist.open_items
    if left:
        systems = ", ".join(sorted({item.system[:40] for item in left})[:5])
        raise _refused(
            f"还有 {len(left)} 项未证明停用（{systems}）",
            f"{len(left)} items are not shown disabled ({systems})",
        )
    if checklist.closed_at is not None or not by or fold(by) == fold(checklist.person):
        raise _refused("已关闭，或须由他人关闭", "it is closed already, or somebody else must close it")
    return replace(checklist, closed_at=now, closed_by=by)


def revived(checklist: Checklist, register: Iterable[OutsideAccount]) -> tuple[OutsideAccount, ...]:
    """Return accounts that a new list shows as enabled, or as used after they were proved disabled."""
    shown = {
        (fold(item.system), fold(item.account)): item.proof
        for item in checklist.items
        if item.account and item.proof is not None
    }
    found: list[OutsideAccount] = []
    for one in register:
        proof = shown.get((fold(one.system), fold(one.account)))
        if proof is not None and (
            one.enabled is True or (one.last_used is not None and one.last_used > proof.at)
        ):
            found.append(one)
    return tuple(found)


def _refused(zh: str, en: str) -> LeavingError:
    return LeavingError(zh=f"离职清单未更改：{zh}。", en=f"the leaver's checklist was not changed: {en}.")
