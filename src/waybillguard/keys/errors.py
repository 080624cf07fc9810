"""Errors of the keys package. None contains a passphrase, a key or the content of a file."""

from waybillguard.errors import WaybillGuardError


class KeysError(WaybillGuardError):
    """Base of all errors with keys."""

    code = "keys"


class WrongPassphraseError(KeysError):
    """The passphrase does not open the key file (or its sealed part was altered)."""

    code = "wrong_passphrase"


class UnwrapError(KeysError):
    """A wrapped key is damaged, belongs to another root key, or was moved to another tenant, day or number."""

    code = "unwrap"


class HolderRefusedError(KeysError):
    """The key holder refused: wrong PIN or token, no such key, or altered data."""

    code = "holder_refused"
