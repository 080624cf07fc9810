"""Row filter inside a warehouse: a merchant's person sees only the orders of the merchant's own shops.

Every query of ``Order.objects`` within ``inside`` is limited to these shops, so code that does not consider merchants
shows too little, never too much. The filter is set together with the tenant's scope, from the session or the bearer
token. Raw SQL bypasses the manager and must use ``shops_inside``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Final

from django.db import models

from waybillguard.service.identity.models import MerchantShop, Role, User

_inside: ContextVar[tuple[str, ...] | None] = ContextVar("merchant_shops", default=None)
NOWHERE: Final[tuple[str, ...]] = ()


class OrderManager(models.Manager[Any]):
    """Manager of orders, limited to the shops of the current filter; all orders if none is set."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Limit every query to the shops of the current filter."""
        shops = _inside.get()
        found = super().get_queryset()
        return found if shops is None else found.filter(shop__in=shops)


def shops_inside() -> tuple[str, ...] | None:
    """Return the shops of the current filter; None if none is set."""
    return _inside.get()


def shops_of(user: User) -> tuple[str, ...] | None:
    """Return the shops that a person may see; None (no limit) for the warehouse's own people.

    A merchant's person without a merchant sees nothing.
    """
    if user.role != Role.MERCHANT:
        return None
    shops = MerchantShop.objects.filter(tenant=user.tenant, merchant__people__user=user).order_by("shop")
    return tuple(shops.values_list("shop", flat=True))


def enter(user: User) -> Token[tuple[str, ...] | None]:
    """Set the filter for a person until ``leave``; call it within the tenant's scope."""
    return _inside.set(shops_of(user))


def leave(token: Token[tuple[str, ...] | None]) -> None:
    """Remove the filter that ``enter`` set."""
    _inside.reset(token)


@contextmanager
def inside(user: User) -> Iterator[None]:
    """Apply the filter of ``user`` within the block."""
    token = enter(user)
    try:
        yield
    finally:
        leave(token)


@contextmanager
def outside() -> Iterator[None]:
    """Lift the filter within the block, to compute figures of the whole warehouse; no order data may leave it."""
    token = _inside.set(None)
    try:
        yield
    finally:
        _inside.reset(token)
