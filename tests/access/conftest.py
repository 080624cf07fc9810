"""Fixtures: an ordinary request to be varied, and the policy book of a new warehouse."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import msgspec
import pytest

from waybillguard.access import (
    Device,
    OrderFacts,
    Person,
    Place,
    PolicyBook,
    QuotaFacts,
    Request,
    ShiftFacts,
    SignIn,
    book_of,
    default_settings,
)

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 24, 10, tzinfo=ZONE)

type Ask = Callable[..., Request]


@pytest.fixture(scope="session")
def zone() -> timezone:
    return ZONE


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return book_of(default_settings())


@pytest.fixture(scope="session")
def ordinary() -> Request:
    """An allowed look at plaintext: an owner, an enrolled device, a purpose, an open order."""
    return Request(
        at=NOW,
        person=Person(
            id="p-1",
            tenant="t-1",
            role="owner",
            employed_from=date(2026, 1, 5),
            first_day=date(2026, 1, 5),
            identity_checked=True,
        ),
        action="reveal",
        tenant="t-1",
        device=Device(id="d-1", tenant="t-1", kind="desk", enrolled=True),
        place=Place(site="s-1", station="w-1"),
        sign_in=SignIn(method="second_factor", stepped_up=True),
        shift=ShiftFacts(on=True),
        purpose="after_sales",
        order=OrderFacts(tenant="t-1", merchant="m-1"),
        quota=QuotaFacts(left=5),
    )


@pytest.fixture(scope="session")
def ask(ordinary: Request) -> Ask:
    """Return a builder: fields of the request, and ``part__field`` for fields of its parts."""

    def build(**changes: object) -> Request:
        request = ordinary
        for name, value in changes.items():
            part, _, inner = name.partition("__")
            new = msgspec.structs.replace(getattr(request, part), **{inner: value}) if inner else value
            request = msgspec.structs.replace(request, **{part: new})
        return request

    return build
