"""Errors of plaintext requests to platforms. None of them names a person, an order or a ciphertext."""

from waybillguard.access.errors import AccessError


class PlatformError(AccessError):
    """Base: no request was sent, or the response cannot be read."""

    code = "platform"
