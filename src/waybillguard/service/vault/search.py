"""Order search by keyed index; keyd records each search in the ledger as a look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from django.db.models import QuerySet
from django.utils import timezone
from pyroaring import BitMap

from waybillguard.seal.normal import normalise_phone
from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.searching import FRAGMENTS, MAX_TESTED, PERSONAL
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.epochs import EpochBook, roots_of
from waybillguard.service.vault.errors import SearchError
from waybillguard.service.vault.exact import having_token, orders_with_token
from waybillguard.service.vault.fragments import candidates, waiting_chunks
from waybillguard.service.vault.listing import let_in, shops, visible
from waybillguard.service.vault.models import Order
from waybillguard.service.vault.sealed import sealed_refs
from waybillguard.service.vault.signals import person_searched, search_answered

MAX_FOUND = 200
SHOPS_A_SEARCH = 500
LEAST_PHONE = 10
"""Digits of a landline with area code; fewer are a fragment and find nobody."""
LAST_FOUR_DAYS = 30
"""First day searched for the last four digits if no day is named: there is one index key per shop and day."""

SearchKind = Literal["any", "order", "waybill", "phone", "last4", "name", "address"]
_IDS_AT_ONCE = 1_000
_PHONE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}")
"""A mobile number, or a landline with area code, in the form keyd indexes."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Result of a search; ``truncated`` if there was more than is shown or could be tested.

    keyd opened ``tested`` records. ``indexing``: an import is still being merged, so its orders may be missing.
    ``last_four``: the last four digits were searched. ``for_person``: a phone, name or address was, so
    orders of lane A cannot be found.
    """

    orders: list[Order]
    truncated: bool
    tested: int = 0
    indexing: bool = False
    last_four: bool = False
    for_person: bool = False


def search_orders(
    user: User,
    kind: str,
    value: str,
    *,
    shop: str = "",
    day: date | None = None,
    session: str = "",
    also: Sequence[tuple[str, str]] = (),
) -> SearchResult:
    """Find orders by a number, a full phone, its last four digits, or a fragment of name or address.

    The last four digits are searched on the named day and shop, else in the last `LAST_FOUR_DAYS` days and in every
    shop of the tenant. Every other kind is narrowed by shop and day if given. ``also`` adds terms that must match too.
    keyd records the search in the ledger before it makes the tokens. keyd tests candidates of a fragment against the
    sealed contact, newest orders first, `MAX_TESTED` at most.

    Raises:
        NotAllowedError: the person's role does not search.
        SearchError: nothing to search by, not exactly four digits, a fragment that is too short, or the
            searches of the shift are used up.
    """
    if not user.may(Permission.SEARCH):
        raise refuse(user, "search")
    terms = [(term, text.strip()) for term, text in ((kind, value), *also)]
    if not all(text for _, text in terms):
        raise SearchError(zh="请输入要查询的内容", en="type what to search for")
    if any(term not in get_args(SearchKind) for term, _ in terms):
        raise SearchError(zh="未知的查询方式", en="unknown kind of search")
    for_person = sum(_for_person(term, text) for term, text in terms)
    if for_person:
        person_searched.send(User, user=user, amount=for_person)
    tails = any("last4" in _fields(term, text) for term, text in terms if term not in FRAGMENTS)
    result = _found(user, terms, shop, day, session)
    result = replace(result, last_four=tails, for_person=for_person > 0)
    if for_person:
        search_answered.send(User, user=user, missed=0 if result.orders else for_person)
    only = result.orders if len(result.orders) == 1 else []
    record(tenant_of(user), "search", user=user, orders=only, purpose=kind)
    return result


def _found(
    user: User, terms: list[tuple[str, str]], shop: str, day: date | None, session: str
) -> SearchResult:
    tenant = tenant_of(user)
    context = context_of(user, purpose="search", session=session)
    book = EpochBook(tenant, keyd())
    orders = visible(tenant)
    for term, text in terms:
        if term in FRAGMENTS:
            continue
        tokens = _exact(book, tenant, context, _fields(term, text), text, (shop, day))
        if len(terms) == 1:
            number = day_number(day, tenant) if day else None
            rows = orders_with_token(tenant, tokens, MAX_FOUND + 1, shop=shop, day=number)
            return SearchResult(rows[:MAX_FOUND], truncated=len(rows) > MAX_FOUND)
        found = [pk for field, asked in tokens for pk in having_token(field, asked)]
        if not found:
            return SearchResult([], truncated=False)
        orders = orders.filter(pk__in=found)
    if shop:
        orders = orders.filter(shop=shop)
    if day:
        orders = orders.filter(day=day_number(day, tenant))
    wanted = [(term, text) for term, text in terms if term in FRAGMENTS]
    if wanted:
        days = book.days()
        pieces = [messages.TokenQuery(term, text, days, []) for term, text in wanted]
        return _fragments(book, tenant, context, pieces, orders)
    rows = list(orders.order_by("-pk")[: MAX_FOUND + 1])
    return SearchResult(rows[:MAX_FOUND], truncated=len(rows) > MAX_FOUND)


def find_numbers(
    user: User,
    numbers: Sequence[str],
    fields: Sequence[str] = ("order", "waybill"),
    *,
    shredded: bool = False,
) -> dict[str, list[int]]:
    """Return the ids of the orders with each order or waybill number (or phone); one look in the ledger per number.

    ``shredded``: include shredded orders while the indexes of their numbers are kept.

    Raises:
        NotAllowedError: the person's role does not search.
    """
    if not user.may(Permission.SEARCH):
        raise refuse(user, "search")
    tenant = tenant_of(user)
    days = EpochBook(tenant, keyd()).days(shredded=shredded)
    roots = roots_of(tenant, shredded=shredded)
    queries = [messages.TokenQuery(field, number, days, []) for number in numbers for field in fields]
    answer = keyd().call(
        messages.Tokens(context=context_of(user, purpose="search"), queries=queries, roots=roots),
        messages.TokenAnswer,
    )
    orders = let_in(tenant) if shredded else visible(tenant)
    record(tenant, "search", user=user, purpose="numbers")
    found: dict[str, list[int]] = {number: [] for number in numbers}
    for query, tokens in zip(queries, answer.tokens, strict=True):
        if tokens and not found[query.value]:
            ids = having_token(query.field, tokens)
            found[query.value] = list(orders.filter(pk__in=ids).values_list("pk", flat=True))
    return found


def _exact(
    book: EpochBook,
    tenant: Tenant,
    context: messages.Context,
    fields: list[str],
    value: str,
    where: tuple[str, date | None],
) -> list[tuple[str, list[bytes]]]:
    """Return the tokens of an exact term, by field."""
    shop, day = where
    queries = []
    for field in fields:
        if field == "last4":
            named = [shop] if shop else shops(tenant)[:SHOPS_A_SEARCH]
            last = day_number(day or timezone.now(), tenant)
            days = [last] if day else list(range(last - LAST_FOUR_DAYS + 1, last + 1))
            queries.append(messages.TokenQuery(field, value, days, named))
        else:
            queries.append(messages.TokenQuery(field, value, book.days(), []))
    answer = keyd().call(
        messages.Tokens(context=context, queries=queries, roots=book.roots()), messages.TokenAnswer
    )
    return [(query.field, tokens) for query, tokens in zip(queries, answer.tokens, strict=True)]


def _fragments(
    book: EpochBook,
    tenant: Tenant,
    context: messages.Context,
    pieces: list[messages.TokenQuery],
    orders: QuerySet[Order],
) -> SearchResult:
    """Narrow by postings, then have keyd test the candidates."""
    answer = keyd().call(
        messages.FragmentTokens(context=context, queries=pieces, roots=book.roots()), messages.FragmentAnswer
    )
    if not all(answer.months) and pieces[0].days:
        raise SearchError(
            zh="片段太短：请至少输入两个相连的汉字，或完整的门牌数字",
            en="too short: type at least two neighbouring characters, or a whole number of the address",
        )
    # Read first: chunks merged between the two reads then count as waiting and are not silently missed.
    waiting = waiting_chunks(tenant).filter(batch__isnull=False).exists()
    found: BitMap | None = None
    for piece, months in zip(pieces, answer.months, strict=True):
        ids = candidates(tenant, piece.field, months)
        found = ids if found is None else found & ids
    rows = _newest(orders, found or BitMap())
    if not rows:
        return SearchResult([], truncated=False, indexing=waiting)
    sealed = sealed_refs(tenant, [row.pk for row in rows[:MAX_TESTED]])
    tested = [row for row in rows[:MAX_TESTED] if row.pk in sealed.refs]
    verdict = keyd().call(
        messages.MatchFragments(
            context=context,
            queries=pieces,
            epochs=sealed.epochs,
            orders=[sealed.refs[row.pk] for row in tested],
        ),
        messages.Matches,
    )
    matching = [row for row, holds in zip(tested, verdict.matching, strict=True) if holds]
    return SearchResult(
        matching[:MAX_FOUND],
        truncated=len(matching) > MAX_FOUND or len(rows) > MAX_TESTED,
        tested=len(tested),
        indexing=waiting,
    )


def _newest(orders: QuerySet[Order], found: BitMap) -> list[Order]:
    """Return the newest orders in ``found``, one more than may be tested."""
    rows: list[Order] = []
    ids = list(reversed(found))
    for start in range(0, len(ids), _IDS_AT_ONCE):
        part = orders.filter(pk__in=ids[start : start + _IDS_AT_ONCE]).order_by("-pk")
        rows.extend(part[: MAX_TESTED + 1 - len(rows)])
        if len(rows) > MAX_TESTED:
            break
    return rows


def _for_person(kind: str, value: str) -> bool:
    """Return whether a search is for a person. Scanning a waybill into the general search field is not."""
    return kind in PERSONAL or (kind == "any" and (_is_tail(value) or _is_phone(value)))


def _is_phone(value: str) -> bool:
    """Return whether keyd would search for a phone, ignoring other characters around and between the digits."""
    return _PHONE.fullmatch(normalise_phone(value)) is not None


def _is_tail(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) == 4  # noqa: PLR2004 - the last four digits


def _fields(kind: str, value: str) -> list[str]:
    if kind == "last4":
        if not _is_tail(value):
            raise SearchError(zh="请输入手机尾号的 4 位数字", en="type the last four digits of the phone")
        return ["last4"]
    if kind == "phone" and sum(letter.isdigit() for letter in value) < LEAST_PHONE:
        raise _no_phone()
    if kind != "any":
        return [kind]
    if _is_tail(value):
        return ["last4"]
    return ["order", "waybill", "phone"]


def _no_phone() -> SearchError:
    return SearchError(
        zh="请输入完整的手机号（11 位）或带区号的座机号；只知道尾号请选“手机尾号”",
        en="type the whole phone, 11 digits, or a landline with its area; with the last four choose “Last four”",
    )
