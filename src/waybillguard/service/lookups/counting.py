"""Exact counting of looks in the database: of many concurrent requests for the last unit, one succeeds.

The account's row and its counters are locked first (PostgreSQL: ``FOR UPDATE``; SQLite: the transaction starts as a
writer). ``access.quotas.charge`` decides on the values read under the lock. All counters are then increased by one
UPDATE whose conditions detect counters that changed in spite of the lock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import cast

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from waybillguard.access.quota_levels import WINDOW_DAYS
from waybillguard.access.quotas import (
    Charged,
    CounterKey,
    Gate,
    Left,
    Raise,
    Refused,
    Scope,
    Usage,
    charge,
    charge_many,
    gates,
    peek,
)
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.models import QuotaCounter, QuotaPerson, QuotaRaise, QuotaState
from waybillguard.service.platform.database.raw_sql import Rows, all_rows, first_row, marks, moment
from waybillguard.service.tenancy.models import Tenant

_PERSONS = "persons_30d"
# Raw SQL: building these queries with the ORM took as long as everything else under the lock.
_LOCK = Rows(QuotaState, "WHERE tenant_id = %s AND account_id = %s", lock=True)
_FROZEN = "SELECT frozen_at FROM lookups_quotastate WHERE tenant_id = %s AND account_id = %s"
_RAISES = Rows(
    QuotaRaise, "WHERE tenant_id = %s AND account_id = %s AND until > %s AND agreed_by_id IS NOT NULL"
)
_USED = (
    'SELECT scope, holder, "window", used FROM lookups_quotacounter'
    ' WHERE tenant_id = %s AND holder IN ({holders}) AND "window" IN ({windows})'
)
_HOLD = (
    'SELECT scope, holder, "window" FROM lookups_quotacounter WHERE tenant_id = %s AND holder IN ({holders})'
    ' AND "window" IN ({windows}) ORDER BY id FOR UPDATE'
)
_LOOKED_AT = "SELECT token, last_day FROM lookups_quotaperson WHERE tenant_id = %s AND account_id = %s"
_COUNT = (
    "UPDATE lookups_quotacounter SET used = used + CASE scope WHEN %s THEN %s ELSE %s END"
    " WHERE tenant_id = %s AND ({rooms})"
)
_ROOM = '(scope = %s AND holder = %s AND "window" = %s AND used <= %s)'
_SEEN = (
    "INSERT INTO lookups_quotaperson (tenant_id, account_id, token, last_day) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (account_id, token) DO UPDATE SET last_day = EXCLUDED.last_day"
)


class CounterMovedError(RuntimeError):
    """A counter had less room at the UPDATE than was read under the lock; the transaction must roll back."""


def left_of(principal: Principal) -> tuple[tuple[Left, ...], bool]:
    """Return the used and remaining quota of each scope, tightest first, and whether the account is frozen."""
    raises = raises_of(principal.tenant, principal.user, principal.now)
    usage = _usage(principal, gates(principal.limits, principal.holder, principal.now, raises))
    return peek(usage, principal.limits, principal.holder, principal.now, raises), usage.frozen


def raises_of(tenant: Tenant, account: User, now: datetime) -> tuple[Raise, ...]:
    """Return the approved quota increases of an account that have not ended."""
    me = f"u{account.pk}"
    return tuple(
        Raise(
            me, cast("Scope", row.scope), row.extra, row.until, f"u{row.asked_by_id}", f"u{row.agreed_by_id}"
        )
        for row in _RAISES.all(tenant.pk, account.pk, moment(now))
    )


class _Locked:
    """Locked counters of one account. Use inside ``transaction.atomic``."""

    def __init__(self, principal: Principal) -> None:
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("counting needs a transaction")
        self._asker = principal
        self.state = _locked(principal)
        self._raises = raises_of(principal.tenant, principal.user, principal.now)
        self._gates = gates(principal.limits, principal.holder, principal.now, self._raises)
        if connection.features.has_select_for_update:
            _lock_counters(principal, self._gates)
        self.usage = _usage(principal, self._gates, self.state)
        if self._forget():
            self.usage = _usage(principal, self._gates, self.state)

    @property
    def left(self) -> tuple[Left, ...]:
        """Used and remaining quota of each scope."""
        return peek(self.usage, self._asker.limits, self._asker.holder, self._asker.now, self._raises)

    def _known(self, tokens: Sequence[bytes]) -> bytes:
        """Return the person's token already counted for this account; else this year's token."""
        return next((token for token in tokens if token in self.usage.persons), tokens[0])

    def _write(self, looks: int, tokens: set[bytes], new: int) -> None:
        """Increase all counters with one UPDATE that checks their limits."""
        principal = self._asker
        step = {_PERSONS: new}
        moving = [gate for gate in self._gates if step.get(gate.key.scope, looks)]
        _make_rows(principal, (gate.key for gate in moving if gate.key not in self.usage.used))
        values: list[str | int] = [_PERSONS, new, looks, principal.tenant.pk]
        for gate in moving:
            values += (*gate.key, gate.limit - step.get(gate.key.scope, looks))
        today = connection.ops.adapt_datefield_value(principal.now.date())
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(rooms=" OR ".join([_ROOM] * len(moving))), values)
            if cursor.rowcount != len(moving):
                raise CounterMovedError("a counter had less room than was read under the lock")
            cursor.executemany(
                _SEEN, [(principal.tenant.pk, principal.user.pk, one, today) for one in sorted(tokens)]
            )

    def _forget(self) -> int:
        """Remove persons last looked at before the window; return how many."""
        oldest = self._asker.now.date() - timedelta(days=WINDOW_DAYS)
        if all(day > oldest for day in self.usage.persons.values()):
            return 0
        gone = QuotaPerson.objects.filter(account=self._asker.user, last_day__lte=oldest).delete()[0]
        key = next(gate.key for gate in self._gates if gate.key.scope == _PERSONS)
        QuotaCounter.objects.filter(tenant=self._asker.tenant, **key._asdict()).update(
            used=Greatest(F("used") - gone, 0)
        )
        return gone


class Counter(_Locked):
    """Counters for a look at one person."""

    def __init__(self, principal: Principal, tokens: Sequence[bytes]) -> None:
        """Lock the account and read its counters. ``tokens`` are the person's tokens, this year's first."""
        super().__init__(principal)
        self.token = self._known(tokens)

    @property
    def known_person(self) -> bool:
        """Return whether the person was looked at within the window."""
        return self.token in self.usage.persons

    def charge(self) -> Charged | Refused:
        """Count one look at the person; if refused, count nothing."""
        principal = self._asker
        new = 0 if self.known_person else 1
        outcome = charge(
            self.usage, principal.limits, principal.holder, principal.now, self.token, raises=self._raises
        )
        if isinstance(outcome, Charged):
            self._write(1, {self.token}, new)
        return outcome


class BulkCounter(_Locked):
    """Counters for one look at each of several records: a sealed export."""

    def __init__(self, principal: Principal, records: Sequence[Sequence[bytes]]) -> None:
        """Lock the account and read its counters. ``records`` holds the tokens of each record's person."""
        super().__init__(principal)
        self.tokens = [self._known(tokens) for tokens in records]

    @property
    def new_persons(self) -> int:
        """Number of persons not looked at within the window."""
        return len(set(self.tokens) - self.usage.persons.keys())

    @property
    def room(self) -> int:
        """Number of such records that the quota still allows; policies compare against it."""
        known = len(self.tokens) - self.new_persons
        return min((one.left + (known if one.scope == _PERSONS else 0) for one in self.left), default=0)

    def charge(self) -> Charged | Refused:
        """Count all records; if refused, count nothing."""
        principal = self._asker
        outcome = charge_many(
            self.usage, principal.limits, principal.holder, principal.now, self.tokens, raises=self._raises
        )
        if isinstance(outcome, Charged):
            self._write(len(self.tokens), set(self.tokens), self.new_persons)
        return outcome


