"""Parameters of a floor world: size, days, thefts."""

from enum import StrEnum

import msgspec

MICRO = 1_000_000
DAY = 86_400
#: The warehouses use China's time: UTC+8, without summer time.
ZONE = 8 * 3600


class TheftKind(StrEnum):
    """Kinds of theft, as named in the truth."""

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


#: Kinds that leave no event.
UNSEEN = frozenset(
    {TheftKind.PRINT_TAP, TheftKind.LABEL_PHOTOGRAPHER, TheftKind.SHOP_LEAK, TheftKind.ERP_LEAK}
)
#: Thefts planned for the word ``gangs``: two independent thieves in one warehouse.
GANGS = (TheftKind.SHARED_PASSWORD, TheftKind.HIDDEN_REMOTE)


class Plan(msgspec.Struct, frozen=True):
    """The size of a world and its thefts.

    Attributes:
        seed: of the world; the same plan gives the same world.
        first_day: days since 1970-01-01 in the warehouses' zone.
        days: number of simulated days.
        tenants: number of warehouses.
        parcels: parcels that the median warehouse ships on an ordinary day.
        thefts: kinds of theft and their gang ('' for none), assigned to the warehouses in turn.
        outside: share of the victims whose data came from other leaks.
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
