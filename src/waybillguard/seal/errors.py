"""Errors of the seal package. None contains a field of an order, a token or a key."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class SealError(WaybillGuardError):
    """Base of all errors in sealing or opening orders."""

    code: ClassVar[str] = "seal"


class CannotOpenError(SealError):
    """Sealed data does not open: altered, cut short, another key, or moved to another order.

    There is one class for all causes on purpose: only a forger benefits from knowing which check failed.
    """

    code: ClassVar[str] = "cannot_open"


class UnknownSuiteError(CannotOpenError):
    """The header names a version or suite that this program does not support."""

    code: ClassVar[str] = "unknown_suite"


class ForgedReferenceError(CannotOpenError):
    """The code on a label is not a sealed reference of this tenant."""

    code: ClassVar[str] = "forged_reference"


class StreamDamagedError(CannotOpenError):
    """A sealed file is cut short, reordered, altered or sealed with another key."""

    code: ClassVar[str] = "stream_damaged"


class DecoyTagError(CannotOpenError):
    """A decoy tag matches neither a decoy nor a real order."""

    code: ClassVar[str] = "decoy_tag"


class ExportDamagedError(CannotOpenError):
    """A sealed export is cut short, reordered, altered, or not such a file."""

    code: ClassVar[str] = "export_damaged"


class ExportKeyError(SealError):
    """A key of a recipient of exports is invalid, or belongs to another recipient."""

    code: ClassVar[str] = "export_key"


class CannotSealError(SealError):
    """An order cannot be sealed; ``position`` counts from 0 in the batch (-1: a single order)."""

    code: ClassVar[str] = "cannot_seal"
    position: int = -1


def cannot_open() -> CannotOpenError:
    """Make the single error for all data that does not open."""
    return CannotOpenError(
        zh="密封数据无法打开: 已被改动、截断, 密钥不符, 或不属于该订单。未显示任何内容; "
        "请核对密钥与该行记录, 或从备份恢复。",
        en="the sealed data does not open: altered, cut short, sealed by another key, or not of this order. "
        "Nothing was shown; check the key and the row, or restore it from a backup.",
    )
