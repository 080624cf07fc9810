"""First half of ``keys rollover``: stage a new root key, store its secret, and wait until keyd runs with it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from waybillguard.cli.output import say
from waybillguard.cli.remote import ServiceError
from waybillguard.errors import reason_in_chinese
from waybillguard.keys import holders, rollover
from waybillguard.keys.errors import KeysError
from waybillguard.keys.publishing import sync_folder
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydError
from waybillguard.service.operations.key_acts import stage_root
from waybillguard.service.platform.config import Config, write_private
from waybillguard.service.platform.lifeline import FolderLock

WAIT_S: Final = 120.0
"""Seconds that keyd may take to restart with the new root key."""

type Read = Callable[[Path | None, str], str]


def put_in_force(config: Config, old_file: Path | None, new: Callable[[], str], read: Read) -> str:
    """Put a new root key into force, or resume an interrupted rollover.

    Args:
        config: the installation.
        old_file: file with the secret of the current root key; None: the passphrase file.
        new: function that asks for the secret of the new root key.
        read: function that reads a secret from a file, or asks for it.

    Returns:
        An empty string if keyd runs with the new root key; otherwise instructions to follow before the next call.

    Raises:
        WaybillGuardError: the old secret is wrong, a file cannot be written, or another call is running. The old root
            key stays in force.
    """
    if (
        not config.key_file.exists()
    ):  # keyd runs as another user with its own folder; this folder is the service's
        return ""
    lock = FolderLock(config.rollover_lock)
    try:
        taken = lock.take()
    except OSError as error:
        folder = config.rollover_lock.parent
        raise ServiceError(
            zh=f"无法写入目录 {folder}（{reason_in_chinese(error)}），未作更改。请以服务所用的用户运行，并确认磁盘有空间。",
            en=f"the folder {folder} cannot be written ({error.strerror}); nothing was changed. Run this as the service's "
            "user, and see that the disk has room.",
        ) from None
    if not taken:
        raise ServiceError(
            zh="另一条 keys rollover 命令正在运行，请等它结束。未作更改。",
            en="another keys rollover is running; wait until it ends. Nothing was changed.",
        )
    try:
        return _put_in_force(config, old_file, new, read)
    finally:
        lock.free()


def _put_in_force(config: Config, old_file: Path | None, new: Callable[[], str], read: Read) -> str:
    if wanted := _underway(config):
        say(
            f"继续完成先前开始的更换（根密钥 {wanted}），不再生成新的根密钥和口令。若其口令后来又泄露，请在完成后再运行一次。\n"
            f"Finishing a rollover that was begun before (root key {wanted}); no new root key or passphrase is made. If its "
            "passphrase has leaked since, run this command once more afterwards."
        )
    else:
        needs = holders.describe(config.key_file).needs_secret
        old = read(old_file or config.passphrase_file, "现口令、令牌或 PIN / present secret") if needs else ""
        secret = new()
        if secret == old and holders.describe(config.key_file).holder == holders.PASSPHRASE:
            raise ServiceError(
                zh="新口令与现口令相同，未更换", en="the new passphrase is the present one; nothing changed"
            )
        wanted = stage_root(config, old, secret)
        if not needs or not config.passphrase_file.exists():
            return _by_hand(wanted)
        write_private(config.passphrase_file, secret.encode() + b"\n")
        sync_folder(
            config.passphrase_file.parent
        )  # must be on disk before keyd deletes the key file for the old secret
    return _wait(config, wanted)


def _underway(config: Config) -> str:
    """Return the id of the new root key of a started rollover; an empty string if none was started."""
    kept = holders.describe(config.key_file)
    if rollover.staged_file(config.key_file).exists() and config.passphrase_file.exists():
        secret = config.passphrase_file.read_text(encoding="utf-8").strip()
        try:
            opened = rollover.open_root(config.key_file, secret)
        except KeysError:
            return ""
        if opened.staged:
            write_private(config.passphrase_file, secret.encode() + b"\n")  # makes the supervisor try again
            return opened.holder.key_id
        return ""
    return kept.key_id if rollover.is_renewing(config.key_file) else ""


def _wait(config: Config, wanted: str) -> str:
    deadline = time.monotonic() + WAIT_S
    client = KeydClient(config.keyd_socket, timeout=5.0, patience=0)
    while time.monotonic() < deadline:
        try:
            if client.call(messages.Status(), messages.StatusAnswer).key_id == wanted:
                return ""
        except KeydError:
            if not config.run_file.exists():  # no service is running that would start keyd
                break
        time.sleep(0.1)
    return _by_hand(wanted)


def _by_hand(wanted: str) -> str:
    return (
        f"新根密钥 {wanted} 已备好，尚未生效；旧的仍可用。请把新口令放到密钥进程读取的位置并重新启动密钥进程（或启动服务），登录后"
        "再次运行本命令。\n"
        f"The new root key {wanted} is ready and not yet in force; the old one works on. Put the new passphrase where keyd "
        "reads it, start keyd again (or the service), sign in, and run this command once more."
    )
