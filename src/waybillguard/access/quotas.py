"""Quotas: count looks per account, device, shift and time window, and refuse looks beyond a limit.

This module is pure and stores nothing. The service keeps two tables and updates them in one transaction, so that
of a hundred concurrent requests for the last unit exactly one succeeds:

``quota_counter(scope, holder, window, used)``, unique on the first three, and
``quota_person(account, token, last_day)``, unique on the first two.

1. Lock the account's state row (SQLite: ``BEGIN IMMEDIATE``); refuse a frozen account.
2. ``gates(...)`` returns one gate per counter: key, limit, reset time. Insert missing counter rows with 0.
3. For every gate in the given order (always the same order, so that transactions do not deadlock):
   ``UPDATE quota_counter SET used = used + :amount
   WHERE scope = :scope AND holder = :holder AND window = :window AND used + :amount <= :limit``.
   Charge the gate ``persons_30d`` only if the token is new within the window:
   ``INSERT INTO quota_person ... ON CONFLICT (account, token) DO UPDATE SET last_day = :today``, preceded by
   ``DELETE FROM quota_person WHERE account = :account AND last_day <= :today - 30``, whose row count is
   subtracted from the counter.
4. If a statement changed no row, roll back and return the ``Refused`` that ``charge`` gives for the counters as
   read. Otherwise commit; request decryption only after the commit.

``charge`` implements the same rule on values; the service's tests compare both implementations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from waybillguard.access.errors import QuotaError
from waybillguard.access.quota_levels import WINDOW_DAYS
from waybillguard.access.request import QuotaFacts

type Scope = Literal["hour", "shift", "day", "device_day", "persons_30d"]

SCOPES: Final[tuple[Scope, ...]] = ("hour", "shift", "day", "device_day", "persons_30d")
MOST: Final = 1_000_000
MAX_RAISE: Final = timedelta(days=7)
_PERMILLE: Final = 1000
_SCOPE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "hour": ("本小时", "this hour"),
    "shift": ("本班次", "this shift"),
    "day": ("今日", "today"),
    "device_day": ("本设备今日", "this device today"),
    "persons_30d": ("三十日内不同收件人", "distinct persons in 30 days"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Maximum number of looks by scope. ``persons_30d`` counts distinct persons, the others count looks.

    Raises:
        QuotaError: a limit is negative or beyond ``MOST``.
    """

    hour: int
    shift: int
    day: int
    device_day: int
    persons_30d: int

    def __post_init__(self) -> None:
        for scope in SCOPES:
            limit = getattr(self, scope)
            if type(limit) is not int or not 0 <= limit <= MOST:
                raise QuotaError(
                    zh=f"额度 {scope} 须为 0 到 {MOST} 的整数。未作更改。",
                    en=f"the limit {scope} must be a whole number from 0 to {MOST}. Nothing was changed.",
                )

    def of(self, scope: Scope) -> int:
        """Return the limit of one scope."""
        return int(getattr(self, scope))


class Holder(NamedTuple):
    """The owner of the counters: account, device, and current shift (empty: none)."""

    account: str
    device: str = ""
    shift: str = ""
    shift_ends: datetime | None = None


class CounterKey(NamedTuple):
    """The key of one row in the counter table."""

    scope: Scope
    holder: str
    window: str


class Gate(NamedTuple):
    """A counter that limits a look: its limit, and when it resets (None: sliding window)."""

    key: CounterKey
    limit: int
    resets_at: datetime | None


@dataclass(frozen=True, slots=True)
class Raise:
    """A quota increase for one account and scope until ``until``; created by ``grant_raise``."""

    account: str
    scope: Scope
    extra: int
    until: datetime
    asked_by: str
    agreed_by: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of an account: counters, and for each person token the last day of a look."""

    used: Mapping[CounterKey, int] = field(default_factory=dict)
    persons: Mapping[bytes, date] = field(default_factory=dict, repr=False)
    frozen: bool = False


class Left(NamedTuple):
    """The used and remaining looks of one scope, and when it resets; shown before a look is requested."""

    scope: Scope
    used: int
    limit: int
    left: int
    resets_at: datetime | None


@dataclass(frozen=True, slots=True)
class Charged:
    """The look is counted. ``usage`` is the new state; ``persons_before`` and ``_after`` feed the alarm levels."""

    usage: Usage
    left: tuple[Left, ...]
    persons_before: int
    persons_after: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The look is refused and nothing was counted. ``scope`` is None if the account is frozen."""

    scope: Scope | None
    left: int
    resets_at: datetime | None
    zh: str
    en: str


