"""Plaintext from shop platforms: what each publishes of its calls, and requests that keep to it.

Promise: nothing is asked for without a purpose the platform has a code for, without a named operator, before the masked
view, or in larger lots than the platform takes; an answer goes to ``take`` and nowhere else. What a platform does not
publish is not made up: its purposes are refused. Signatures, tokens and addresses are the gateway's business.

Sources stand beside every fact in ``data/platforms/*.csv``.
"""

from waybillguard.access.platforms.errors import (
    MaskFirstError,
    OperatorMissingError,
    PlatformError,
    PlatformPurposeError,
    UnknownPlatformError,
)
from waybillguard.access.platforms.opening import Clock, Gateway, Outcome, open_contacts
from waybillguard.access.platforms.requests import (
    Call,
    Cipher,
    Masked,
    Opened,
    Withheld,
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
    "Gateway",
    "Limit",
    "MaskFirstError",
    "Masked",
    "Opened",
    "OperatorMissingError",
    "Outcome",
    "PlatformError",
    "PlatformPurposeError",
    "Surface",
    "UnknownPlatformError",
    "Withheld",
    "decrypt_calls",
    "mask_calls",
    "masked_with_orders",
    "open_contacts",
    "platforms",
    "read_answer",
    "scene_of",
    "surface",
]
