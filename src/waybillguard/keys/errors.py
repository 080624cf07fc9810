"""Errors of the keys package. None contains a passphrase, a key or the content of a file."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class KeysError(WaybillGuardError):
    """Base of all errors with keys."""

    code: ClassVar[str] = "keys"


class WrongPassphraseError(KeysError):
    """The passphrase does not open the key file (or its sealed part was altered)."""

    code: ClassVar[str] = "wrong_passphrase"


class WeakPassphraseError(KeysError):
    """The new passphrase is too short."""

    code: ClassVar[str] = "weak_passphrase"


class KeyFileDamagedError(KeysError):
    """The key file has another format, is cut short, or has parameters outside the bounds."""

    code: ClassVar[str] = "key_file_damaged"


class KeyFileMissingError(KeysError):
    """There is no key file at the given path, or it cannot be read."""

    code: ClassVar[str] = "key_file_missing"


class KeyFileExistsError(KeysError):
    """A key file exists already and is never overwritten."""

    code: ClassVar[str] = "key_file_exists"


class KeyFileOpenToOthersError(KeysError):
    """Other accounts of the machine may read or write the key file."""

    code: ClassVar[str] = "key_file_open_to_others"


class KeyFileUnwritableError(KeysError):
    """The key file cannot be written; the previous file is unchanged."""

    code: ClassVar[str] = "key_file_unwritable"


class KeyMemoryError(KeysError):
    """The machine does not have the memory that the key file's parameters require."""

    code: ClassVar[str] = "key_memory"


class UnwrapError(KeysError):
    """A wrapped key is damaged, belongs to another root key, or was moved to another tenant, day or number."""

    code: ClassVar[str] = "unwrap"


class KeyUseError(KeysError):
    """A key, salt or number of the wrong size was passed, which is a fault of the calling program."""

    code: ClassVar[str] = "key_use"


class HolderMissingError(KeysError):
    """A key holder needs a library that is not installed; the text names the extra to install."""

    code: ClassVar[str] = "holder_missing"


class HolderUnreachableError(KeysError):
    """The key holder is not available: no server, no module, no token or no keyring."""

    code: ClassVar[str] = "holder_unreachable"


class HolderRefusedError(KeysError):
    """The key holder refused: wrong PIN or token, no such key, or altered data."""

    code: ClassVar[str] = "holder_refused"


class SharesError(KeysError):
    """The shares of an escrow do not give a key: too few, mistyped, or from different sets."""

    code: ClassVar[str] = "shares"
