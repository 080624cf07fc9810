"""Rosters: the shifts of accounts, and whether a look fell outside a shift."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, Self

from waybillguard.events.engines import Value
from waybillguard.trace.errors import TraceError

SLACK: Final = 1.0
"""Hours by which each shift is widened at both ends."""
_SOON: Final = 31
"""Most days between two account names of one person; a longer gap may mean a namesake."""
_HOURS: Final = 24.0
_WINDOWS_AN_HOUR: Final = 6


class Shifts:
    """Shifts of a roster, widened by an hour. An account that is not on the roster is never off shift."""

    def __init__(self, rows: Sequence[tuple[str, str, float, float, int | None, int | None]]) -> None:
        self.rows: list[tuple[Value, ...]] = [tuple(row) for row in rows]
        self._by_account: dict[tuple[str, str], list[tuple[float, float, int | None, int | None]]] = (
            defaultdict(list)
        )
        for tenant, account, start, end, first, last in rows:
            self._by_account[tenant, account].append((start, end, first, last))
        self.renamed: dict[tuple[str, str], str] = {}
        """The latest account name of a person who used several names in turn, by tenant and former name."""
        self.until: dict[tuple[str, str], int] = {}
        """The last day of each former name, by tenant and name. Later use of that name is by somebody else."""

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a roster (contracts: Roster, CSV).

        Raises:
            TraceError: the columns ``tenant`` and ``account`` are missing.
        """
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"))))
        if rows and not {"tenant", "account"} <= rows[0].keys():
            raise TraceError(
                zh="排班表缺少 tenant、account 列，无法使用。请按约定的列名给出，或不带 --roster。",
                en="the roster lacks the columns tenant and account. Name them so, or leave --roster out.",
            )
        return cls.of(rows)

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, str]]) -> Self:
        """Return the shifts of roster rows (contracts: Roster); a renamed account is listed under its latest name."""
        read = [row for row in rows if row.get("tenant") and row.get("account")]
        renamed, until = _renamed(read)
        made = cls(
            [
                (
                    row["tenant"],
                    account,
                    *_widened(row),
                    _day(row, "employed_from"),
                    _day(row, "employed_to"),
                )
                for row in read
                for account in dict.fromkeys(
                    [row["account"], renamed.get((row["tenant"], row["account"]), row["account"])]
                )
            ]
        )
        made.renamed, made.until = renamed, until
        return made

    def off(self, tenant: str, account: str, day: int, w10: int) -> bool:
        """Return whether everybody who uses the account was off shift in that ten-minute window."""
        shifts = self._by_account.get((tenant, account))
        if not shifts:
            return False
        return not any(_covers(shift, day, w10) for shift in shifts)


def _renamed(
    rows: Sequence[Mapping[str, str]],
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], int]]:
    """Return the latest name of each former account name, and the last day of each former name.

    Names are linked only if one person alone used them and each ends shortly before the next begins.
    """
    people: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    spans: defaultdict[tuple[str, str], dict[str, tuple[int | None, int | None]]] = defaultdict(dict)
    for row in rows:
        if person := (row.get("person") or "").strip():
            people[row["tenant"], row["account"]].add(person)
            first, last = _day(row, "employed_from"), _day(row, "employed_to")
            known = spans[row["tenant"], person].get(row["account"], (first, last))
            spans[row["tenant"], person][row["account"]] = _wider(known, (first, last))
    found: dict[tuple[str, str], str] = {}
    until: dict[tuple[str, str], int] = {}
    for (tenant, _), accounts in spans.items():
        alone = [(span, name) for name, span in accounts.items() if len(people[tenant, name]) == 1]
        dated = sorted(alone, key=lambda one: -1 if one[0][0] is None else one[0][0])
        follows = all(
            end is not None and start is not None and 0 < start - end <= _SOON
            for ((_, end), _), ((start, _), _) in pairwise(dated)
        )
        if len(dated) > 1 and follows:
            found |= {(tenant, name): dated[-1][1] for _, name in dated[:-1]}
            until |= {(tenant, name): last for (_, last), name in dated[:-1] if last is not None}
    return found, until


def _wider(
    one: tuple[int | None, int | None], other: tuple[int | None, int | None]
) -> tuple[int | None, int | None]:
    """Return the span that covers both; None means open-ended."""
    first = None if one[0] is None or other[0] is None else min(one[0], other[0])
    return first, None if one[1] is None or other[1] is None else max(one[1], other[1])


def _covers(shift: tuple[float, float, int | None, int | None], day: int, w10: int) -> bool:
    start, end, first, last = shift
    if (first is not None and day < first) or (last is not None and day > last):
        return False
    after, before = w10 >= start * _WINDOWS_AN_HOUR, w10 < end * _WINDOWS_AN_HOUR
    return (after and before) if start <= end else (after or before)


def _widened(row: Mapping[str, str]) -> tuple[float, float]:
    start, end = _hour(row.get("shift_start")), _hour(row.get("shift_end"))
    if start is None or end is None:
        return 0.0, _HOURS
    length = end - start if end >= start else end + _HOURS - start
    if length + 2 * SLACK >= _HOURS:
        return 0.0, _HOURS
    return (start - SLACK) % _HOURS, (end + SLACK) % _HOURS if end + SLACK > _HOURS else end + SLACK


def _hour(text: str | None) -> float | None:
    try:
        hours, _, minutes = (text or "").strip().partition(":")
        return float(hours) + (float(minutes) / 60 if minutes else 0)
    except ValueError:
        return None


def _day(row: Mapping[str, str], name: str) -> int | None:
    try:
        return (date.fromisoformat((row.get(name) or "").strip()[:10]) - date(1970, 1, 1)).days
    except ValueError:
        return None
