"""What a document carries: a reference to a sealed order, a platform's ciphertext, or a consignee.

The test is an allow-list. A part is a reference only if everything in it is a known key with a plain number;
it is ciphertext only if it is a platform's envelope and nothing else; whatever remains counts as plaintext.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from waybillguard.agent.shim.wire import Document


class Kind(StrEnum):
    """What the parts of a document are, taken together."""

    REFERENCE = "reference"
    CIPHERTEXT = "ciphertext"
    PLAINTEXT = "plaintext"


#: Keys under which a reference may stand, best first.
REFERENCE_KEYS = ("ticket", "reference", "waybillNo", "waybillCode", "orderNo", "order")
#: Keys of a part beside its data: where the template lies; it is ignored, our labels have their own.
_AROUND = frozenset({"templateURL", "signature", "ver"})
#: Keys of a platform's envelope. ``addData`` may alter the sender alone and is passed on as it is.
_ENVELOPE = frozenset({"encryptedData", "templateURL", "signature", "ver", "addData", "params"})
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,79}")
_MOBILE = re.compile(r"(?:\+?86-?)?1[3-9][0-9]{9}")
_SHORTEST_CIPHERTEXT = 32


def classify(document: Document) -> tuple[Kind, str]:
    """Say what a document is, and for a reference which.

    >>> classify(Document("1", ({"data": {"orderNo": "A-10001"}},)))
    (<Kind.REFERENCE: 'reference'>, 'A-10001')
    """
    references: list[str] = []
    ciphertext = False
    for part in document.contents:
        if _is_envelope(part):
            ciphertext = True
            continue
        reference = _reference(part)
        if not reference:
            return (Kind.CIPHERTEXT, "") if ciphertext and _is_custom_area(part) else (Kind.PLAINTEXT, "")
        references.append(reference)
    if ciphertext:
        return (Kind.PLAINTEXT, "") if references else (Kind.CIPHERTEXT, "")
    return (Kind.REFERENCE, references[0]) if len(references) == 1 else (Kind.PLAINTEXT, "")


def _is_envelope(part: Mapping[str, Any]) -> bool:
    data = part.get("encryptedData")
    if not isinstance(data, str) or len(data) < _SHORTEST_CIPHERTEXT or not data.isascii():
        return False
    return part.keys() <= _ENVELOPE and not any(c.isspace() for c in data)


def _is_custom_area(part: Mapping[str, Any]) -> bool:
    """Say whether a part fills the custom area below a platform's waybill with numbers alone."""
    data = part.get("data")
    return (
        part.keys() <= _AROUND | {"data"}
        and isinstance(data, dict)
        and all(isinstance(value, str) and _is_number(value) for value in data.values())
    )


def _reference(part: Mapping[str, Any]) -> str:
    data = part.get("data")
    if not part.keys() <= _AROUND | {"data"} or not isinstance(data, dict) or not data:
        return ""
    if not data.keys() <= set(REFERENCE_KEYS):
        return ""
    values = [data[key] for key in REFERENCE_KEYS if key in data]
    if not all(isinstance(value, str) and _is_number(value) for value in values):
        return ""
    return str(values[0])


def _is_number(value: str) -> bool:
    return bool(_NUMBER.fullmatch(value)) and not _MOBILE.fullmatch(value)
