"""Rollover: replaces a root key that may have leaked by a new one, with no moment at which neither opens.

The new root wraps all keys from then on. The earlier roots are in its key file, wrapped under it, for two uses. They
open the keys that they wrapped until these are wrapped again, and the first root still derives the purpose keys,
because printed labels, the signed ledger and counts of persons over years depend on them.

The new key file is staged beside the old one as ``root.key.next``. It comes into force as soon as keyd is given its
secret. So there is no step after which neither opens.

Protects against: opening keys wrapped after the rollover with an old passphrase and an old key file or backup. Not
against: copies made before the rollover, nor misuse of keys derived from the first root.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from waybillguard.keys import holders, keyfile
from waybillguard.keys.errors import KeysError, UnwrapError
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.keys.keyfile import EarlierRoot, EarlierRoots
from waybillguard.keys.primitives import KEY_SIZE, Random, SecretKey, frame
from waybillguard.keys.publishing import sync_folder

MOST_EARLIER: Final = 12
"""Most earlier root keys, limited by the 4 KiB of the key file."""


class RolledHolder(FileHolder):
    """Key holder for a root key that replaced earlier ones.

    Args:
        root: the unlocked root key.
        before: the earlier root keys in its key file.
        path: that key file, or its path once it is in force.

    Raises:
        UnwrapError: the earlier root keys are damaged or belong to another root.
    """

    __slots__ = ("earlier", "path", "renewing")

    def __init__(self, root: RootKey, before: EarlierRoots, path: Path) -> None:
        super().__init__(root)
        self.path = path
        self.earlier: list[FileHolder] = []
        for one in before.roots:
            secret = super().unwrap(bytes.fromhex(one.sealed), _context(one.key_id))
            self.earlier.append(FileHolder(RootKey(secret)))
        self.renewing = before.renewing

    def unwrap(self, wrapped: bytes, context: bytes) -> SecretKey:
        """Undo `wrap`; secrets wrapped by an earlier root open only while they are being renewed."""
        try:
            return super().unwrap(wrapped, context)
        except UnwrapError:
            if not self.renewing or (found := self._of_earlier(wrapped, context)) is None:
                raise
            return found

    def derive(self, purpose: Purpose, context: bytes = b"", size: int = KEY_SIZE) -> SecretKey:
        """Derive from the first root, because printed labels, signatures and counts depend on these keys for years."""
        return self.earlier[0].derive(purpose, context, size)

    def renew(self, wrapped: bytes, contexts: Iterable[bytes]) -> bytes:
        """Wrap a secret under the current root; the same bytes if it is already, empty if no root key opens it."""
        for context in contexts:
            try:
                super().unwrap(wrapped, context)
            except UnwrapError:
                if (secret := self._of_earlier(wrapped, context)) is not None:
                    return self.wrap(secret, context)
            else:
                return wrapped
        return b""

    def _of_earlier(self, wrapped: bytes, context: bytes) -> SecretKey | None:
        for holder in reversed(self.earlier):
            try:
                return holder.unwrap(wrapped, context)
            except UnwrapError:
                continue
        return None


class Opened(msgspec.Struct, frozen=True):
    """A root key opened by a secret. ``staged``: its file is still ``root.key.next``."""

    holder: FileHolder
    staged: bool


def staged_file(path: Path) -> Path:
    """Return the path of the staged successor of a key file."""
    return path.with_name(f"{path.name}.next")


def holder_of(path: Path, root: RootKey, place: Path | None = None) -> FileHolder:
    """Make the holder of an unlocked root key and the earlier roots of its key file, which will be at ``place``.

    Raises:
        KeysError: the earlier roots are damaged.
    """
    before = keyfile.earlier_roots_of(path, root)
    try:
        return (
            RolledHolder(root, before, place or path)
            if before is not None and before.roots
            else FileHolder(root)
        )
    except (ValueError, UnwrapError) as error:
        raise keyfile.damaged() from error


def open_root(path: Path, secret: str) -> Opened:
    """Open the staged root key if the secret opens it, else the current one.

    Raises:
        KeysError: the secret opens neither.
    """
    staged = staged_file(path)
    if staged.exists():
        try:
            if earlier_ids(staged)[-1:] == [
                holders.describe(path).key_id
            ]:  # else it was staged for another root key
                root = holders.unlock(staged, secret)
                return Opened(holder_of(staged, root, path), staged=True)
        except KeysError:
            pass  # its secret is not in use yet, or never was
    return Opened(holder_of(path, holders.unlock(path, secret)), staged=False)


def stage(path: Path, holder: FileHolder, secret: str, *, random: Random = os.urandom) -> str:
    """Make a new root key, write its file beside the current one with the same holder, and return its id.

    Args:
        path: the current key file.
        holder: its unlocked root key.
        secret: the secret of the new file.
        random: source of randomness.

    Raises:
        KeysError: the holder refused; the current file is never changed.
    """
    chain = [*getattr(holder, "earlier", ()), holder]
    if len(chain) > MOST_EARLIER:
        raise KeysError(
            code="key_use",
            zh=f"根密钥已更换 {MOST_EARLIER} 次，达到上限。请新建一套安装并导入数据。未作更改。",
            en=f"the root key was replaced {MOST_EARLIER} times, which is the limit; begin a new installation. "
            "Nothing changed.",
        )
    root = RootKey(random(KEY_SIZE))
    kept = holders.describe(path)
    holders.hold(
        staged_file(path), root, kept.holder, kept.settings, secret,
        replace=True, before=chained(root, chain, renewing=True), random=random,
    )  # fmt: skip
    return root.key_id


def chained(root: RootKey, chain: Sequence[FileHolder], *, renewing: bool) -> EarlierRoots:
    """Wrap earlier roots, oldest first, under their successor."""
    over = FileHolder(root)
    return EarlierRoots(
        [EarlierRoot(one.key_id, over.wrap(one.root, _context(one.key_id)).hex()) for one in chain], renewing
    )


def is_staged(holder: RolledHolder) -> bool:
    """Return whether the staged key file belongs to this root key, and not to a later one."""
    try:
        return holders.describe(staged_file(holder.path)).key_id == holder.key_id
    except KeysError:
        return False  # nothing is staged


def settle(path: Path) -> None:
    """Replace the current key file by the staged one, atomically and durably; do nothing if that was done before.

    Raises:
        OSError: the disk refused; both files remain.
    """
    if staged_file(path).exists():
        staged_file(path).replace(path)
        sync_folder(path.parent)


def end_renewal(holder: RolledHolder) -> None:
    """Stop opening secrets that earlier roots wrapped. The roots stay in the file, for `derive` and a later `renew`.

    Raises:
        KeysError: the file cannot be read or written; it is unchanged.
    """
    try:
        file = msgspec.json.decode(keyfile.read_key_file(holder.path))
        file["before"]["renewing"] = False
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise keyfile.damaged() from error
    raw = msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"
    keyfile.write_key_file(holder.path, raw, replace=True)
    holder.renewing = False


def earlier_ids(path: Path) -> list[str]:
    """Return the ids of the earlier root keys in a key file, oldest first. The ids are not secret."""
    return [one.key_id for one in before.roots] if (before := _read_before(path)) else []


def is_renewing(path: Path) -> bool:
    """Return whether secrets wrapped by earlier root keys still open."""
    return (before := _read_before(path)) is not None and before.renewing


class _Chain(msgspec.Struct, frozen=True):
    before: EarlierRoots | None = None


def _read_before(path: Path) -> EarlierRoots | None:
    try:
        return msgspec.json.decode(keyfile.read_key_file(path), type=_Chain).before
    except (KeysError, msgspec.MsgspecError):
        return None


def _context(key_id: str) -> bytes:
    return frame(b"root-before", key_id.encode())
