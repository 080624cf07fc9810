"""Machine API: seal orders, look up masked orders by number, report states. Each call takes effect once."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import msgspec
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_scopes import scopes_disabled

from waybillguard.orders.reader import read_rows
from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.errors import VaultError, not_allowed
from waybillguard.service.platform.lifeline import is_alive, own_mark
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import believed_now
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.errors import IdempotencyError, StillRunningError
from waybillguard.service.vault.exact import having_token
from waybillguard.service.vault.importing import ImportReading
from waybillguard.service.vault.intake import refusal, shops_past_end
from waybillguard.service.vault.interrupted import CALL_AT_MOST, fail_call
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Batch, IdempotencyKey, Order, OrderState, RefusedRow
from waybillguard.service.vault.removal import remove_rows
from waybillguard.service.vault.services import commit_import

COLUMNS = {
    "order_no": "订单编号", "waybill_no": "运单号", "platform": "平台", "carrier": "快递公司", "sort_code": "大头笔",
    "shop": "店铺", "created_at": "下单时间",
    "name": "收货人", "phone": "手机号码", "province": "省", "city": "市", "district": "区", "detail": "详细地址",
    "goods": "商品名称", "quantity": "数量", "remark": "买家留言",
}  # fmt: skip
_IN_ONE_QUERY = 500
KEY_LIFETIME = timedelta(days=7)
"""How long a machine may repeat a call under its key and receive the first answer."""

LATE_REPORT = timedelta(days=7)
"""Maximum age of a reported delivery time that still counts; carriers' files arrive daily or weekly."""
OLDEST_REPORT = timedelta(days=3 * 366)
"""Reports of earlier times are refused, because nothing is kept that long (`retention.LONGEST`)."""
CLOCKS_APART = timedelta(days=1)
_ARRIVED = frozenset({OrderState.DELIVERED, OrderState.RETURNED})


_broken_off: set[int] = set()
"""Keys whose call failed in this process while the database was unavailable, so they could not be released."""


type Answer = tuple[int, dict[str, Any]]
"""HTTP status and body."""

type Keep = Callable[[Answer], None]
"""Stores an answer for repeated calls. Called inside the transaction that completes a call, so both commit together."""


class Sealed(NamedTuple):
    """Result of a batch: the import, and the refused rows by position (from 0) with the reason."""

    batch: Batch
    refused: list[tuple[int, str]]


def once(tenant: Tenant, key: str, request: object, act: Callable[[Keep], Answer]) -> Answer:
    """Run ``act`` once per key. The same call again gets the first answer; a different call is refused.

    ``act`` may store its answer itself (`Keep`); otherwise it is stored when ``act`` returns.

    A key is remembered for `KEY_LIFETIME`. It is released when its call fails, at the latest when the database is
    available again. The key of a killed process is released for the next call, at the latest after `CALL_AT_MOST`;
    orders stored by such a call were removed, or count as known.

    Raises:
        IdempotencyError: the key was used for something else (`StillRunningError`: that call is still running).
    """
    if not key:
        return act(lambda _answer: None)
    digest = _digest(msgspec.json.encode(request))
    _forget_key(tenant, key)
    known = IdempotencyKey.objects.filter(tenant=tenant, key=key).first()
    if known is not None and (known.pk in _broken_off or (not known.status and not is_alive(known.owner))):
        _give_up(known)  # the process that ran the call died, or its call failed
        known = None
    if known is None:
        try:
            with transaction.atomic():
                known = IdempotencyKey.objects.create(
                    tenant=tenant, key=key, request_sha256=digest, status=0, answer={}, owner=own_mark()
                )
        except IntegrityError:
            known = IdempotencyKey.objects.filter(tenant=tenant, key=key).first()
            if known is None:  # the first call just failed and released its key
                raise _still_running() from None
        else:
            try:
                answer = act(partial(_keep, known))
                _keep(known, answer)
            except BaseException:
                _broken_off.add(known.pk)
                # If the database is down or its disk full, report the error that the call itself met.
                with suppress(DatabaseError, InterfaceError):
                    _give_up(known)
                raise
            return answer
    if bytes(known.request_sha256) != digest:
        raise IdempotencyError(
            zh="该幂等键已用于另一请求；未做任何更改",
            en="this idempotency key belongs to another request; nothing changed",
        )
    if not known.status:
        raise _still_running()
    return known.status, known.answer


