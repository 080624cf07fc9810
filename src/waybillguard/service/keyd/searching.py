"""Searches by fragment and lookups by number.

As in `operations`, the ledger is written first. A fragment search has two entries: before its tokens are made, and
before keyd opens the candidates, with the number of records tested. Only yes or no leaves this process.
"""

from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.seal import month_of, open_contact
from waybillguard.seal.errors import SealError
from waybillguard.seal.grams import FragmentField, holds_fragment
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

FRAGMENTS: Final = {"name": FragmentField.NAME, "address": FragmentField.ADDRESS}
_CLASSES: Final = {"name": FieldClass.NAME, "address": FieldClass.ADDRESS}
MAX_TESTED: Final = 500
"""Maximum records one search may have opened and tested."""
SEARCHES_A_MINUTE: Final = 120
"""Maximum searches for a person (phone, name, address) by one actor per minute; searches by number do not count."""
SEARCHES_A_DAY: Final = 3_000
"""The same in 24 hours, so that guessing phones slowly gains nothing."""
SEARCHES_A_MINUTE_IN_ALL: Final = 1_200
"""Maximum searches by all actors of one tenant per minute."""
PERSONAL: Final = frozenset({"phone", "last4", "name", "address"})


def number_tokens(ops: "Operations", request: messages.NumberTokens) -> messages.TokenAnswer:
    """Make the tokens of order and waybill numbers for a machine; one entry records their number."""
    indexes = ops.tenant_keys(request.context.tenant, request.roots).indexes
    if any(query.field not in {"order", "waybill"} for query in request.queries):
        raise RequestRefusedError(zh="未知的查询字段", en="unknown search field")
    detail: dict[str, str | int] = {"field": "number", "numbers": len(request.queries)}
    ops.write([ops.entry(request.context, EntryKind.SEARCH, FieldClass.ORDER_NO, detail=detail)])
    answers = []
    for query in request.queries:
        make = indexes.order_tokens if query.field == "order" else indexes.waybill_tokens
        answers.append(make(query.value, sorted({month_of(day) for day in query.days})))
    return messages.TokenAnswer(answers)


def fragment_tokens(ops: "Operations", request: messages.FragmentTokens) -> messages.FragmentAnswer:
    """Make gram tokens, after recording the search in the ledger."""
    grams = ops.gram_keys(request.context.tenant, request.roots)
    fields = [_field(query) for query in request.queries]
    ops.usage.search(request.context.tenant, request.context.actor, len(request.queries))
    ops.write([
        ops.entry(request.context, EntryKind.SEARCH, _CLASSES[query.field], detail={"field": query.field})
        for query in request.queries
    ])  # fmt: skip
    return messages.FragmentAnswer([
        [
            messages.MonthTokens(month, tokens, generation)
            for generation, keys in grams
            for month, tokens in keys.search_tokens(
                field, query.value, sorted({month_of(day) for day in query.days})
            )
        ]
        for field, query in zip(fields, request.queries, strict=True)
    ])  # fmt: skip


def match_fragments(ops: "Operations", request: messages.MatchFragments) -> messages.Matches:
    """Open the candidates and return which orders really contain every fragment."""
    if len(request.orders) > MAX_TESTED:
        raise RequestRefusedError(
            zh=f"一次查询最多核对 {MAX_TESTED} 条记录", en=f"a search tests at most {MAX_TESTED} records"
        )
    fields = [(_field(query), query.value) for query in request.queries]
    if not fields:
        raise RequestRefusedError(zh="没有要核对的内容", en="there is nothing to test")
    tenant = request.context.tenant
    detail: dict[str, str | int] = {
        "field": "+".join(sorted({query.field for query in request.queries})),
        "tested": len(request.orders),
    }
    ops.usage.search(tenant, request.context.actor, 1)
    ops.write([ops.entry(request.context, EntryKind.SEARCH, FieldClass.CONTACT, detail=detail)])
    epochs = {epoch.epoch_id: epoch for epoch in request.epochs}
    matching = []
    for order in request.orders:
        epoch = epochs.get(order.epoch_id)
        if epoch is None or not ops.may_open(tenant, order.order_uid, epoch):
            matching.append(False)
            continue
        try:
            contact = open_contact(
                order.blob, epoch=ops.epoch_key(tenant, epoch), salt=order.salt, tenant=tenant,
                order_uid=order.order_uid, shop=order.shop,
            )  # fmt: skip
        except SealError:
            matching.append(False)  # damaged or moved: it cannot be opened and does not match
            continue
        matching.append(all(holds_fragment(field, contact, value) for field, value in fields))
    return messages.Matches(matching)


def _field(query: messages.TokenQuery) -> FragmentField:
    if (field := FRAGMENTS.get(query.field)) is None:
        raise RequestRefusedError(zh="未知的查询字段", en="unknown search field")
    return field
