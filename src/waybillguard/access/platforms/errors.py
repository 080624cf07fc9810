"""Errors of plaintext requests to platforms. None of them names a person, an order or a ciphertext."""

from typing import ClassVar

from waybillguard.access.errors import AccessError


class PlatformError(AccessError):
    """Base: no request was sent, or the response cannot be read."""

    code: ClassVar[str] = "platform"


class UnknownPlatformError(PlatformError):
    """The platform has no entry in the data files."""

    code: ClassVar[str] = "platform_platform"


class PlatformPurposeError(PlatformError):
    """The purpose is missing, unknown, or has no published code on the platform."""

    code: ClassVar[str] = "platform_purpose"


class OperatorMissingError(PlatformError):
    """The operator is missing."""

    code: ClassVar[str] = "platform_operator"


class MaskFirstError(PlatformError):
    """The plaintext of an order was requested before its masked view was shown."""

    code: ClassVar[str] = "platform_masked_first"
