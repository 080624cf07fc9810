"""Which of a person's periods of employment counts on a day."""

from collections.abc import Iterable
from datetime import date

from waybillguard.service.identity.models import Employment


def covers(employment: Employment, day: date) -> bool:
    """Tell whether a period covers a day."""
    return (employment.employed_from is None or employment.employed_from <= day) and (
        employment.employed_to is None or day <= employment.employed_to
    )


def standing_period(periods: Iterable[Employment], day: date) -> Employment | None:
    """Return the period that counts on a day: one that covers it, else the one that ends last.

    Of several, the one that ends last counts, then the one that began last, then the one entered last. A list that
    brings in an old period can so not take the place of the one somebody works in.
    """

    def rank(one: Employment) -> tuple[bool, date, date, int]:
        return covers(one, day), one.employed_to or date.max, one.employed_from or date.min, one.pk or 0

    return max(periods, key=rank, default=None)
