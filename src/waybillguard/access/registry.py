"""The register of accounts in external systems, and its comparison with the payroll list.

In the published case, former staff used sub-accounts of ERP systems, shop back ends, waybill and courier portals
that had not been disabled. The register is filled by export, paste or hand, and needs no integration. Names and
accounts of staff are personal data, so no repr, error or finding text contains them.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal

from waybillguard.access.vocabulary import data_rows
from waybillguard.on_demand import pattern_on_use

UNUSED_DAYS: Final = 14
"""Days without use after which an account is reported for suspension."""

type Kind = Literal[
    "used_after_leaving",
    "owner_left",
    "no_owner",
    "owner_unclear",
    "shared",
    "unused",
    "use_unknown",
    "state_unknown",
]

_SEVERITY: Final[Mapping[Kind, str]] = {
    "used_after_leaving": "critical",
    "owner_left": "high",
    "no_owner": "high",
    "owner_unclear": "medium",
    "shared": "medium",
    "unused": "low",
    "use_unknown": "low",
    "state_unknown": "low",
}
_TWO: Final = 2
_RANK: Final = ("critical", "high", "medium", "low")
_WORDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "used_after_leaving": (
        "账号在所有人离职后仍被使用。立即停用，并保全该系统的登录记录。",
        "the account was used after its owner had left. Disable it now, keep that system's sign-in record.",
    ),
    "owner_left": (
        "所有人已离职，账号仍启用。请停用并留下截图。",
        "the owner has left and the account still works. Disable it and keep a picture.",
    ),
    "no_owner": (
        "找不到在册的所有人。请指定使用人或停用。",
        "no owner is on the payroll list. Name one or disable it.",
    ),
    "owner_unclear": (
        "同名多人，无法确定所有人。请补填工号。",
        "several people bear the owner's name. Add the employee number.",
    ),
    "shared": (
        "账号由多人共用。请用工牌和 PIN 码在工位分人，或为每人开子账号。",
        "several people share the account. Split it by badge and PIN at the station, or open one for each.",
    ),
    "unused": (
        f"{UNUSED_DAYS} 天以上未使用。请停用。",
        f"unused for {UNUSED_DAYS} days or more. Disable it.",
    ),
    "use_unknown": (
        "没有最近使用时间。请从该系统导出登录记录。",
        "when it was last used is not known. Export that system's sign-in record.",
    ),
    "state_unknown": (
        "账号状态无法识别，按启用处理。请核对。",
        "its state cannot be told and counts as enabled. Check it.",
    ),
}
_SEVERAL: Final = pattern_on_use(r"[、,，;；/&+\n]|\s(?:和|与|and)\s")
_BESIDE: Final = pattern_on_use(r"[\s()\[\]<>{}【】《》「」|_~:@#*—–-]+")
"""Separators between a name and additions: 张三(打单), 旗舰店:张三."""
_HAN: Final = pattern_on_use(r"[\u3400-\u9fff][\u3400-\u9fff·•・‧.]*")
_UNSEEN: Final = pattern_on_use("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_DOTS: Final = pattern_on_use(r"(?<=[\u3400-\u9fff])[·•・‧∙⋅.](?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class OutsideAccount:
    """One account in an external system.

    ``owner`` is a name, ``number`` an employee number; either may be empty. ``enabled`` is None if the list does
    not tell. ``last_used`` is aware. ``row`` counts rows of the list from 1 (0: entered by hand).
    """

    system: str
    account: str = field(repr=False)
    owner: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    role: str = ""
    enabled: bool | None = None
    last_used: datetime | None = None
    row: int = 0


@dataclass(frozen=True, slots=True)
class Employment:
    """One row of the payroll list: a person and one period of employment.

    ``employed_to`` is the last day, None while employed. ``site`` is the code or name of a site as the list writes it.
    ``left``: the list tells that the person has left, but not when.
    """

    number: str = field(repr=False)
    name: str = field(repr=False)
    employed_from: date | None = None
    employed_to: date | None = None
    temp: bool = False
    agency: str = ""
    row: int = 0
    site: str = ""
    left: bool = False

    def covers(self, day: date) -> bool:
        """Return whether the period covers a day."""
        return (self.employed_from is None or self.employed_from <= day) and (
            self.employed_to is None or day <= self.employed_to
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with one account. ``account`` and ``owner`` are for display only and must not be logged."""

    kind: Kind
    severity: str
    system: str
    account: str = field(repr=False)
    owner: str = field(repr=False)
    row: int
    since: date | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class _Owner:
    periods: tuple[Employment, ...]

    def employed(self, day: date) -> bool:
        return any(one.covers(day) for one in self.periods)

    def left_on(self, day: date) -> date | None:
        """Return the last day of the latest period that ended by ``day``."""
        ends = [
            one.employed_to for one in self.periods if one.employed_to is not None and one.employed_to < day
        ]
        return max(ends, default=None)


