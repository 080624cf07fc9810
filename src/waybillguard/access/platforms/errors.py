"""Why a platform is not asked for plaintext. None names a person, an order or a ciphertext."""

from typing import ClassVar

from waybillguard.access.errors import AccessError


class PlatformError(AccessError):
    """Base: nothing was sent, or what came back cannot be read."""

    code: ClassVar[str] = "platform"


class UnknownPlatformError(PlatformError):
    """The platform's calls are not described."""

    code: ClassVar[str] = "platform_platform"


class PlatformPurposeError(PlatformError):
    """No purpose, an unknown one, or one that the platform has no published code for."""

    code: ClassVar[str] = "platform_purpose"


class OperatorMissingError(PlatformError):
    """Nobody is named who asks."""

    code: ClassVar[str] = "platform_operator"


class MaskFirstError(PlatformError):
    """An order was not shown masked before its plaintext is asked for."""

    code: ClassVar[str] = "platform_masked_first"
