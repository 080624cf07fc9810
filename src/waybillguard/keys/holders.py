"""The holders of the root key: passphrase, keyring of the system, transit server, PKCS#11 token.

All have one interface. Each seals the 32 bytes of the root key in the file ``root.key``, which cannot be opened
without the holder and the *secret* that keyd reads at its start (a passphrase, a token of the server, a PIN; nothing
for a keyring). Changing the holder seals the same root key again and replaces the file atomically; no order, index
or backup changes. Format: docs/formats.md.
"""

import base64
import os
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from waybillguard.keys import keyfile
from waybillguard.keys.errors import HolderRefusedError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import Settings, refused_altered
from waybillguard.keys.holder_keyring import KeyringHolder
from waybillguard.keys.holder_pkcs11 import TokenHolder
from waybillguard.keys.holder_transit import TransitHolder
from waybillguard.keys.primitives import KEY_SIZE, Random, frame

PASSPHRASE: Final = "passphrase"  # noqa: S105 - the name of a holder


class RootHolder(Protocol):
    """Has its own key, under which it seals the root key."""

    def check(self, settings: Settings) -> Settings:
        """Return the settings with defaults filled in.

        Raises:
            HolderRefusedError: a setting is missing or unknown.
        """
        ...

    def seal(self, root: RootKey, settings: Settings, secret: str, aad: bytes, random: Random) -> bytes:
        """Seal the root key; make the holder's own key if there is none yet.

        Raises:
            KeysError, HolderRefusedError: as their codes say; nothing was written.
        """
        ...

    def open(self, sealed: bytes, settings: Settings, secret: str, aad: bytes) -> bytes:
        """Undo `seal`.

        Raises:
            KeysError, HolderRefusedError: as their codes say; nothing was opened.
        """
        ...


class HolderFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The key file of any holder but a passphrase; it contains no secret."""

    kind: Literal["waybillguard-keyholder"]
    v: Literal[1]
    holder: str
    settings: Settings
    sealed: str
    key_id: str
    before: keyfile.EarlierRoots | None = None

    @property
    def aad(self) -> bytes:
        """The associated data that the sealed root key is bound to."""
        return associated(self.holder, self.settings, self.key_id)


class Described(msgspec.Struct, frozen=True):
    """The content of a key file that is readable without a secret."""

    holder: str
    settings: Settings
    key_id: str

    @property
    def needs_secret(self) -> bool:
        """Whether keyd needs a secret to open the file."""
        return self.holder != "keyring"


class _Kind(msgspec.Struct, frozen=True):
    kind: str
    key_id: str = ""


def associated(holder: str, settings: Settings, key_id: str) -> bytes:
    """Return the associated data; sealed bytes that are moved to another holder or key do not open."""
    pairs = [text.encode() for pair in sorted(settings.items()) for text in pair]
    return frame(b"waybillguard-keyholder/1", holder.encode(), key_id.encode(), *pairs)


def holder_of(name: str) -> RootHolder:
    """Return the holder with a name; its library is imported when it is used.

    Raises:
        HolderRefusedError: there is no such holder.
    """
    holders: dict[str, RootHolder] = {
        "keyring": KeyringHolder(), "transit": TransitHolder(), "pkcs11": TokenHolder(),
    }  # fmt: skip
    if name not in holders:
        raise HolderRefusedError(
            zh=f"没有名为 {name} 的密钥保管方式：可选 passphrase、keyring、transit、pkcs11。",
            en=f"there is no key holder named {name}: choose passphrase, keyring, transit or pkcs11.",
        )
    return holders[name]


def describe(path: Path) -> Described:
    """Return the holder of a key file, and what else is readable without a secret.

    Raises:
        KeysError: as its code says.
    """
    raw = keyfile.read_key_file(path)
    try:
        kind = msgspec.json.decode(raw, type=_Kind)
        if kind.kind == "waybillguard-keyfile":
            return Described(PASSPHRASE, {}, kind.key_id)
        file = msgspec.json.decode(raw, type=HolderFile)
    except msgspec.MsgspecError as error:
        raise keyfile.damaged() from error
    return Described(file.holder, file.settings, file.key_id)


def unlock(path: Path, secret: str) -> RootKey:
    """Open the root key of a file of any holder.

    Raises:
        KeysError: the holder's error; nothing was opened.
    """
    if describe(path).holder == PASSPHRASE:
        return keyfile.unlock(path, secret)
    try:
        file = msgspec.json.decode(keyfile.read_key_file(path), type=HolderFile)
        sealed = base64.b64decode(file.sealed, validate=True)
    except (msgspec.MsgspecError, ValueError) as error:
        raise keyfile.damaged() from error
    opened = holder_of(file.holder).open(sealed, file.settings, secret, file.aad)
    if len(opened) != KEY_SIZE or RootKey(opened).key_id != file.key_id:
        raise refused_altered()
    return RootKey(opened)


def hold(
    path: Path,
    root: RootKey,
    holder: str,
    settings: Settings,
    secret: str,
    *,
    replace: bool,
    before: keyfile.EarlierRoots | None = None,
    random: Random = os.urandom,
) -> None:
    """Seal a root key with a holder and write the file, which is read back before it replaces the old one.

    ``before``: earlier root keys; None keeps those of a file of the same root key.

    Raises:
        KeysError: the holder's error; the file is unchanged.
    """
    if holder == PASSPHRASE:
        keyfile.replace(path, root, secret, before=before, random=random)
        return
    keeper = holder_of(holder)
    settings = keeper.check(settings)
    aad = associated(holder, settings, root.key_id)
    sealed = keeper.seal(root, settings, secret, aad, random)
    if keeper.open(sealed, settings, secret, aad) != root:
        raise refused_altered()
    file = HolderFile(
        "waybillguard-keyholder", 1, holder, settings, base64.b64encode(sealed).decode(), root.key_id,
        before or keyfile.earlier_roots_of(path, root),
    )  # fmt: skip
    raw = msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
    keyfile.write_key_file(path, raw, replace=replace)
