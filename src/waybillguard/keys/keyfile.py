"""The key file: a root key sealed by a passphrase, one JSON object of under 4 KiB, mode 0600.

``create`` never overwrites. ``change_passphrase`` replaces atomically: after a power cut the file is the old or the
new one. ``unlock`` checks the bounds of all parameters before it uses them.
"""

import base64
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

import msgspec

from waybillguard.keys.errors import KeysError, WrongPassphraseError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.primitives import (
    KEY_SIZE,
    NONCE_SIZE,
    TAG_SIZE,
    Argon2Params,
    Random,
    argon2id,
    frame,
    gcm_open,
    gcm_seal,
)
from waybillguard.keys.publishing import publish_new, sync_folder

MAX_FILE_BYTES: Final = 4096
MIN_PASSPHRASE: Final = 8
_SALT_SIZE: Final = 16


class EarlierRoot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An earlier root key, wrapped under the current one (hex); see `rollover`."""

    key_id: str
    sealed: str


class EarlierRoots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The earlier root keys, oldest first; ``renewing``: keys that they wrapped can still be opened."""

    roots: list[EarlierRoot]
    renewing: bool


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    kind: Literal["waybillguard-keyfile"]
    v: Literal[1]
    kdf: Literal["argon2id"]
    params: Argon2Params
    salt: str
    cipher: Literal["aes-256-gcm"]
    nonce: str
    sealed: str
    key_id: str
    before: EarlierRoots | None = None


class _WithBefore(msgspec.Struct, frozen=True):
    key_id: str
    before: EarlierRoots | None = None


def create(
    path: Path, passphrase: str, *, params: Argon2Params | None = None, random: Random = os.urandom
) -> RootKey:
    """Make a new root key, seal it into a new file and return it unlocked.

    Raises:
        KeysError (key_file_exists): the file exists already and is not changed.
        KeysError (weak_passphrase): fewer than 8 characters.
    """
    root = RootKey(random(KEY_SIZE))
    write_key_file(path, _seal(root, passphrase, params or Argon2Params(), random), replace=False)
    return root


def unlock(path: Path, passphrase: str) -> RootKey:
    """Read the file and open the root key. Takes about half a second and 160 MiB by default.

    Raises:
        WrongPassphraseError: wrong passphrase, or the sealed part was altered.
        KeysError: as its code says.
    """
    return _open(read_key_file(path), passphrase)


def replace(
    path: Path,
    root: RootKey,
    passphrase: str,
    *,
    before: EarlierRoots | None = None,
    params: Argon2Params | None = None,
    random: Random = os.urandom,
) -> None:
    """Seal a root key under a passphrase, replacing its present holder.

    Args:
        path: the key file.
        root: the root key.
        passphrase: the new passphrase.
        before: earlier root keys; None keeps those of a file of the same root key.
        params: cost of Argon2id.
        random: source of randomness.

    Raises:
        KeysError (weak_passphrase): fewer than 8 characters; the file stays as it is.
    """
    before = before or earlier_roots_of(path, root)
    write_key_file(path, _seal(root, passphrase, params or Argon2Params(), random, before), replace=True)


def change_passphrase(
    path: Path,
    old: str,
    new: str,
    *,
    params: Argon2Params | None = None,
    random: Random = os.urandom,
) -> RootKey:
    """Seal the same root key under another passphrase; earlier copies of the file still open with the old one.

    Raises:
        WrongPassphraseError, KeysError: as in `unlock` and `create`; the file stays as it is.
    """
    root = unlock(path, old)
    replace(path, root, new, params=params, random=random)
    return root


def earlier_roots_of(path: Path, root: RootKey) -> EarlierRoots | None:
    """Return the earlier root keys in a key file of this root key; None if there are none, or no such file."""
    try:
        found = msgspec.json.decode(read_key_file(path), type=_WithBefore)
    except (KeysError, msgspec.MsgspecError):
        return None
    return found.before if found.key_id == root.key_id else None


