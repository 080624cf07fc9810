"""Select the employment of a person that is in force on a day."""

from collections.abc import Iterable
from datetime import date

from waybillguard.service.identity.models import Employment


def covers(employment: Employment, day: date) -> bool:
    """Tell whether an employment covers a day."""
    return (employment.employed_from is None or employment.employed_from <= day) and (
        employment.employed_to is None or day <= employment.employed_to
    )


def standing_period(periods: Iterable[Employment], day: date) -> Employment | None:
    """Return the employment in force on a day: one that covers it, else the one that ends last.

    Ties are broken by the latest end, then the latest start, then the latest entry. So an imported list with an old
    employment cannot replace the current one.
    """

    def rank(one: Employment) -> tuple[bool, date, date, int]:
        return covers(one, day), one.employed_to or date.max, one.employed_from or date.min, one.pk or 0

    return max(periods, key=rank, default=None)
