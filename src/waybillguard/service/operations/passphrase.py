"""Obtain the secret that opens the root key when the service starts."""

import getpass
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from waybillguard.keys.rollover import staged_file
from waybillguard.service.operations.start_errors import StartError
from waybillguard.service.platform.config import Config, write_private


class Unlocking:
    """The secret given to keyd at each start: the current content of the passphrase file, else the first secret.

    Args:
        config: the installation.
        say: prints where a new passphrase was stored.

    Raises:
        StartError: other users can read its file, or the key file is sealed and no secret is available.
    """

    def __init__(self, config: Config, say: Callable[[str], None]) -> None:
        self._config = config
        self._say = say
        self._secret = obtain_passphrase(config, say)
        self._seen = 0

    def current(self) -> str:
        """Return the current secret."""
        with suppress(OSError, StartError):
            self._seen = self._config.passphrase_file.stat().st_mtime_ns
            self._secret = obtain_passphrase(self._config, self._say)
        return self._secret

    def replaced(self) -> bool:
        """Return True, once, if a new root key is staged and the passphrase file changed since keyd's last start."""
        if not staged_file(self._config.key_file).exists():
            return False
        with suppress(OSError):
            before, self._seen = self._seen, self._config.passphrase_file.stat().st_mtime_ns
            return self._seen != before
        return False


def obtain_passphrase(config: Config, say: Callable[[str], None]) -> str:
    """Return the secret that opens the root key: passphrase, token or PIN; empty if the keyring holds it.

    Raises:
        StartError: other users can read its file, or the key file is sealed and no secret is available.
    """
    path = config.passphrase_file
    if config.key_file.exists():
        from waybillguard.keys import holders

        if not holders.describe(config.key_file).needs_secret:
            return ""
    if _is_there(path):
        # systemd protects credentials by its own access rules.
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        handed_over = credentials is not None and path.is_relative_to(credentials)
        if path.stat().st_mode & 0o077 and not handed_over:
            raise StartError(
                zh=f"口令文件 {path} 可被他人读取。请执行 chmod 600 {path} 后重试。",
                en=f"others can read the passphrase file {path}. Run chmod 600 {path} and start again.",
            )
        return _read(path)
    if config.key_file.exists():
        if sys.stdin.isatty():
            return getpass.getpass("口令 / passphrase: ").strip()
        raise StartError(
            zh=f"密钥文件已密封，但找不到口令文件 {path}。请放回口令文件，或用 WAYBILLGUARD_PASSPHRASE_FILE 指明它。",
            en=f"the key file is sealed and there is no passphrase file {path}. Put it back, or name it in WAYBILLGUARD_PASSPHRASE_FILE.",
        )
    passphrase = secrets.token_urlsafe(24)
    write_private(path, passphrase.encode() + b"\n")
    say(
        f"已生成解锁口令，保存在数据目录之外：{path}\n"
        f"The passphrase that opens the vault was made and lies outside the data folder: {path}"
    )
    return passphrase


def _is_there(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        raise _not_ours(path) from None
    except OSError:
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except PermissionError:
        raise _not_ours(path) from None


def _not_ours(path: Path) -> StartError:
    user = getpass.getuser()
    return StartError(
        zh=f"当前用户 {user} 无法读取口令文件 {path}，服务没有启动。该文件及其所在的专用目录应属于运行服务的用户（chown {user}）。",
        en=f"the user {user} cannot read the passphrase file {path}: the service did not start. The file and a folder of its own "
        f"around it belong to the user of the service (chown {user}).",
    )
