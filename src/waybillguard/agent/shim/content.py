"""Classifies a document: a reference to a sealed order, a platform's ciphertext, or a consignee.

The test is an allow-list. A document is a reference only if all its keys are known and hold plain numbers. It is
ciphertext only if a platform's envelope is really opaque and the data beside it contains no person. Everything else
counts as plaintext. Cases: ``tests/cases/shim``.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from waybillguard.agent.shim.clean import LONGEST_WORDS, SHORTEST_CIPHERTEXT, is_clean, is_number, is_opaque
from waybillguard.agent.shim.unfold import readable, unpack
from waybillguard.agent.shim.wire import Document


class Kind(StrEnum):
    """The class of a document, considering all its parts."""

    REFERENCE = "reference"
    CIPHERTEXT = "ciphertext"
    PLAINTEXT = "plaintext"


#: Keys that may hold a reference, in order of preference.
REFERENCE_KEYS = (
    "reference", "waybillNo", "waybillCode", "waybill_no", "waybill_code", "运单号", "快递单号",
    "orderNo", "order", "order_no", "orderId", "order_id", "orderSn", "order_sn", "订单号", "订单编号",
)  # fmt: skip
#: Keys of a part beside its data: the address of the template, which is ignored because our labels have their own.
_AROUND = frozenset({"templateURL", "templateUrl", "signature", "ver"})
#: The two forms of an envelope: the key that holds the platform's ciphertext.
_SEALED = ("encryptedData", "printInfo")
#: Keys allowed in an envelope beside the ciphertext; they hold no text of an ERP.
_ENVELOPE = _AROUND | {"params", "userid", "key", "printNum", "splitControl", "showDeliveryLogo", "taskID"}
#: Data of the sender that an ERP adds; forwarded unchanged if it concerns only the sender.
_ADDED = ("addData", "extendData")
_SENDER = frozenset({"sender", "senderInfo"})
#: Beside the documents: keys for the numbers of a request, and the longest value, in bytes of JSON.
_NUMBERS = frozenset({"requestID", "taskID"})
LONGEST_HOW = 512
#: The form of a template's address without its query; userinfo, fragment and percent signs are not allowed.
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@/\-]*)?")
_CODED = re.compile(r"[^A-Za-z0-9+_\-]+")
_CUSTOM = ("data", "customData", "customInfo")


def classify(document: Document) -> tuple[Kind, str]:
    """Return the class of a document, and the number if it is a reference.

    >>> classify(Document("1", ({"data": {"orderNo": "A-10001"}},)))
    (<Kind.REFERENCE: 'reference'>, 'A-10001')
    """
    if not is_clean(document.number) or not is_clean(document.beside):
        return Kind.PLAINTEXT, ""
    references: list[str] = []
    sealed = custom = 0
    for part in document.contents:
        if not all(_is_address(part.get(key, "")) for key in ("templateURL", "templateUrl")):
            return Kind.PLAINTEXT, ""
        if _is_envelope(part):
            sealed += 1
        elif reference := _reference(part):
            references.append(reference)
        elif _is_custom_area(part):
            custom += 1
        else:
            return Kind.PLAINTEXT, ""
    if sealed:  # a number beside an envelope is in its custom area
        return Kind.CIPHERTEXT, ""
    return (Kind.REFERENCE, references[0]) if len(references) == 1 and not custom else (Kind.PLAINTEXT, "")


def are_print_settings(said: Mapping[str, Any]) -> bool:
    """Return whether the values beside a request's documents are short technical values.

    ``said`` comes from `waybillguard.agent.shim.wire.print_settings`. Only printers may have Chinese names.
    """
    for key, value in said.items():
        if key == "task":
            if not isinstance(value, dict) or not are_print_settings(value):
                return False
            continue
        if key in _NUMBERS and is_number(value):
            continue
        written = msgspec.json.encode(value)
        if (
            len(written) > LONGEST_HOW
            or not (key == "printer" or written.isascii())
            or not is_clean({key: value})
        ):
            return False
    return True


def _is_envelope(part: Mapping[str, Any]) -> bool:
    key = next((name for name in _SEALED if name in part), "")
    if not key or not is_opaque(part[key]) or part.get("printType", 1) != 1:
        return False
    rest = part.keys() - _ENVELOPE - {key, "printType"}
    if not rest <= {*_ADDED, "customInfo"}:
        return False
    if not all(
        isinstance(part[name], dict) and part[name].keys() <= _SENDER for name in _ADDED if name in part
    ):
        return False
    custom = part.get("customInfo", {})
    return (
        isinstance(custom, dict)
        and _is_custom(custom)
        and all(_is_plain(part.get(name)) for name in _ENVELOPE)
    )


def _is_plain(value: object) -> bool:
    """Return whether a value beside the ciphertext is a number, a signature or the address of a template."""
    if isinstance(value, dict):
        return all(_is_plain(item) for item in value.values())
    if isinstance(value, str):
        return value.isascii() and (
            is_number(value) or is_opaque(value) or _is_address(value) or is_clean(value)
        )
    return value is None or isinstance(value, bool | int | float)


def _is_address(value: object) -> bool:
    """Return whether a value is the address of a template without personal data in its path or query."""
    if not isinstance(value, str) or not value:
        return value == ""
    address, _, query = value.partition("?")
    if len(value) > LONGEST_WORDS or "#" in query or not _ADDRESS.fullmatch(address):
        return False
    parts = urlsplit(address)
    steps = parts.path.split("/")
    coded = [parts.path.strip("/"), *(piece for step in steps for piece in _CODED.split(step))]
    return (
        all(is_clean(step) for step in (parts.netloc, *steps))
        and not any(_is_readable_code(piece) for piece in coded)
        and all(is_clean({key: item}) for key, item in parse_qsl(query, keep_blank_values=True))
    )


def _is_readable_code(text: str) -> bool:
    """Return whether a text is base64 or hexadecimal of readable words."""
    packed, whole = unpack(text) or (b"", True)
    words = readable(packed)
    return not whole or (words is not None and (len(text) >= SHORTEST_CIPHERTEXT or not is_clean(words)))


def _is_custom_area(part: Mapping[str, Any]) -> bool:
    """Return whether a part is the custom area below a platform's waybill and contains no person."""
    keys = [name for name in _CUSTOM if name in part]
    return part.keys() <= _AROUND | set(keys) and bool(keys) and all(is_clean(part[name]) for name in keys)


def _is_custom(custom: Mapping[str, Any]) -> bool:
    return (
        custom.keys() <= {"templateUrl", "templateURL", "data"}
        and is_clean(custom.get("data", {}))
        and all(_is_address(custom.get(name, "")) for name in ("templateUrl", "templateURL"))
    )


def _reference(part: Mapping[str, Any]) -> str:
    data = part.get("data")
    if isinstance(data, str):
        try:
            data = msgspec.json.decode(data)
        except msgspec.DecodeError:
            return ""
    if not part.keys() <= _AROUND | {"data"} or not isinstance(data, dict) or not data:
        return ""
    if not data.keys() <= set(REFERENCE_KEYS):
        return ""
    values = [data[key] for key in REFERENCE_KEYS if key in data]
    if not all(is_number(value) for value in values):
        return ""
    return str(values[0])
