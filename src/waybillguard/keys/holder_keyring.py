"""Key holder that stores a key in the keyring of the operating system; ``root.key`` is sealed under that key.

Protects against: a copied disk or data folder (the keyring opens with the account's sign-in). Not against: anyone
using this account while it is signed in.
"""

import base64
from typing import Any, Final

from waybillguard.keys.errors import HolderRefusedError, KeysError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import Settings, library, refused_altered, settle
from waybillguard.keys.primitives import KEY_SIZE, NONCE_SIZE, Random, gcm_open, gcm_seal

_DEFAULTS: Final = {"service": "waybillguard", "name": "root"}


class KeyringHolder:
    """Holder for keyrings that `keyring` finds: GNOME Keyring, KWallet, macOS Keychain, Windows Credential Locker."""

    def check(self, settings: Settings) -> Settings:
        """Fill in the names under which the key is stored."""
        return settle(settings, (), _DEFAULTS)

    def seal(self, root: RootKey, settings: Settings, secret: str, aad: bytes, random: Random) -> bytes:
        """Seal under a key in the keyring, making the key unless one of this name exists."""
        del secret
        ring, errors = _keyring()
        key = self._kept(settings)
        if key is None:
            key = random(KEY_SIZE)
            try:
                ring.set_password(settings["service"], settings["name"], base64.b64encode(key).decode())
            except errors as error:
                raise _unreachable() from error
        nonce = random(NONCE_SIZE)
        return nonce + gcm_seal(key, nonce, root, aad)

    def open(self, sealed: bytes, settings: Settings, secret: str, aad: bytes) -> bytes:
        """Open with the key from the keyring."""
        del secret
        key = self._kept(settings)
        if key is None:
            raise HolderRefusedError(
                zh="系统钥匙串中没有面单卫士的密钥（换了账户、重装了系统或被删除）。请用分片恢复根密钥。",
                en="the system's keyring holds no key of Waybill Guard (another account, a new system, or it "
                "was deleted). Recover the root key from its shares.",
            )
        opened = gcm_open(key, sealed[:NONCE_SIZE].ljust(NONCE_SIZE), sealed[NONCE_SIZE:], aad)
        if opened is None:
            raise refused_altered()
        return opened

    @staticmethod
    def _kept(settings: Settings) -> bytes | None:
        ring, errors = _keyring()
        try:
            text = ring.get_password(settings["service"], settings["name"])
        except errors as error:
            raise _unreachable() from error
        if text is None:
            return None
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise refused_altered() from error
        if len(key) != KEY_SIZE:
            raise refused_altered()
        return key


def _keyring() -> tuple[Any, type[Exception]]:
    return library("keyring"), library("keyring.errors").KeyringError


def _unreachable() -> KeysError:
    return KeysError(
        code="holder_unreachable",
        zh="系统钥匙串无法使用（没有后台、已锁定或被拒绝）。请登录并解锁钥匙串后重试；数据未受影响。",
        en="the system's keyring cannot be used (no backend, locked, or refused). Sign in, unlock it and try "
        "again; no data is affected.",
    )
