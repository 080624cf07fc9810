"""Shops of merchants: keyd opens an order for a merchant's person only if it is from the merchant's own shops.

A contact opens only under the shop it was sealed for (`seal.envelope`), so naming another shop opens nothing. Adding a
shop or a person needs an owner's code confirmed for exactly that; removing one needs no code.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.enrolling import MERCHANT, OWNER
from waybillguard.service.keyd.errors import NotGrantedError
from waybillguard.service.keyd.people import Merchant

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

_MOST_TOLD: Final = 2_000


class MerchantShops(msgspec.Struct, frozen=True, array_like=True):
    """All shops of one merchant, and all people (``u7``) who look on its behalf."""

    number: int
    shops: tuple[str, ...]
    people: tuple[str, ...]


class SetMerchants(messages.Request, frozen=True):
    """Set the shops of merchants. Other merchants only lose the people who move to these."""

    context: messages.Context
    merchants: tuple[MerchantShops, ...]


def set_merchants(ops: "Operations", request: SetMerchants) -> messages.Done:
    """Store shops and people of merchants, after recording them in the ledger.

    Raises:
        NotGrantedError: somebody gains a shop, and no owner is signed in.
        StepUpNeededError: the owner's code was not confirmed for this.
    """
    context, people = request.context, ops.people
    with people.lock:
        before = people.merchants(context.tenant)
        after = _after(before, request)
        changed = [one for number, one in after.items() if one != before.get(number)]
        everybody = {name for one in changed for name in one.people}
        if any(not _shops(after, name) <= _shops(before, name) for name in everybody):
            ops.gate.confirmed_session(request, context, role=OWNER)
        given = {one.number for one in request.merchants}
        for one in sorted(
            changed, key=lambda one: one.number in given
        ):  # people leave their old merchant first
            had = before.get(one.number, Merchant(context.tenant, one.number))
            detail: dict[str, str | int] = {
                "change": "merchant_shops", "merchant": one.number, "shops": len(one.shops),
                "names": "; ".join(_new_first(one.shops, had.shops))[:_MOST_TOLD],
                "people": " ".join(_new_first(one.people, had.people))[:_MOST_TOLD],
            }  # fmt: skip
            ops.write([ops.entry(context, EntryKind.ACCOUNT, FieldClass.STAFF, detail=detail)])
            people.put_merchant(one)
    return messages.Done()


def require_own_shops(
    ops: "Operations", tenant: str, person: str, role: str, orders: Iterable[messages.SealedRef]
) -> None:
    """Check that a merchant's person opens only orders of the merchant's shops; the warehouse's own people pass.

    Raises:
        NotGrantedError: an order is of another shop.
    """
    if role == MERCHANT and not {order.shop for order in orders} <= _shops(
        ops.people.merchants(tenant), person
    ):
        raise NotGrantedError(
            zh="订单不属于您的店铺，未打开任何数据。若应属于您，请负责人在“人员 → 商家”中核对并重新保存。",
            en="an order is of a shop that is not yours; nothing was opened. If it should be, have an owner check and save "
            "People → Merchants once more.",
        )


def _after(before: Mapping[int, Merchant], request: SetMerchants) -> dict[int, Merchant]:
    after = dict(before)
    for given in request.merchants:
        for number, one in after.items():
            stay = tuple(name for name in one.people if name not in given.people)
            if stay != one.people:
                after[number] = msgspec.structs.replace(one, people=stay)
        known = before.get(given.number) or Merchant(request.context.tenant, given.number)
        after[given.number] = msgspec.structs.replace(
            known, shops=tuple(sorted(set(given.shops))), people=tuple(sorted(set(given.people)))
        )
    return after


def _new_first(names: tuple[str, ...], had: tuple[str, ...]) -> list[str]:
    """Return names with added ones first, because an entry may not have room for all."""
    return sorted(names, key=lambda name: name in had)


def _shops(merchants: Mapping[int, Merchant], person: str) -> frozenset[str]:
    return frozenset(shop for one in merchants.values() if person in one.people for shop in one.shops)