def _seal(
    root: RootKey, passphrase: str, params: Argon2Params, random: Random, before: EarlierRoots | None = None
) -> bytes:
    if len(passphrase) < MIN_PASSPHRASE:
        raise KeysError(
            code="weak_passphrase",
            zh=f"口令太短：至少 {MIN_PASSPHRASE} 个字符，建议四个以上互不相关的词。尚未写入任何文件。",
            en=f"the passphrase is too short: at least {MIN_PASSPHRASE} characters, better four or more "
            "unrelated words. No file was written.",
        )
    salt, nonce = random(_SALT_SIZE), random(NONCE_SIZE)
    key = argon2id(passphrase, salt, params)
    sealed = gcm_seal(key, nonce, root, _aad(params, salt, root.key_id))
    file = _File(
        kind="waybillguard-keyfile",
        v=1,
        kdf="argon2id",
        params=params,
        salt=_text(salt),
        cipher="aes-256-gcm",
        nonce=_text(nonce),
        sealed=_text(sealed),
        key_id=root.key_id,
        before=before,
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def _open(raw: bytes, passphrase: str) -> RootKey:
    try:
        file = msgspec.json.decode(raw, type=_File)
        salt, nonce, sealed = (_bytes(text) for text in (file.salt, file.nonce, file.sealed))
    except (msgspec.MsgspecError, ValueError) as error:
        raise damaged() from error
    if (len(salt), len(nonce), len(sealed)) != (_SALT_SIZE, NONCE_SIZE, KEY_SIZE + TAG_SIZE):
        raise damaged()
    key = argon2id(passphrase, salt, file.params)
    secret = gcm_open(key, nonce, sealed, _aad(file.params, salt, file.key_id))
    if secret is None:
        raise WrongPassphraseError(
            zh="口令不正确（或密钥文件的密封部分被改动）。检查大小写与输入法后重试；数据未受影响。",
            en="wrong passphrase (or the sealed part of the key file was altered). Check case and input "
            "method and try again; no data is affected.",
        )
    return RootKey(secret)


def _aad(params: Argon2Params, salt: bytes, key_id: str) -> bytes:
    cost = (params.memory_kib, params.passes, params.lanes)
    return frame(b"waybillguard-keyfile/1", *(n.to_bytes(4) for n in cost), salt, key_id.encode())


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def damaged() -> KeysError:
    """Make the error for a damaged key file."""
    return KeysError(
        code="key_file_damaged",
        zh="这不是完整的面单卫士密钥文件（损坏、被截断或版本不识）。请换用备份的密钥文件；数据未受影响。",
        en="this is not a whole Waybill Guard key file (damaged, cut short or of an unknown version). "
        "Use the key file from your backup; no data is affected.",
    )


def read_key_file(path: Path) -> bytes:
    """Read the key file of any holder: a regular file, accessible only to this account, of at most 4 KiB.

    Raises:
        KeysError: as its code says.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise KeysError(
            code="key_file_missing",
            zh="找不到或无法读取密钥文件。核对数据目录；如已移走，请放回备份（不支持符号链接）。",
            en="the key file is missing or cannot be read. Check the data folder; if it was moved, put the "
            "backup back (symbolic links are not followed).",
        ) from error
    with open(descriptor, "rb") as handle:  # noqa: PTH123 - a descriptor, opened without following links
        state = os.fstat(handle.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise damaged()
        if sys.platform != "win32" and state.st_mode & 0o077:
            raise KeysError(
                code="key_file_open_to_others",
                zh="其他系统账户可以读写密钥文件，已拒绝使用。请执行 chmod 600 后重试，并考虑更换口令。",
                en="other accounts of this machine may read or write the key file, so it is refused. Run "
                "chmod 600 on it, try again, and consider a new passphrase.",
            )
        raw = handle.read(MAX_FILE_BYTES + 1)
    try:
        raw.decode()  # JSON readers raise another error for bytes that are not text
    except UnicodeDecodeError as error:
        raise damaged() from error
    if len(raw) > MAX_FILE_BYTES:
        raise damaged()
    return raw


def write_key_file(path: Path, raw: bytes, *, replace: bool) -> None:
    """Write a key file atomically and durably with mode 0600; overwrite only with ``replace``.

    Raises:
        KeysError: as its code says.
    """
    if not replace and os.path.lexists(path):
        raise _exists()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        draft = Path(name)
        try:
            with open(descriptor, "wb") as handle:  # noqa: PTH123 - the descriptor mkstemp made
                handle.write(raw)
                handle.flush()
                os.fsync(handle.fileno())
            if replace:
                draft.replace(path)
            else:
                publish_new(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise _exists() from error
    except OSError as error:
        raise KeysError(
            code="key_file_unwritable",
            zh="无法写入密钥文件（文件夹不存在、没有权限或磁盘已满）。原有文件未改动；处理后重试。",
            en="the key file cannot be written (no such folder, no permission, or the disk is full). What "
            "was there is unchanged; put that right and try again.",
        ) from error


def _exists() -> KeysError:
    return KeysError(
        code="key_file_exists",
        zh="此处已有密钥文件，不会覆盖（覆盖后全部订单将永远无法打开）。请改用更换口令，或另选位置。",
        en="a key file is here already and is never overwritten (all orders would be lost for good). "
        "Change its passphrase instead, or choose another place.",
    )
