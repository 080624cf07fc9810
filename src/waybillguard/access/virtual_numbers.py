"""Virtual numbers (虚拟号): a caller dials a number of the provider, which connects to the consignee.

The real number is sent only from the key-holding process to the provider. The returned number and extension are
valid for a few minutes and identify nobody afterwards.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

import msgspec

from waybillguard.access.errors import VirtualNumberError

BOUND_FOR: Final = timedelta(minutes=15)
"""How long a number stays bound: enough for a call and one retry."""


class BindRequest(msgspec.Struct, frozen=True):
    """A request to a provider: the real number and the expiry. ``reference`` identifies the binding, not a person."""

    reference: str
    phone: str
    extension: str
    until: datetime

    def __repr__(self) -> str:
        """Return a repr without personal data."""
        return "BindRequest(...)"


class Binding(msgspec.Struct, frozen=True):
    """The number to dial: ``number``, then ``extension``. ``sample``: a simulated number that connects nobody."""

    number: str
    extension: str
    until: datetime
    sample: bool = False


class VirtualNumbers(Protocol):
    """A provider of virtual numbers. The texts of its exceptions are never passed on."""

    def bind(self, request: BindRequest) -> Binding:
        """Bind a virtual number to a real one until ``request.until``."""
        ...

    def release(self, reference: str) -> None:
        """End a binding early; an expired binding is no error."""
        ...


class SimulatedNumbers:
    """A simulated provider: numbers are derived from the reference and marked as samples.

    >>> from datetime import UTC
    >>> until = datetime(2026, 11, 25, 12, 15, tzinfo=UTC)
    >>> SimulatedNumbers().bind(BindRequest("c1", "19900000000", "", until)).sample
    True
    """

    def bind(self, request: BindRequest) -> Binding:
        """Return a number from an unassigned range.

        Raises:
            VirtualNumberError: there is no number to connect to.
        """
        if not request.phone:
            raise no_phone()
        digest = int.from_bytes(hashlib.sha256(b"virtual/" + request.reference.encode()).digest()[:8])
        number = f"95000{digest % 1_000_000:06}"
        return Binding(number, f"{digest // 1_000_000 % 10_000:04}", request.until, sample=True)

    def release(self, reference: str) -> None:
        """Do nothing, because bindings are not stored."""


PROVIDERS: Final[MappingProxyType[str, Callable[[], VirtualNumbers]]] = MappingProxyType(
    {"simulator": SimulatedNumbers}
)
"""Providers by name. To add one, register a class with ``bind`` and ``release`` here."""


def no_phone() -> VirtualNumberError:
    """Build the error for an order without a telephone number."""
    return VirtualNumberError(
        zh="此订单没有可接通的电话。", en="this order holds no telephone number that could be connected."
    )


def provider_failed() -> VirtualNumberError:
    """Build the error for a failed provider, without the provider's own text, which may contain the number."""
    return VirtualNumberError(
        zh="虚拟号服务商没有应答或拒绝了请求，未接通。请稍后再试；多次失败请联系负责人核对服务商账户。",
        en="the provider of virtual numbers did not answer, or refused; nothing was connected. Try again shortly; if it "
        "goes on, have the owner check the account with the provider.",
    )
