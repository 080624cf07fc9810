"""What a floor world is made of: size, days, thefts."""

from enum import StrEnum

import msgspec

MICRO = 1_000_000
DAY = 86_400
#: The warehouses keep China's time: UTC+8, without summer time.
ZONE = 8 * 3600


class TheftKind(StrEnum):
    """The ways in which data leaves, as the truth names them."""

    NIGHT_REMOTE = "night_remote"
    HIDDEN_REMOTE = "hidden_remote"
    LEAVER = "leaver"
    TEMP = "temp"
    SLOW_CLERK = "slow_clerk"
    SHARED_PASSWORD = "shared_password"  # noqa: S105 - a way of stealing, not a secret
    PRINT_TAP = "print_tap"
    LABEL_PHOTOGRAPHER = "label_photographer"
    SHOP_LEAK = "shop_leak"
    ERP_LEAK = "erp_leak"


#: Kinds of which no event tells.
UNSEEN = frozenset(
    {TheftKind.PRINT_TAP, TheftKind.LABEL_PHOTOGRAPHER, TheftKind.SHOP_LEAK, TheftKind.ERP_LEAK}
)
#: What is planned for the word ``gangs``: two thieves who do not know each other in one warehouse.
GANGS = (TheftKind.SHARED_PASSWORD, TheftKind.HIDDEN_REMOTE)


class Plan(msgspec.Struct, frozen=True):
    """The size of a world and what is stolen in it.

    Attributes:
        seed: the world; the same plan gives the same world.
        first_day: days since 1970-01-01 in the warehouses' zone.
        days: how many days are simulated.
        tenants: warehouses.
        parcels: parcels that the median warehouse ships on a plain day.
        thefts: kinds of theft and the gang they belong to ('' for none), dealt out over the warehouses in turn.
        outside: share of the victims whose data came from elsewhere.
    """

    seed: int = 0
    first_day: int = 20_730
    days: int = 30
    tenants: int = 2
    parcels: float = 1_200
    thefts: tuple[tuple[TheftKind, str], ...] = tuple((kind, "") for kind in TheftKind)
    outside: float = 0.15


def at(day: int, seconds: float) -> int:
    """Return the instant ``seconds`` after local midnight of ``day``, in microseconds UTC."""
    return int((day * DAY - ZONE + seconds) * MICRO)


def local_day(ts: int) -> int:
    """Return the local day of an instant."""
    return (ts // MICRO + ZONE) // DAY
