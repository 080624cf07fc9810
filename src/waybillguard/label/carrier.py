"""The carrier interface, which assigns waybill numbers and sort codes, and a simulated carrier.

Only the vault calls a carrier; the print room never does. Carriers refuse masked input, so this is the only module
of the package that handles plaintext. It runs inside the process that holds the keys and stores no plaintext.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Protocol

import msgspec

from waybillguard.label.errors import LabelError


class CarrierRequest(msgspec.Struct, frozen=True):
    """What a carrier needs to number one parcel. Contact fields are plaintext, so ``repr`` omits them."""

    order_uid: bytes
    name: str
    phone: str
    extension: str
    province: str
    city: str
    district: str
    detail: str

    def __repr__(self) -> str:
        """Omit every field that concerns the person."""
        return "CarrierRequest(...)"


class CarrierNumbers(msgspec.Struct, frozen=True):
    """The numbers that a carrier assigns; ``sample`` is True for numbers that are not valid for shipping."""

    waybill_no: str
    sort_code: str
    hub: str
    carrier: str
    sample: bool = False


class Carrier(Protocol):
    """A carrier's numbering interface."""

    def assign(self, request: CarrierRequest) -> CarrierNumbers:
        """Assign numbers to a parcel. Raises ``LabelError``."""
        ...


class SimulatorCarrier:
    """A simulated carrier: numbers depend only on order and seed, and labels are marked 样张.

    The same order always gets the same numbers, so a repeated request does not create a second parcel. Sort codes
    have the three segments of Chinese carriers: province, place, route.

    >>> carrier = SimulatorCarrier()
    >>> request = CarrierRequest(b"1", "测试人甲", "", "", "浙江省", "金华市", "义乌市", "机场路1号")
    >>> carrier.assign(request).sort_code.rsplit("-", 1)[0]
    '浙-义乌'
    """

    NAME: Final = "样张速运"
    PREFIX: Final = "SX"

    def __init__(self, seed: bytes = b"") -> None:
        self._seed = seed

    def assign(self, request: CarrierRequest) -> CarrierNumbers:
        """Assign numbers to a parcel. Raises ``LabelError`` if the place is unknown."""
        if not request.province or not request.city:
            raise LabelError(
                code="carrier_refused",
                zh="快递接口拒绝：地址缺少省或市，请补全后重试。",
                en="the carrier refuses: the address lacks province or city; complete it and try again.",
            )
        digest = hashlib.blake2b(request.order_uid, key=self._seed, digest_size=16).digest()
        number = int.from_bytes(digest[:8], "big") % 10**14
        place = _short(request.district or request.city)
        route = int.from_bytes(digest[8:10], "big") % 99 + 1
        return CarrierNumbers(
            waybill_no=f"{self.PREFIX}{number:014d}",
            sort_code=f"{_provinces().get(request.province[:2], request.province[:1])}-{place}-{route:02d}",
            hub=f"{_short(request.city)}集散",
            carrier=self.NAME,
            sample=True,
        )


CARRIERS: Final[MappingProxyType[str, Callable[[], Carrier]]] = MappingProxyType(
    {"simulator": SimulatorCarrier}
)
"""Carrier interfaces by the name that settings and ``--carrier`` use."""

_SUFFIXES: Final = ("特别行政区", "自治州", "自治县", "自治旗", "地区", "市", "区", "县", "盟", "旗")
_SHORTEST: Final = 2
_LONGEST: Final = 4


@cache
def _provinces() -> dict[str, str]:
    raw = files("waybillguard.label").joinpath("data", "provinces.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in raw.splitlines() if not line.startswith("#"))
    return {start: short for start, short in rows}  # noqa: C416 - a row of two, not a mapping


def _short(place: str) -> str:
    """Shorten a division's name for a sort code (义乌市 to 义乌), to at least two characters."""
    for suffix in _SUFFIXES:
        if place.endswith(suffix) and len(place) - len(suffix) >= _SHORTEST:
            return place[: -len(suffix)][:_LONGEST]
    return place[:_LONGEST]
