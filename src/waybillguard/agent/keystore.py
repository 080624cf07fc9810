"""Stores the device's two private keys: sealed to the TPM if there is one, else in the keyring, else in a file.

The keyring is the operating system's; the file has mode 0600. Keys are never moved automatically: the store that was
chosen at enrolment is used until the next enrolment.
"""

import base64
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent.errors import StationError
from waybillguard.agent.files import read_private, write_private
from waybillguard.agent.protocol import KeyPlace
from waybillguard.agent.tpm import DEFAULT as DEFAULT_TPM
from waybillguard.agent.tpm import FILE as TPM_FILE
from waybillguard.agent.tpm import TpmError, TpmStore
from waybillguard.keys.primitives import KEY_SIZE, Random, SecretKey

AUTO: Final = "auto"
KINDS: Final = (AUTO, "tpm", "keyring", "file")
FILE: Final = "device.key"
_SERVICE: Final = "waybillguard agent"
_LEAST_PRIORITY: Final = 1.0


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """The device's private keys: Ed25519 for signatures, X25519 for sealed jobs."""

    signing: Ed25519PrivateKey = field(repr=False)
    sealing: X25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "DeviceKeys":
        """Make the keys from 64 secret bytes."""
        return cls(
            Ed25519PrivateKey.from_private_bytes(secret[:KEY_SIZE]),
            X25519PrivateKey.from_private_bytes(secret[KEY_SIZE : 2 * KEY_SIZE]),
        )

    @property
    def signing_public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        """The X25519 public key, 32 bytes."""
        return self.sealing.public_key().public_bytes_raw()


class KeyStore(Protocol):
    """A store for 64 secret bytes."""

    @property
    def kind(self) -> KeyPlace:
        """The kind of store, as reported to the service."""

    def read(self) -> SecretKey | None:
        """Return the secret; None if there is none yet."""

    def write(self, secret: bytes) -> None:
        """Store the secret."""

    def forget(self) -> None:
        """Delete the secret if there is one."""


class FileStore:
    """A file of mode 0600 in the station's folder."""

    kind: Final = "file"

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def read(self) -> SecretKey | None:
        """Return the secret; None when there is none yet.

        Raises:
            StationError: others may read the file, or it is damaged.
        """
        try:
            content = read_private(self._path)
        except FileNotFoundError:
            return None
        return _checked(content, str(self._path))

    def write(self, secret: bytes) -> None:
        """Keep the secret."""
        write_private(self._path, base64.b64encode(secret) + b"\n")

    def forget(self) -> None:
        """Drop the secret."""
        self._path.unlink(missing_ok=True)


class KeyringStore:
    """The keyring of the operating system; ``name`` distinguishes the stations on one machine."""

    kind: Final = "keyring"

    def __init__(self, name: str) -> None:
        self._name = name

    @staticmethod
    def available() -> bool:
        """Return whether a keyring that keeps secrets is available (a headless box has none)."""
        try:
            import keyring  # noqa: PLC0415 - an extra, and slow to load
        except ImportError:
            return False
        with contextlib.suppress(Exception):  # its backends fail in their own ways
            return float(keyring.get_keyring().priority) >= _LEAST_PRIORITY
        return False

    def read(self) -> SecretKey | None:
        """Return the secret; None when there is none yet."""
        import keyring  # noqa: PLC0415 - see above

        found = keyring.get_password(_SERVICE, self._name)
        return None if found is None else _checked(found.encode(), "keyring")

    def write(self, secret: bytes) -> None:
        """Keep the secret."""
        import keyring  # noqa: PLC0415 - see above

        keyring.set_password(_SERVICE, self._name, base64.b64encode(secret).decode())

    def forget(self) -> None:
        """Drop the secret."""
        import keyring  # noqa: PLC0415 - see above

        with contextlib.suppress(
            Exception
        ):  # no secret, or the keyring is locked; each backend raises its own errors
            keyring.delete_password(_SERVICE, self._name)


def store_for(folder: Path, *, kind: str = AUTO, tpm: str = DEFAULT_TPM) -> KeyStore:
    """Return the store that holds a station's keys, whatever ``kind`` says; without keys, the store of ``kind``.

    ``auto`` without keys is the keyring if there is one, because an agent without a file may have used it.
    """
    if (folder / TPM_FILE).exists():
        return TpmStore(folder, tpm)
    if (folder / FILE).exists():
        return FileStore(folder)
    if kind == "tpm":
        return TpmStore(folder, tpm)
    if kind == "keyring" or (kind == AUTO and KeyringStore.available()):
        return KeyringStore(str(folder.resolve()))
    return FileStore(folder)


def store_to_enrol(
    folder: Path, random: Random, *, kind: str = AUTO, tpm: str = DEFAULT_TPM
) -> tuple[KeyStore, TpmError | None]:
    """Return the store for new keys, and the error of the TPM if ``auto`` skipped an existing TPM.

    Raises:
        TpmError: ``kind`` is tpm and the TPM cannot be used.
    """
    sealed, passed_over = TpmStore(folder, tpm), None
    if kind == "tpm" or (kind == AUTO and sealed.available()):
        try:
            sealed.prove(random)
        except TpmError as error:
            if kind == "tpm":
                raise
            passed_over = error
        else:
            return sealed, None
    if kind == "keyring" or (kind == AUTO and KeyringStore.available()):
        return KeyringStore(str(folder.resolve())), passed_over
    return FileStore(folder), passed_over


def keep_new(folder: Path, store: KeyStore, secret: bytes) -> None:
    """Store the keys of a new enrolment and delete those of an earlier one in other stores."""
    store.write(secret)
    others: list[KeyStore] = [FileStore(folder), TpmStore(folder)]
    if KeyringStore.available():
        others.append(KeyringStore(str(folder.resolve())))
    for other in others:
        if other.kind != store.kind:
            other.forget()


def make_keys(store: KeyStore, random: Random) -> DeviceKeys:
    """Make new keys and store them."""
    secret = random(2 * KEY_SIZE)
    store.write(secret)
    return DeviceKeys.of(secret)


def _checked(content: bytes, where: str) -> SecretKey:
    try:
        secret = base64.b64decode(content.strip(), validate=True)
    except ValueError:
        secret = b""
    if len(secret) != 2 * KEY_SIZE:
        raise StationError(
            zh=f"设备密钥（{where}）已损坏。请用新的登记码重新登记本机。",
            en=f"the device's key ({where}) is damaged. Enrol this machine anew with a fresh code.",
        )
    return SecretKey(secret)
