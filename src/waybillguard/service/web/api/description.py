"""Additions to the OpenAPI description: authentication, limits, errors, tags, scopes of keys."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from waybillguard.service.identity.devices.messages import spoken_schemas
from waybillguard.service.identity.machine_keys.scopes import OPERATIONS
from waybillguard.service.platform.problems import CONTENT_TYPE, Problem

ABOUT: Final = """Orders go in sealed and come out masked; no operation returns a name, a phone or an address in the clear.

**Sign in** with `Authorization: Bearer …`: an interface key (`wgk_…`), which an owner makes in the console under
Devices → Interface keys, with scopes and an end; or the 12-hour CLI token of a person. What a key lacks is refused with 403 and the
scope's name.

**Errors** are problem documents (RFC 9457, `application/problem+json`): `title` is stable, for programs; `detail_zh` and
`detail_en` are for people; `fields` names what is not as required, never what it held. 409 and 429 say in `Retry-After` how
long to wait; 503 means that the key process is away: try again.

**Strict**: a field, parameter or body that is not described, one that came twice, and a value of another type are refused
with 422, and nothing is done.

**Once**: give changes an `Idempotency-Key`; after a broken connection send the same call under the same key.

**Pages**: `GET /orders` answers `next_cursor`; hand it in as `cursor` until it is empty.

**Limits** are counted a key: 600 calls a minute in all, of these 120 of masked orders by number and 60 searches; at most
1,000 orders a call and 2 MB a body."""
TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "access": "Who calls, signing in and out, this description.",
        "imports": "Export files: upload, preview, let in, take out.",
        "orders": "Seal orders, see them masked, report their states.",
        "labels": "Ask for labels and fetch them.",
        "buyers": "What a merchant's system asks for a buyer.",
        "retention": "Shredding, retention, rotation of keys, leakage of indexes. For people alone.",
        "inspections": "Check the warehouse against the controls.",
        "notices": "Answers to notices of authorities. For people alone.",
        "devices": "Print agents and stations; every call is signed by the device (RFC 9421).",
        "town": "Warehouses that report to this hub; every call is signed by the key they enrolled with (RFC 9421).",
    }
)
_TAG_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "login": "access", "logout": "access", "me": "access", "openapi.json": "access", "imports": "imports",
        "orders": "orders", "label-runs": "labels", "parcel-links": "buyers", "messages": "buyers",
        "shred": "retention", "retention": "retention", "keys": "retention", "leakage": "retention",
        "inspections": "inspections", "notice-answers": "notices", "devices": "devices",
        "town": "town",
    }
)  # fmt: skip
"""Tag of an operation, by the first segment of its path."""


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """Add the parts common to all operations to a generated OpenAPI description."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.setdefault("Problem", Problem.model_json_schema())
    schemas |= spoken_schemas()
    schema["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    refusal = {
        "description": "Refused: a problem document",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            operation["responses"].setdefault("default", refusal)
            operation["tags"] = [_TAG_OF[path.removeprefix("/api/v1/").split("/")[0]]]
            scope = OPERATIONS.get((verb, path.removeprefix("/api/v1")))
            if scope:
                operation["x-scope"] = scope
                operation["description"] = (
                    f"{operation.get('description', '')}\n\nScope of an interface key: `{scope}`.".strip()
                )
    return schema