def reconcile(
    register: Iterable[OutsideAccount],
    payroll: Iterable[Employment],
    now: datetime,
    *,
    unused_days: int = UNUSED_DAYS,
) -> tuple[Finding, ...]:
    """Compare the register with the payroll list; findings are sorted by severity, then by system and row.

    ``now`` is aware, in the time zone of the warehouse; days are counted by its date. An account of unknown state
    counts as enabled. The only finding for a disabled account is ``used_after_leaving``.
    """
    people = _People(payroll)
    accounts = tuple(register)
    several = _several_owners(accounts)
    found: list[Finding] = []
    for one in accounts:
        found += _of_account(one, people, several, now, unused_days)
    found.sort(key=lambda finding: (_RANK.index(finding.severity), finding.system, finding.row, finding.kind))
    return tuple(found)


def accounts_of(
    person: Employment, register: Iterable[OutsideAccount], payroll: Iterable[Employment]
) -> tuple[OutsideAccount, ...]:
    """Return the accounts that may belong to a person: by number, by name, or as one of several owners.

    Accounts of namesakes are included, and accounts named after their user (旗舰店:张三, or the employee number): a
    leaver's list may contain too many accounts, but must not miss any.
    """
    people = _People((*payroll, person))
    number, name = fold(person.number), fold_name(person.name)
    found: list[OutsideAccount] = []
    for one in register:
        by_number = bool(number) and number in owner_numbers(one)
        by_name = bool(name) and name in fold_name(f"{one.owner}\n{one.account}") and name in owner_names(one)
        if by_number or by_name or (one.number and people.same_number(one.number, person.number)):
            found.append(one)
    return tuple(found)


def owner_names(account: OutsideAccount) -> set[str]:
    """Return every name, folded, that an account's owner cell or the account name may contain.

    These are the whole cells, each of several names, and the parts between separators.
    """
    found: set[str] = set()
    for cell in (account.owner, account.account):
        plain = unicodedata.normalize("NFKC", cell)
        pieces = (cell, *_SEVERAL.split(cell), *_pieces(cell), *_HAN.findall(plain))
        found.update(fold_name(piece) for piece in pieces if not piece.isdigit())
    return found - {""}


def owner_numbers(account: OutsideAccount) -> set[str]:
    """Return every employee number, folded, of an account: from its number, its owner cell, or the account name."""
    cells = (account.number, account.account, account.owner, *_SEVERAL.split(account.owner))
    return {fold(cell) for cell in cells} - {""}


def fold(text: str) -> str:
    """Normalise a name, number or title for comparison: ignore width, case, spaces and invisible characters."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def fold_name(text: str) -> str:
    """Normalise a person's name for comparison: like `fold`, and without the dot of names such as 买买提·艾力."""
    return _DOTS.sub("", fold(text))


def _pieces(text: str) -> list[str]:
    return [piece for piece in _BESIDE.split(unicodedata.normalize("NFKC", text)) if piece]


@cache
def cell_words(kind: str) -> frozenset[str]:
    """Return the words of one kind (enabled, disabled, shared, temp), folded."""
    return frozenset(fold(row["word"]) for row in data_rows("register_words.csv") if row["kind"] == kind)


