"""Key holder that seals ``root.key`` with a non-extractable key in a PKCS#11 token (smart card, HSM, SoftHSM2).

Protects against: a stolen disk, data folder or backup; with a hardware token also against a copy of all secrets
stored on this machine, because the key stays in the token. Not against: a person at the machine with token and PIN,
nor against reading keyd's memory once it has started.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from waybillguard.keys.errors import HolderRefusedError, KeysError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import Settings, library, refused_altered, settle
from waybillguard.keys.primitives import NONCE_SIZE, Random

_DEFAULTS: Final = {"key": "waybillguard"}
_TAG_BITS: Final = 128


class TokenHolder:
    """Holder for a token: ``module`` is the token's library, ``token`` its label, ``secret`` the user's PIN."""

    def check(self, settings: Settings) -> Settings:
        """Require library and token."""
        return settle(settings, ("module", "token"), _DEFAULTS)

    def seal(self, root: RootKey, settings: Settings, secret: str, aad: bytes, random: Random) -> bytes:
        """Encrypt inside the token (AES-256-GCM); its key is made on first use, sensitive and not extractable."""
        p11 = _pkcs11()
        nonce = random(NONCE_SIZE)
        with _session(settings, secret, write=True) as session:
            try:
                key = _key(session, settings)
            except p11.exceptions.NoSuchKey:
                key = session.generate_key(
                    p11.KeyType.AES,
                    256,
                    label=settings["key"],
                    store=True,
                    template={p11.Attribute.SENSITIVE: True, p11.Attribute.EXTRACTABLE: False},
                )
            sealed = key.encrypt(
                bytes(root),
                mechanism=p11.Mechanism.AES_GCM,
                mechanism_param=p11.GCMParams(nonce, aad, _TAG_BITS),
            )
        return nonce + bytes(sealed)

    def open(self, sealed: bytes, settings: Settings, secret: str, aad: bytes) -> bytes:
        """Decrypt inside the token."""
        p11 = _pkcs11()
        with _session(settings, secret, write=False) as session:
            try:
                key = _key(session, settings)
                params = p11.GCMParams(sealed[:NONCE_SIZE].ljust(NONCE_SIZE), aad, _TAG_BITS)
                opened = key.decrypt(
                    sealed[NONCE_SIZE:], mechanism=p11.Mechanism.AES_GCM, mechanism_param=params
                )
            except p11.exceptions.PKCS11Error as error:
                raise refused_altered() from error
        return bytes(opened)


def _key(session: Any, settings: Settings) -> Any:  # noqa: ANN401 - the library's own objects
    return session.get_key(object_class=_pkcs11().ObjectClass.SECRET_KEY, label=settings["key"])


@contextmanager
def _session(settings: Settings, pin: str, *, write: bool) -> Iterator[Any]:
    p11 = _pkcs11()
    try:
        token = p11.lib(settings["module"]).get_token(token_label=settings["token"])
        session = token.open(rw=write, user_pin=pin)
    except (p11.exceptions.PinIncorrect, p11.exceptions.PinLocked, p11.exceptions.PinLenRange) as error:
        raise HolderRefusedError(
            zh="令牌的 PIN 不正确或已锁定。多次输错会锁死令牌；核对后再试。",
            en="the token's PIN is wrong or locked. Wrong ones lock the token for good: check before you try "
            "again.",
        ) from error
    except (p11.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise KeysError(
            code="holder_unreachable",
            zh="找不到密码令牌（未插入、标签不符或驱动库无法加载）。插好并核对设置后重试；数据未受影响。",
            en="the token cannot be found (not plugged in, another label, or its library does not load). Plug it "
            "in, check the settings and try again; no data is affected.",
        ) from error
    with session:
        yield session


def _pkcs11() -> Any:  # noqa: ANN401 - a module
    library("pkcs11.exceptions")
    return library("pkcs11")
