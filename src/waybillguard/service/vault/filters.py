"""Reads the filters of order lists from the URL."""

from datetime import date

from django.http import QueryDict

from waybillguard.service.platform.views import number
from waybillguard.service.vault.listing import OrderFilters


def filters_of(query: QueryDict) -> OrderFilters:
    """Read the filters of a URL query; invalid values are ignored."""
    return OrderFilters(
        day_from=_day(query.get("from")),
        day_to=_day(query.get("to")),
        state=query.get("state", ""),
        shop=query.get("shop", "")[:80],
        lane=query.get("lane", ""),
        printed=query.get("printed", ""),
        batch=number(query.get("batch"), 1, 10**9, 0) or None,
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
