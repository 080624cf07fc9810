"""What the published description says beyond the shapes: how to sign in, limits, errors, and scopes of keys."""

from typing import Any, Final

from waybillguard.service.identity.machine_keys.scopes import OPERATIONS
from waybillguard.service.platform.problems import CONTENT_TYPE, Problem

ABOUT: Final = """Orders go in sealed and come out masked; no operation returns a name, a phone or an address in the clear.

**Sign in** with `Authorization: Bearer …`: a machine key (`wgk_…`), which an owner makes in the console under People →
Machine keys, with scopes and an end; or the 12-hour shell token of a person. What a key lacks is refused with 403 and the
scope's name.

**Errors** are problem documents (RFC 9457, `application/problem+json`): `title` is stable, for programs; `detail_zh` and
`detail_en` are for people; `fields` names what is not as required, never what it held. 409 and 429 say in `Retry-After` how
long to wait; 503 means that the key process is away: try again.

**Once**: give changes an `Idempotency-Key`; after a broken connection send the same call under the same key.

**Pages**: `GET /orders` answers `next_cursor`; hand it in as `cursor` until it is empty.

**Limits** are counted a key: 600 calls a minute in all, of these 120 of masked orders by number and 60 searches; at most
1,000 orders a call and 2 MB a body."""


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """Add to a generated description what every operation shares."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    schemas.setdefault("Problem", Problem.model_json_schema())
    refusal = {
        "description": "Refused: a problem document",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            operation["responses"].setdefault("default", refusal)
            scope = OPERATIONS.get((verb, path.removeprefix("/api/v1")))
            if scope:
                operation["x-scope"] = scope
                operation["description"] = (
                    f"{operation.get('description', '')}\n\nScope of a machine key: `{scope}`.".strip()
                )
    return schema