def _forget_key(tenant: Tenant, key: str) -> None:
    """Delete a key if it has expired by the trusted clock too."""
    now = timezone.now()
    if _expired(now).filter(tenant=tenant, key=key).exists():
        _expired(believed_now(now)).filter(tenant=tenant, key=key).delete()


def _digest(content: bytes) -> bytes:
    """Return a keyed digest of a call.

    A plain hash would reveal the contact: with the masked view of the order, few possibilities are left to guess.
    """
    return salted_hmac("waybillguard.api", content, algorithm="sha256").digest()


def _keep(known: IdempotencyKey, answer: Answer) -> None:
    """Store the answer under a key.

    Raises:
        StillRunningError: another call considered this one dead and runs again; the other answer counts.
    """
    status, body = answer
    mine = IdempotencyKey.objects.filter(pk=known.pk, tenant=known.tenant_id)
    if not mine.update(status=status, answer=body):
        raise _still_running()


def _give_up(known: IdempotencyKey) -> None:
    """Release a key whose call failed."""
    IdempotencyKey.objects.filter(pk=known.pk, tenant=known.tenant_id, status=0).delete()
    _broken_off.discard(known.pk)


def _still_running() -> StillRunningError:
    return StillRunningError(
        zh="带此幂等键的请求仍在处理，请稍后以同一键重试；此次调用未做任何更改。",
        en="the call under this idempotency key is still running; try again with the same key in a moment. This call "
        "changed nothing.",
    )


def forget_keys(now: datetime) -> int:
    """Delete the expired idempotency keys of all tenants; return how many."""
    with scopes_disabled():
        return _expired(now).delete()[0]


def _expired(now: datetime) -> QuerySet[IdempotencyKey]:
    broken_off = Q(status=0, created_at__lt=now - CALL_AT_MOST)
    return IdempotencyKey.objects.filter(broken_off | Q(created_at__lt=now - KEY_LIFETIME))


def seal_orders(
    user: User, rows: Sequence[dict[str, str]], also: Callable[[Sealed], None] = lambda _sealed: None
) -> Sealed:
    """Seal rows of JSON with the same parsing, lanes, masks and refusals as rows of a file.

    ``also`` runs in the transaction that makes the orders visible.

    Raises:
        NotAllowedError: the person's role does not import.
    """
    if not user.may(Permission.IMPORT):
        raise refuse(user, "import")
    content = msgspec.json.encode(rows)
    with transaction.atomic():
        batch = Batch.begin(
            user, timezone.now(), kind=Batch.MACHINE, state=Batch.State.READING, bytes_total=len(content),
            file_sha256=_digest(content), owner=own_mark(),
        )  # fmt: skip
    reading = ImportReading(batch)
    shops: dict[int, str] = {}
    try:
        for row in read_rows(COLUMNS, rows, "api"):
            reading.take(row)
            shops[row.row - 1] = row.shop[:80]
        reading.finish()
        reading.publish(Batch.State.PREVIEW)
        batch = commit_import(user, batch, lambda let_in: also(Sealed(let_in, _refused(let_in, shops))))
    except BaseException:
        reading.close()
        # Nothing half-done stays visible; what the database cannot do now, the worker's next start does.
        with suppress(DatabaseError, InterfaceError):
            if fail_call(batch.pk):
                remove_rows(batch)
        raise
    return Sealed(batch, _refused(batch, shops))


def _refused(batch: Batch, shops: dict[int, str]) -> list[tuple[int, str]]:
    """Return the refused rows of an import by position (from 0) with the reason; ``shops`` maps positions to shops."""
    rows = RefusedRow.objects.filter(tenant=batch.tenant, batch=batch, row__gt=0).values_list("row", "reason")
    refused = {row - 1: reason for row, reason in rows}
    if batch.rows_refused > len(refused):  # a contract ended after its rows were stored; those have no number
        ended = shops_past_end(batch.tenant)
        refused |= {
            position: refusal(ended[shop])
            for position, shop in shops.items()
            if shop in ended and position not in refused
        }
    return sorted(refused.items())


