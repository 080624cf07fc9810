"""Errors of the keys room. None of them names a passphrase, a key or a path's content."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class KeysError(WaybillGuardError):
    """Base of what can go wrong with keys."""

    code: ClassVar[str] = "keys"


class WrongPassphraseError(KeysError):
    """The passphrase does not open the key file (or its sealed part was altered)."""

    code: ClassVar[str] = "wrong_passphrase"


class WeakPassphraseError(KeysError):
    """The new passphrase is too short to protect anything."""

    code: ClassVar[str] = "weak_passphrase"


class KeyFileDamagedError(KeysError):
    """The key file is not one of ours, cut short, or asks for parameters outside the bounds."""

    code: ClassVar[str] = "key_file_damaged"


class KeyFileMissingError(KeysError):
    """There is no key file at the place given, or it cannot be read."""

    code: ClassVar[str] = "key_file_missing"


class KeyFileExistsError(KeysError):
    """A key file is there already and is never overwritten."""

    code: ClassVar[str] = "key_file_exists"


class KeyFileOpenToOthersError(KeysError):
    """Other accounts of the machine may read or write the key file."""

    code: ClassVar[str] = "key_file_open_to_others"


class KeyFileUnwritableError(KeysError):
    """The key file cannot be written; what was there before is unchanged."""

    code: ClassVar[str] = "key_file_unwritable"


class KeyMemoryError(KeysError):
    """The machine could not give the memory that the key file's parameters ask for."""

    code: ClassVar[str] = "key_memory"


class UnwrapError(KeysError):
    """A wrapped key is damaged, of another root key, or was moved to another tenant, day or number."""

    code: ClassVar[str] = "unwrap"


class KeyUseError(KeysError):
    """A key, salt or number of the wrong size was handed in: a fault of the calling program."""

    code: ClassVar[str] = "key_use"


class HolderMissingError(KeysError):
    """A key holder needs a library that is not installed; the text names the extra."""

    code: ClassVar[str] = "holder_missing"


class HolderUnreachableError(KeysError):
    """The key holder does not answer: no server, no module, no token, no keyring."""

    code: ClassVar[str] = "holder_unreachable"


class HolderRefusedError(KeysError):
    """The key holder says no: wrong PIN or token, no such key, or what it holds was altered."""

    code: ClassVar[str] = "holder_refused"


class SharesError(KeysError):
    """Shares of an escrow that do not give a key: too few, mistyped, or of different sets."""

    code: ClassVar[str] = "shares"
