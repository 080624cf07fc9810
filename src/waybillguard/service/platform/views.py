"""Helpers shared by several pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language

from waybillguard.errors import WaybillGuardError
from waybillguard.orders.rows_cells import spreadsheet_text


def said(error: WaybillGuardError) -> str:
    """Return an error's text in the language of the page."""
    return error.message(get_language() or "zh-hans")


# Maximum digits of a number parameter.
_DIGITS = 10


def attempt[T](request: HttpRequest, action: Callable[[], T]) -> T | None:
    """Run ``action``; turn a `WaybillGuardError` into a message on the next page and return None."""
    try:
        return action()
    except WaybillGuardError as error:
        messages.error(request, said(error))
        return None


def is_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx requests a page fragment."""
    return request.headers.get("HX-Request") == "true"


def number(value: Any, least: int, most: int, default: int) -> int:  # noqa: ANN401 - request data
    """Parse a number of a request, from ``least`` to ``most``; other input gives the default."""
    text = str(value or "")
    numeric = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if numeric and least <= int(text) <= most else default


def csv_cell(text: str) -> str:
    """Quote a CSV cell so that spreadsheets keep formulas and long numbers as text."""
    return '"' + spreadsheet_text(text).replace('"', '""') + '"'
