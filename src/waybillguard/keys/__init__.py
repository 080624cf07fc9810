"""Cryptographic primitives, the key hierarchy and the holders of the root key.

Promise: no key is stored in the clear, no nonce is used twice, every ciphertext names its key. Keys do not
appear in ``repr``, ``str`` or formatting and cannot be pickled.

>>> holder = FileHolder(keyfile.unlock(path, passphrase))  # doctest: +SKIP
>>> epoch = new_epoch(holder, tenant="w1", day=20781, epoch_id=1)  # doctest: +SKIP
>>> key = unwrap_epoch(holder, epoch)  # doctest: +SKIP
"""

from waybillguard.keys import keyfile
from waybillguard.keys.hierarchy import (
    FileHolder,
    KeyHolder,
    Purpose,
    RootKey,
    WrappedEpoch,
    new_epoch,
    unwrap_epoch,
)
from waybillguard.keys.primitives import Argon2Params, SecretKey

__all__ = [
    "Argon2Params",
    "FileHolder",
    "KeyHolder",
    "Purpose",
    "RootKey",
    "SecretKey",
    "WrappedEpoch",
    "keyfile",
    "new_epoch",
    "unwrap_epoch",
]
