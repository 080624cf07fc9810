"""Errors of the seal package. None contains a field of an order, a token or a key."""

from waybillguard.errors import WaybillGuardError


class SealError(WaybillGuardError):
    """Base of all errors in sealing or opening orders."""

    code = "seal"


class CannotOpenError(SealError):
    """Sealed data does not open: altered, cut short, another key, or moved to another order.

    There is one class for all causes on purpose: only a forger benefits from knowing which check failed.
    """

    code = "cannot_open"


class ForgedReferenceError(CannotOpenError):
    """The code on a label is not a sealed reference of this tenant."""

    code = "forged_reference"


class CannotSealError(SealError):
    """An order cannot be sealed; ``position`` counts from 0 in the batch (-1: a single order)."""

    code = "cannot_seal"
    position: int = -1


def cannot_open() -> CannotOpenError:
    """Make the single error for all data that does not open."""
    return CannotOpenError(
        zh="密封数据无法打开：已被改动、截断，密钥不符，或不属于该订单。未显示任何内容；"
        "请核对密钥与该行记录，或从备份恢复。",
        en="the sealed data does not open: altered, cut short, sealed by another key, or not of this order. "
        "Nothing was shown; check the key and the row, or restore it from a backup.",
    )