def gates(limits: Limits, holder: Holder, now: datetime, raises: Iterable[Raise] = ()) -> tuple[Gate, ...]:
    """Return the gates for a look by ``holder``, always in the order of ``SCOPES``.

    ``now`` is aware and in the time zone of the warehouse, which determines hours and days. Without a shift or a
    device the gate of that scope is left out.

    Raises:
        QuotaError: ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise QuotaError(
            zh="计数时间缺少时区，未计数。请带时区调用。",
            en="the time has no zone; nothing was counted. Hand in an aware time.",
        )
    hour = now.replace(minute=0, second=0, microsecond=0)
    midnight = hour.replace(hour=0)
    tomorrow = midnight + timedelta(days=1)
    today = now.date().isoformat()
    extra = _extra(raises, holder.account, now)
    found: list[Gate] = []
    for scope in SCOPES:
        limit = min(MOST, limits.of(scope) + extra.get(scope, 0))
        if scope == "hour":
            # the UTC offset distinguishes the repeated hour at the end of daylight saving time
            window = f"{today}T{hour.hour:02}{now.strftime('%z')}"
            found.append(Gate(CounterKey(scope, holder.account, window), limit, hour + timedelta(hours=1)))
        elif scope == "shift" and holder.shift:
            found.append(Gate(CounterKey(scope, holder.account, holder.shift), limit, holder.shift_ends))
        elif scope == "day":
            found.append(Gate(CounterKey(scope, holder.account, today), limit, tomorrow))
        elif scope == "device_day" and holder.device:
            found.append(Gate(CounterKey(scope, holder.device, today), limit, tomorrow))
        elif scope == "persons_30d":
            found.append(Gate(CounterKey(scope, holder.account, ""), limit, None))
    return tuple(found)


def peek(
    usage: Usage, limits: Limits, holder: Holder, now: datetime, raises: Iterable[Raise] = ()
) -> tuple[Left, ...]:
    """Return used and remaining looks of every scope, tightest first; nothing is counted."""
    persons = _persons(usage, now.date())
    lefts = [_left(gate, usage, persons, now) for gate in gates(limits, holder, now, raises)]
    return tuple(sorted(lefts, key=lambda one: (one.left, SCOPES.index(one.scope))))


def quota_facts(lefts: Iterable[Left], *, frozen: bool = False, known_person: bool = False) -> QuotaFacts:
    """Return the quota facts for the policies: the remaining looks of the tightest scope.

    ``known_person``: the person was already viewed within 30 days, so ``persons_30d`` is not charged again.
    """
    counts = [one.left for one in lefts if not (known_person and one.scope == "persons_30d")]
    return QuotaFacts(left=min(counts, default=0), frozen=frozen)


def charge(
    usage: Usage,
    limits: Limits,
    holder: Holder,
    now: datetime,
    person_token: bytes | None,
    *,
    amount: int = 1,
    raises: Iterable[Raise] = (),
) -> Charged | Refused:
    """Count ``amount`` looks at one person, or refuse and count nothing.

    Args:
        usage: as stored.
        limits: limits of the role, before quota increases.
        holder: account, device and shift.
        now: aware, in the time zone of the warehouse.
        person_token: keyed hash of the person; None if no particular person is viewed (a search). Repeated
            looks at a person count each time by hour, shift, day and device, but only once by persons.
        amount: number of looks, at least 1.
        raises: granted quota increases; expired ones and those of other accounts are ignored.

    Raises:
        QuotaError: ``amount`` is below 1 or ``now`` has no time zone.
    """
    if amount < 1:
        raise QuotaError(
            zh="计数须至少为 1，未计数。", en="at least one look is counted at a time; nothing was counted."
        )
    tokens = () if person_token is None else (person_token,)
    return _charge(usage, limits, holder, now, tokens, amount, raises)


def charge_many(
    usage: Usage,
    limits: Limits,
    holder: Holder,
    now: datetime,
    person_tokens: Sequence[bytes],
    *,
    raises: Iterable[Raise] = (),
) -> Charged | Refused:
    """Count one look at each of several records at once (a sealed export), or refuse and count nothing.

    ``person_tokens``: one per record. Records of the same person count each by hour, shift, day and device, but
    only once by persons.

    Raises:
        QuotaError: there is no record, or ``now`` has no time zone.
    """
    if not person_tokens:
        raise QuotaError(zh="没有要计数的记录。", en="there is nothing to count.")
    return _charge(usage, limits, holder, now, person_tokens, len(person_tokens), raises)


def freeze(usage: Usage, *, frozen: bool = True) -> Usage:
    """Return the usage with the account frozen (every charge is refused) or unfrozen."""
    return replace(usage, frozen=frozen)


def prune(usage: Usage, keep: Iterable[CounterKey], today: date) -> Usage:
    """Return the usage without expired counters and without persons last viewed more than 30 days ago."""
    wanted = frozenset(keep)
    counters = {key: count for key, count in usage.used.items() if key in wanted}
    return replace(usage, used=counters, persons=_persons(usage, today))


def dynamic_limit(shipped_yesterday: int, *, per_thousand: int, least: int, most: int) -> int:
    """Return a limit of ``per_thousand`` looks per 1,000 orders shipped yesterday, within ``least`` and ``most``.

    >>> dynamic_limit(4_000, per_thousand=5, least=10, most=60)
    20

    Raises:
        QuotaError: a number is negative, or ``least`` is above ``most``.
    """
    if min(shipped_yesterday, per_thousand, least) < 0 or least > most:
        raise QuotaError(
            zh="动态额度的参数不合理，沿用原额度。请核对比例与上下限。",
            en="the numbers of the dynamic limit make no sense; the old limit stays. Check share and bounds.",
        )
    return max(least, min(most, -(-shipped_yesterday * per_thousand // _PERMILLE)))


def grant_raise(
    *, account: str, scope: Scope, extra: int, now: datetime, until: datetime, asked_by: str, agreed_by: str
) -> Raise:
    """Return a quota increase approved by a second person; it expires after ``MAX_RAISE`` at the latest.

    Raises:
        QuotaError: the second person is missing, is the requester or is the beneficiary; ``extra`` is not positive;
            or the end is missing, past, or too far in the future.
    """
    if not agreed_by or agreed_by in {asked_by, account} or not asked_by:
        raise QuotaError(
            zh="提高额度须由第二人同意，且不能是申请人或受益人。额度未变。",
            en="a raise needs a second person who neither asks nor gains. The quota is unchanged.",
        )
    if scope not in SCOPES or not 0 < extra <= MOST:
        raise QuotaError(
            zh="提高的数量或范围无效，额度未变。",
            en="the raise has no valid size or scope. The quota is unchanged.",
        )
    if now.tzinfo is None or until.tzinfo is None or not now < until <= now + MAX_RAISE:
        raise QuotaError(
            zh=f"提高额度须有结束时间，最长 {MAX_RAISE.days} 天。额度未变。",
            en=f"a raise needs an end, at most {MAX_RAISE.days} days away. The quota is unchanged.",
        )
    return Raise(account, scope, extra, until, asked_by, agreed_by)


def _extra(raises: Iterable[Raise], account: str, now: datetime) -> dict[Scope, int]:
    extra: dict[Scope, int] = {}
    for one in raises:
        if one.account == account and now < one.until:
            extra[one.scope] = extra.get(one.scope, 0) + one.extra
    return extra


def _charge(
    usage: Usage,
    limits: Limits,
    holder: Holder,
    now: datetime,
    tokens: Sequence[bytes],
    amount: int,
    raises: Iterable[Raise],
) -> Charged | Refused:
    if usage.frozen:
        return Refused(
            None,
            0,
            None,
            "额度已冻结，未显示任何内容。请联系负责人。",
            "The quota is frozen; nothing was shown. Ask the owner.",
        )
    persons = _persons(usage, now.date())
    new_persons = len(set(tokens) - persons.keys())
    found = gates(limits, holder, now, raises)
    used = dict(usage.used)
    for gate in found:
        step = amount if gate.key.scope != "persons_30d" else new_persons
        before = len(persons) if gate.key.scope == "persons_30d" else used.get(gate.key, 0)
        if step and before + step > gate.limit:
            return _refused(_left(gate, usage, persons, now))
        used[gate.key] = before + step
    after = persons | dict.fromkeys(tokens, now.date())
    new = replace(usage, used=used, persons=after)
    lefts = tuple(_left(gate, new, after, now) for gate in found)
    return Charged(new, lefts, len(persons), len(after))


def _persons(usage: Usage, today: date) -> dict[bytes, date]:
    oldest = today - timedelta(days=WINDOW_DAYS)
    return {token: day for token, day in usage.persons.items() if day > oldest}


def _left(gate: Gate, usage: Usage, persons: Mapping[bytes, date], now: datetime) -> Left:
    scope = gate.key.scope
    if scope != "persons_30d":
        used = usage.used.get(gate.key, 0)
        return Left(scope, used, gate.limit, max(0, gate.limit - used), gate.resets_at)
    resets_at: datetime | None = None
    if persons:
        first = min(persons.values()) + timedelta(days=WINDOW_DAYS)
        resets_at = now.replace(
            year=first.year, month=first.month, day=first.day, hour=0, minute=0, second=0, microsecond=0
        )
    return Left(scope, len(persons), gate.limit, max(0, gate.limit - len(persons)), resets_at)


def _refused(left: Left) -> Refused:
    zh, en = _SCOPE_WORDS[left.scope]
    when_zh = f"{left.resets_at:%m-%d %H:%M} 起恢复" if left.resets_at else "暂不恢复"
    when_en = f"more from {left.resets_at:%m-%d %H:%M}" if left.resets_at else "no more for now"
    return Refused(
        left.scope,
        left.left,
        left.resets_at,
        f"{zh}额度已用完（{left.used}/{left.limit}），未显示任何内容；{when_zh}，或请第二人同意提高。",
        f"The quota of {en} is used up ({left.used}/{left.limit}); nothing was shown; {when_en}, or ask a "
        "second person for a raise.",
    )
