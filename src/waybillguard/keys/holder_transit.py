"""Key holder that seals ``root.key`` with a key that never leaves a transit engine (OpenBao, HashiCorp Vault).

Protects against: a stolen disk, data folder or machine, once its token is revoked at the server. The server's audit
log records every start. Not against: anyone with a valid token and access to the server. keyd cannot start while the
server is down; a running keyd is not affected.
"""

import base64
from typing import Any, Final
from urllib.parse import urlsplit

from waybillguard.keys.errors import HolderRefusedError, KeysError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import Settings, library, refused_altered, settle
from waybillguard.keys.primitives import Random

_DEFAULTS: Final = {"mount": "transit", "key": "waybillguard", "namespace": "", "ca": ""}
_TIMEOUT_S: Final = 15
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class TransitHolder:
    """Holder for a transit engine; ``secret`` is a token that may use (and, for the first seal, make) the key."""

    def check(self, settings: Settings) -> Settings:
        """Require the server's address, with https unless it is this machine.

        Raises:
            HolderRefusedError: the address is missing, or plain http across the network.
        """
        whole = settle(settings, ("url",), _DEFAULTS)
        address = urlsplit(whole["url"])
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in _LOCAL):
            raise HolderRefusedError(
                zh="密钥服务器的地址必须是 https（本机除外）：否则令牌会以明文经过网络。",
                en="the address of the key server must be https (but for this machine): the token would cross "
                "the network in the clear.",
            )
        return whole

    def seal(self, root: RootKey, settings: Settings, secret: str, aad: bytes, random: Random) -> bytes:
        """Let the server encrypt the root key, bound to the associated data."""
        del random
        hvac = _hvac()
        try:
            transit = _client(settings, secret).secrets.transit
            transit.create_key(
                name=settings["key"], mount_point=settings["mount"], key_type="aes256-gcm96", exportable=False
            )
            answer = transit.encrypt_data(
                name=settings["key"],
                mount_point=settings["mount"],
                plaintext=base64.b64encode(root).decode(),
                associated_data=base64.b64encode(aad).decode(),
            )
            return str(answer["data"]["ciphertext"]).encode()
        except (hvac.exceptions.VaultError, OSError, KeyError, TypeError) as error:
            raise _holder_error(error, hvac) from error

    def open(self, sealed: bytes, settings: Settings, secret: str, aad: bytes) -> bytes:
        """Let the server decrypt the root key."""
        settings = self.check(settings)  # a rewritten file must not make us send the token in the clear
        hvac = _hvac()
        try:
            answer = _client(settings, secret).secrets.transit.decrypt_data(
                name=settings["key"],
                mount_point=settings["mount"],
                ciphertext=sealed.decode("ascii", "replace"),
                associated_data=base64.b64encode(aad).decode(),
            )
            return base64.b64decode(answer["data"]["plaintext"], validate=True)
        except (hvac.exceptions.VaultError, OSError, KeyError, TypeError, ValueError) as error:
            raise _holder_error(error, hvac) from error


def _client(settings: Settings, token: str) -> Any:  # noqa: ANN401 - hvac has no types for its engines
    return _hvac().Client(
        url=settings["url"],
        token=token,
        verify=settings["ca"] or True,
        namespace=settings["namespace"] or None,
        timeout=_TIMEOUT_S,
    )


def _hvac() -> Any:  # noqa: ANN401 - a module
    library("hvac.exceptions")
    return library("hvac")


def _holder_error(error: Exception, hvac: Any) -> HolderRefusedError | KeysError:  # noqa: ANN401
    refusals = (hvac.exceptions.Forbidden, hvac.exceptions.Unauthorized, hvac.exceptions.InvalidPath)
    if isinstance(error, refusals):
        return HolderRefusedError(
            zh="密钥服务器拒绝了：令牌无效或已吊销，或无权使用该密钥。请更换令牌后重试。",
            en="the key server refused: the token is invalid or revoked, or may not use the key. Give another "
            "token and try again.",
        )
    if isinstance(error, (hvac.exceptions.InvalidRequest, KeyError, TypeError, ValueError)):
        return refused_altered()
    return KeysError(
        code="holder_unreachable",
        zh="密钥服务器没有应答（停机、封存或网络不通）。未打开任何数据；恢复后再启动。",
        en="the key server does not answer (down, sealed, or the network is). Nothing was opened; start again "
        "once it is back.",
    )
