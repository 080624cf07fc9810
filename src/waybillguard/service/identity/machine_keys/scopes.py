"""The scopes of machine keys, and the scope that each operation requires.

Operations not listed here are for people only: shredding, retention, keys, looks, leakage.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

SCOPES: Final[Mapping[str, object]] = MappingProxyType(
    {
        "seal": _("Seal orders"),
        "masked": _("See masked orders"),
        "search": _("Search orders"),
        "states": _("Report states of orders"),
        "imports": _("Upload export files"),
        "labels": _("Ask for labels"),
        "buyers": _("Answer buyers: links to their orders, verdicts on messages"),
    }
)

ANY_KEY: Final = ""
"""Scope of operations that every valid key may call."""

OPERATIONS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("get", "/me"): ANY_KEY,
        ("get", "/openapi.json"): ANY_KEY,
        ("post", "/orders/seal"): "seal",
        ("get", "/orders"): "masked",
        ("post", "/orders/masked"): "masked",
        ("post", "/orders/search"): "search",
        ("post", "/orders/state"): "states",
        ("post", "/imports"): "imports",
        ("get", "/imports/{import_id}"): "imports",
        ("get", "/imports/{import_id}/refused"): "imports",
        ("post", "/imports/{import_id}/commit"): "imports",
        ("post", "/imports/{import_id}/undo"): "imports",
        ("post", "/parcel-links"): "buyers",
        ("post", "/messages/check"): "buyers",
        ("post", "/label-runs"): "labels",
        ("get", "/label-runs/{run_id}"): "labels",
        ("get", "/label-runs/{run_id}/refused"): "labels",
        ("get", "/label-runs/{run_id}/file"): "labels",
    }
)