def _locked(principal: Principal) -> QuotaState:
    """Lock the account's row; create it at the first look."""
    found = _LOCK.first(principal.tenant.pk, principal.user.pk)
    if found is None:
        QuotaState.objects.bulk_create(
            [QuotaState(account=principal.user, tenant=principal.tenant)], ignore_conflicts=True
        )
        found = _LOCK.first(principal.tenant.pk, principal.user.pk)
    if found is None:
        raise QuotaState.DoesNotExist
    return found


def _lock_counters(principal: Principal, found: Iterable[Gate]) -> None:
    """Lock the counters shared by accounts (of a device) until this look is counted.

    To avoid deadlocks, missing rows are created in the order of the gates, and all rows are locked in id order.
    """
    wanted = [gate.key for gate in found]
    holders, windows = {key.holder for key in wanted}, {key.window for key in wanted}
    question = _HOLD.format(holders=marks(len(holders)), windows=marks(len(windows)))
    held = {CounterKey(*row) for row in all_rows(question, principal.tenant.pk, *holders, *windows)}
    if missing := [key for key in wanted if key not in held]:
        _make_rows(principal, missing)
        all_rows(question, principal.tenant.pk, *holders, *windows)


def _usage(principal: Principal, found: Iterable[Gate], state: QuotaState | None = None) -> Usage:
    keys = [gate.key for gate in found]
    holders, windows = {key.holder for key in keys}, {key.window for key in keys}
    question = _USED.format(holders=marks(len(holders)), windows=marks(len(windows)))
    wanted = set(keys)
    used = {
        key: count
        for scope, holder, window, count in all_rows(question, principal.tenant.pk, *holders, *windows)
        if (key := CounterKey(scope, holder, window)) in wanted
    }
    persons = {
        bytes(token): day for token, day in all_rows(_LOOKED_AT, principal.tenant.pk, principal.user.pk)
    }
    if state is not None:
        frozen = state.frozen_at is not None
    else:
        row = first_row(_FROZEN, principal.tenant.pk, principal.user.pk)
        frozen = row is not None and row[0] is not None
    return Usage(used, persons, frozen=frozen)


def _make_rows(principal: Principal, keys: Iterable[CounterKey]) -> None:
    missing = [
        QuotaCounter(tenant=principal.tenant, **key._asdict(), used=0, at=principal.now) for key in keys
    ]
    if missing:
        QuotaCounter.objects.bulk_create(missing, ignore_conflicts=True)
