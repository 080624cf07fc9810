"""The wall inside a warehouse: a merchant's person sees orders of his own shops and no others, anywhere.

It stands where orders are read: every query of ``Order.objects`` within ``inside`` is narrowed to the shops. So a
page, a search, a count or an operation that forgets about merchants shows too little, never too much. Opened
beside the tenant's scope, by the same two doors: the session and the bearer token. What goes past the query
layer (raw SQL) asks ``shops_inside``.
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
    """Orders of the shops that the reader may see; of all where no wall stands."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Narrow every query to the shops inside."""
        shops = _inside.get()
        found = super().get_queryset()
        return found if shops is None else found.filter(shop__in=shops)


def shops_inside() -> tuple[str, ...] | None:
    """Return the shops within the wall that stands now; None where none stands."""
    return _inside.get()


def shops_of(user: User) -> tuple[str, ...] | None:
    """Return the shops to which a person is confined; None for the warehouse's own people.

    A merchant's person who is tied to no merchant sees nothing.
    """
    if user.role != Role.MERCHANT:
        return None
    shops = MerchantShop.objects.filter(tenant=user.tenant, merchant__people__user=user).order_by("shop")
    return tuple(shops.values_list("shop", flat=True))


def enter(user: User) -> Token[tuple[str, ...] | None]:
    """Raise the wall for a person until ``leave``; within the tenant's scope."""
    return _inside.set(shops_of(user))


def leave(token: Token[tuple[str, ...] | None]) -> None:
    """Take down the wall that ``enter`` raised."""
    _inside.reset(token)


@contextmanager
def inside(user: User) -> Iterator[None]:
    """Look as ``user`` looks."""
    token = enter(user)
    try:
        yield
    finally:
        leave(token)


@contextmanager
def outside() -> Iterator[None]:
    """Look past the wall at a fact of the whole warehouse; nothing of an order may leave this block but a figure."""
    token = _inside.set(None)
    try:
        yield
    finally:
        _inside.reset(token)
