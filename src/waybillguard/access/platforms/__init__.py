"""Plaintext from shop platforms: their published APIs, and requests that comply with them.

Promise: no request is made without a purpose that the platform has a code for, without an operator, before the masked
view, or above the platform's batch size. Plaintexts are passed only to ``take``. Purposes without a published code
are refused. Signatures, tokens and addresses are handled by the gateway.

``data/platforms/*.csv`` contains the source of every fact.
"""

from waybillguard.access.platforms.errors import PlatformError
from waybillguard.access.platforms.opening import Clock, Gateway, Outcome, open_contacts
from waybillguard.access.platforms.requests import (
    Call,
    Cipher,
    DecryptedField,
    Masked,
    UndecryptedField,
    decrypt_calls,
    mask_calls,
    masked_with_orders,
    read_answer,
)
from waybillguard.access.platforms.surface import Limit, Surface, platforms, scene_of, surface

__all__ = [
    "Call",
    "Cipher",
    "Clock",
    "DecryptedField",
    "Gateway",
    "Limit",
    "Masked",
    "Outcome",
    "PlatformError",
    "Surface",
    "UndecryptedField",
    "decrypt_calls",
    "mask_calls",
    "masked_with_orders",
    "open_contacts",
    "platforms",
    "read_answer",
    "scene_of",
    "surface",
]
