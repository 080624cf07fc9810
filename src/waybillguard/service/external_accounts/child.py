"""Child process that reads one untrusted list: ``python -m waybillguard.service.external_accounts.child``.

The request with the list arrives on standard input; the answer goes to standard output. Nothing is written to
standard error, because a parser's message may quote the list.
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
    """A list to read: its kind, its system, the time zone of its times, and its bytes.

    ``sites`` are the names of sites; ``taken`` maps each known shop to its merchant.
    """

    kind: str
    system: str
    zone: str
    content: bytes
    sites: list[str] = []
    taken: dict[str, str] = {}


class Answer(msgspec.Struct):
    """The list that was read, or the reason why it could not be read."""

    accounts: AccountList | None = None
    payroll: PayrollList | None = None
    merchants: MerchantList | None = None
    zh: str = ""
    en: str = ""


def answer(request: Request) -> Answer:
    """Read the list, or report why it cannot be read."""
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
