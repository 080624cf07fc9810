"""What a floor world is made of: size, days, thefts."""

from enum import StrEnum

import msgspec

MICRO = 1_000_000
DAY = 86_400
#: The warehouses keep China's time: UTC+8, without summer time.
ZONE = 8 * 3600


class TheftKind(StrEnum):
    """The ways in which data leaves; the first column of the truth."""

    NIGHT_REMOTE = "night_remote"
    DAYTIME_REMOTE = "daytime_remote"
    LEAVER = "leaver"
    TEMP = "temp"
    SLOW_CLERK = "slow_clerk"
    SHARED_PASSWORD = "shared_password"  # noqa: S105 - a way of stealing, not a secret
    PRINT_TAP = "print_tap"
    COURIER_PHOTO = "courier_photo"


class Plan(msgspec.Struct, frozen=True):
    """The size of a world and what is stolen in it.

    Attributes:
        seed: the world; the same plan gives the same world.
        first_day: days since 1970-01-01 in the warehouses' zone.
        days: how many days are simulated.
        tenants: warehouses with events.
        others: further warehouses that only ship, for common-node analysis.
        parcels: mean parcels a warehouse ships on a plain day.
        thefts: kinds of theft, dealt out over the warehouses in turn.
        outside: share of the victims whose data came from elsewhere.
    """

    seed: int = 0
    first_day: int = 20_730
    days: int = 30
    tenants: int = 2
    others: int = 12
    parcels: int = 1_200
    thefts: tuple[TheftKind, ...] = tuple(TheftKind)
    outside: float = 0.15


def at(day: int, seconds: float) -> int:
    """Return the instant ``seconds`` after local midnight of ``day``, in microseconds UTC."""
    return int((day * DAY - ZONE + seconds) * MICRO)


def local_day(ts: int) -> int:
    """Return the local day of an instant."""
    return (ts // MICRO + ZONE) // DAY
