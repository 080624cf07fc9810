"""The process that reads one list from outside and may die of it: ``python -m waybillguard.service.external_accounts.child``.

Request and list arrive on standard input, the answer goes out on standard output; nothing is said on
standard error, because a parser's complaint may quote what it reads.
"""

from zoneinfo import ZoneInfo

import msgspec

from waybillguard.access.registry_reading import (
    AccountList,
    MerchantList,
    PayrollList,
    read_accounts,
    read_merchants,
    read_payroll,
)
from waybillguard.errors import WaybillGuardError
from waybillguard.sandbox import Bounds, serve

MEMORY = 1024 * 1024 * 1024
SECONDS = 60


class Request(msgspec.Struct):
    """What to read: the kind of list, the system it is of, the zone of its times, and its bytes.

    ``sites`` are the words for sites, ``taken`` whose shops are (shop to merchant).
    """

    kind: str
    system: str
    zone: str
    content: bytes
    sites: list[str] = []
    taken: dict[str, str] = {}


class Answer(msgspec.Struct):
    """One of the lists, or why there is none."""

    accounts: AccountList | None = None
    payroll: PayrollList | None = None
    merchants: MerchantList | None = None
    zh: str = ""
    en: str = ""


def answer(request: Request) -> Answer:
    """Read the list, or say why it cannot be read."""
    try:
        if request.kind == "payroll":
            return Answer(payroll=read_payroll(request.content, sites=request.sites))
        if request.kind == "merchants":
            return Answer(merchants=read_merchants(request.content, taken=request.taken))
        return Answer(
            accounts=read_accounts(request.content, system=request.system, zone=ZoneInfo(request.zone))
        )
    except WaybillGuardError as error:
        return Answer(zh=error.zh, en=error.en)


if __name__ == "__main__":
    serve(Request, answer, Bounds(memory=MEMORY, seconds=SECONDS))