def named(
    user: User, order_nos: Iterable[str], waybill_nos: Iterable[str]
) -> dict[tuple[str, str], list[Order]]:
    """Find orders by number through keyed indexes; one ledger entry per call records how many numbers."""
    tenant = tenant_of(user)
    asked = [("order", number) for number in dict.fromkeys(order_nos)]
    asked += [("waybill", number) for number in dict.fromkeys(waybill_nos)]
    if not asked:
        return {}
    book = EpochBook(tenant, keyd())
    days = book.days()
    answer = keyd().call(
        messages.NumberTokens(
            context=context_of(user, purpose="machine"),
            queries=[messages.TokenQuery(field, number, days, []) for field, number in asked],
            roots=book.roots(),
        ),
        messages.TokenAnswer,
    )
    record(tenant, "search", user=user, purpose="machine")
    # Numbers that differ only in case or width have the same tokens.
    owner: dict[str, dict[bytes, list[tuple[str, str]]]] = {"order": {}, "waybill": {}}
    for place, tokens in zip(asked, answer.tokens, strict=True):
        for token in tokens:
            owner[place[0]].setdefault(token, []).append(place)
    found: dict[tuple[str, str], list[Order]] = {}
    for field, places in owner.items():
        tokens = list(places)
        for start in range(0, len(tokens), _IN_ONE_QUERY):
            ids = having_token(field, tokens[start : start + _IN_ONE_QUERY])
            for order in visible(tenant).filter(pk__in=ids):
                token = bytes(order.order_index if field == "order" else order.waybill_index)
                for place in places[token]:
                    found.setdefault(place, []).append(order)
    return found


def change_states(
    user: User,
    changes: Sequence[tuple[list[int], str, datetime | None]],
    also: Callable[[int], None] = lambda _changed: None,
) -> int:
    """Set the state of orders (ids, state, time); delivery starts their retention period.

    The number of orders per state is recorded in the ledger first. A delivery counts from the reported time, but not
    before the order or its import, and at most `LATE_REPORT` before the report arrived, so a stolen API key cannot make
    young orders due. Repeated reports do not postpone: the earlier time is kept. ``also`` runs in the same transaction.

    Raises:
        NotAllowedError: the person's role does not report states.
    """
    if not user.may(Permission.IMPORT):
        raise not_allowed()
    tenant = tenant_of(user)
    now = timezone.now()
    if changes:
        _announce_states(user, changes, now)
    changed = 0
    with transaction.atomic():
        for ids, state, at in changes:
            rows = visible(tenant).filter(pk__in=ids)
            if state not in _ARRIVED:
                changed += rows.update(state=state, delivered_at=None)
                continue
            moments: dict[datetime, list[int]] = {}
            for pk, imported, ordered, before, since in rows.values_list(
                "pk", "batch__created_at", "created_at", "state", "delivered_at"
            ):
                moment = _counted_from(at, now, imported, ordered)
                if before == state and since is not None:
                    moment = min(moment, since)
                moments.setdefault(moment, []).append(pk)
            for moment, those in moments.items():
                changed += visible(tenant).filter(pk__in=those).update(state=state, delivered_at=moment)
        also(changed)
    return changed


def check_times(times: Sequence[datetime | None]) -> None:
    """Refuse reports with impossible times, before any order is looked up.

    Raises:
        VaultError (state_time): a time lies in the future, or too far back for any order to be kept.
    """
    now = timezone.now()
    wrong = [
        place
        for place, at in enumerate(times)
        if at is not None and not now - OLDEST_REPORT <= at <= now + CLOCKS_APART
    ]
    if wrong:
        raise VaultError(
            code="state_time",
            zh=f"第 {wrong[0]} 项（从 0 起）的时间不合理：在将来，或在三年以前；未做任何更改",
            en=f"the time at position {wrong[0]} (from 0) cannot be: in the future, or over three years ago; nothing "
            "changed",
        )


def _counted_from(
    at: datetime | None, now: datetime, imported: datetime, ordered: datetime | None
) -> datetime:
    """Return the moment from which the retention period of a delivered order counts."""
    return min(max(at or now, now - LATE_REPORT, imported, ordered or imported), now)


def _announce_states(
    user: User, changes: Sequence[tuple[list[int], str, datetime | None]], now: datetime
) -> None:
    detail: dict[str, str | int] = {"change": "order_states"}
    for ids, state, _ in changes:
        detail[state] = int(detail.get(state, 0)) + len(ids)
    late = [at for _, state, at in changes if at is not None and state in _ARRIVED and at < now - LATE_REPORT]
    if late:
        detail |= {"late": len(late), "earliest": min(late).isoformat(timespec="seconds")}
    context = context_of(user, purpose="machine")
    keyd().call(messages.Record(context=context, kind="states", detail=detail), messages.Recorded)