class _People:
    """The payroll list indexed by number and by name; a name is found only if it belongs to one person."""

    def __init__(self, payroll: Iterable[Employment]) -> None:
        self._by_number: dict[str, list[Employment]] = defaultdict(list)
        self._by_name: dict[str, dict[str, list[Employment]]] = defaultdict(lambda: defaultdict(list))
        self._bare: dict[str, set[str]] = defaultdict(set)
        for one in payroll:
            number, name = fold(one.number), fold_name(one.name)
            if number:
                self._by_number[number].append(one)
                self._bare[number.lstrip("0")].add(number)
            if name:
                self._by_name[name][number].append(one)

    def same_number(self, one: str, other: str) -> bool:
        """Return whether two numbers belong to the same person; leading zeros lost by a spreadsheet are ignored."""
        first, second = self._number(fold(one)), self._number(fold(other))
        return first is not None and first == second

    def owners(self, account: OutsideAccount) -> "tuple[_Owner | Literal['unclear'] | None, ...]":
        """Return the owners of an account: one per name in its owner cell, None for a name not on the payroll.

        An employee number identifies the only owner, regardless of the name beside it.
        """
        number = self._number(fold(account.number))
        if number is not None:
            return (_Owner(tuple(self._by_number[number])),)
        whole = self._find(account.owner)
        parts = [part for part in _SEVERAL.split(account.owner) if part.strip()]
        if whole is not None or len(parts) < _TWO:
            if whole is None and (named := self._beside(account.owner)):
                return named
            return (whole,) if account.owner or account.number else ()
        return tuple(self._find(part) or next(iter(self._beside(part)), None) for part in parts)

    def _beside(self, text: str) -> "tuple[_Owner | Literal['unclear'], ...]":
        """Return the owners named in a cell with additions to the name; a number in it distinguishes namesakes."""
        pieces = _pieces(text)
        numbers = {self._number(fold(piece)) for piece in pieces}
        found: list[_Owner | Literal["unclear"]] = []
        for name in dict.fromkeys(map(fold_name, pieces)):
            bearers = self._by_name.get(name, {})
            meant = [number for number in bearers if len(bearers) == 1 or number in numbers]
            if bearers:
                found.append(_Owner(tuple(bearers[meant[0]])) if len(meant) == 1 else "unclear")
        return tuple(found)

    def _find(self, text: str) -> "_Owner | Literal['unclear'] | None":
        number = self._number(fold(text))
        if number is not None:
            return _Owner(tuple(self._by_number[number]))
        bearers = self._by_name.get(fold_name(text)) if text else None
        if not bearers:
            return None
        return "unclear" if len(bearers) > 1 else _Owner(tuple(next(iter(bearers.values()))))

    def _number(self, number: str) -> str | None:
        if not number:
            return None
        if number in self._by_number:
            return number
        candidates = self._bare.get(number.lstrip("0"), set()) if number.lstrip("0") else set()
        return next(iter(candidates)) if len(candidates) == 1 else None


def _of_account(
    one: OutsideAccount, people: _People, several: frozenset[tuple[str, str]], now: datetime, unused_days: int
) -> list[Finding]:
    used = one.last_used.astimezone(now.tzinfo).date() if one.last_used is not None else None
    owners = people.owners(one)
    known = [owner for owner in owners if isinstance(owner, _Owner)]
    found: list[Finding] = []
    if used is not None and known and len(known) == len(owners):
        left = [None if owner.employed(used) else owner.left_on(used) for owner in known]
        if all(left):
            found.append(_finding("used_after_leaving", one, max(day for day in left if day is not None)))
    if one.enabled is False:
        return found
    gone = [owner.left_on(now.date()) for owner in known if not owner.employed(now.date())]
    if gone:
        days = [day for day in gone if day is not None]
        found.append(_finding("owner_left" if days else "no_owner", one, max(days, default=None)))
    if len(owners) > 1 or (fold(one.system), fold(one.account)) in several or _is_marked_shared(one, owners):
        found.append(_finding("shared", one, None))
    elif not owners or owners[0] is None:
        found.append(_finding("no_owner", one, None))
    elif owners[0] == "unclear":
        found.append(_finding("owner_unclear", one, None))
    return found + _of_use(one, used, now.date(), unused_days)


def _of_use(one: OutsideAccount, used: date | None, today: date, unused_days: int) -> list[Finding]:
    found: list[Finding] = []
    if one.enabled is None:
        found.append(_finding("state_unknown", one, None))
    if used is None:
        found.append(_finding("use_unknown", one, None))
    elif today - used >= timedelta(days=unused_days):
        found.append(_finding("unused", one, used))
    return found


def _is_marked_shared(one: OutsideAccount, owners: Sequence[object]) -> bool:
    owner = fold(one.owner)
    return owners == (None,) and any(word in owner for word in cell_words("shared"))


def _several_owners(accounts: Sequence[OutsideAccount]) -> frozenset[tuple[str, str]]:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in accounts:
        who = fold(one.number) or fold(one.owner)
        if who and one.enabled is not False:
            owners[fold(one.system), fold(one.account)].add(who)
    return frozenset(key for key, people in owners.items() if len(people) > 1)


def _finding(kind: Kind, one: OutsideAccount, since: date | None) -> Finding:
    zh, en = _WORDS[kind]
    return Finding(
        kind, _SEVERITY[kind], one.system, one.account, one.owner or one.number, one.row, since, zh, en
    )
