"""Rollover: a new root key in the place of one that may have leaked, without a moment in which none opens.

The new root wraps everything from now on. The roots before it lie in its key file, wrapped under it, for two
uses: opening what they wrapped until that is wrapped again, and deriving the purpose keys, which stay those of
the first root: labels are printed with them, the ledger is signed, persons are counted over years.

The new key file is staged beside the old one as ``root.key.next``. Which of the two is in force is decided by
what opens them: the staged one as soon as keyd is given its secret. So there is no step after which neither opens.

Protects against: an old passphrase with an old key file or backup opening what is wrapped after it. Not against:
copies that were made before, nor keys derived from the first root.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from waybillguard.keys import holders, keyfile
from waybillguard.keys.errors import KeysError, KeyUseError, UnwrapError
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.keys.keyfile import Before, Earlier
from waybillguard.keys.primitives import KEY_SIZE, Random, SecretKey, frame
from waybillguard.keys.publishing import sync_folder

MOST_EARLIER: Final = 12
"""Most root keys before the one in force: the key file has a bound of 4 KiB."""


class RolledHolder(FileHolder):
    """Key holder over a root key that came after others.

    Args:
        root: the unlocked root key.
        before: those before it, as its key file keeps them.
        path: that key file, or where it will lie once it is in force.

    Raises:
        UnwrapError: they are damaged, or another root's.
    """

    __slots__ = ("earlier", "path", "renewing")

    def __init__(self, root: RootKey, before: Before, path: Path) -> None:
        super().__init__(root)
        self.path = path
        self.earlier: list[FileHolder] = []
        for one in before.roots:
            secret = super().unwrap(bytes.fromhex(one.sealed), _context(one.key_id))
            self.earlier.append(FileHolder(RootKey(secret)))
        self.renewing = before.renewing

    def unwrap(self, wrapped: bytes, context: bytes) -> SecretKey:
        """Undo `wrap`; what an earlier root wrapped opens while it is being renewed, and not after."""
        try:
            return super().unwrap(wrapped, context)
        except UnwrapError:
            if not self.renewing or (found := self._of_earlier(wrapped, context)) is None:
                raise
            return found

    def derive(self, purpose: Purpose, context: bytes = b"", size: int = KEY_SIZE) -> SecretKey:
        """Derive from the first root: what hangs from these keys is printed, signed and counted over years."""
        return self.earlier[0].derive(purpose, context, size)

    def renew(self, wrapped: bytes, contexts: Iterable[bytes]) -> bytes:
        """Give a secret wrapped under the root in force; the same bytes where it is already, none if nothing opens it."""
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
    """A root key that a secret opened. ``staged``: its file is ``root.key.next`` still."""

    holder: FileHolder
    staged: bool


def staged_file(path: Path) -> Path:
    """Return where the successor of a key file waits."""
    return path.with_name(f"{path.name}.next")


def holder_of(path: Path, root: RootKey, place: Path | None = None) -> FileHolder:
    """Give the holder of an unlocked root key with the earlier roots of its key file, which will lie at ``place``.

    Raises:
        KeysError: those are damaged.
    """
    before = keyfile.before_of(path, root)
    try:
        return (
            RolledHolder(root, before, place or path)
            if before is not None and before.roots
            else FileHolder(root)
        )
    except (ValueError, UnwrapError) as error:
        raise keyfile.damaged() from error


def open_root(path: Path, secret: str) -> Opened:
    """Open the staged root key where the secret opens that, else the one in force.

    Raises:
        KeysError: it opens neither.
    """
    staged = staged_file(path)
    if staged.exists():
        try:
            if earlier_ids(staged)[-1:] == [holders.describe(path).key_id]:  # else it is of another time
                root = holders.unlock(staged, secret)
                return Opened(holder_of(staged, root, path), staged=True)
        except KeysError:
            pass  # its secret is not in force yet, or never came to be
    return Opened(holder_of(path, holders.unlock(path, secret)), staged=False)


def stage(path: Path, holder: FileHolder, secret: str, *, random: Random = os.urandom) -> str:
    """Make a new root key and write its file beside the one in force, kept as that is; return its id.

    Args:
        path: the key file in force.
        holder: its root key, unlocked.
        secret: what will open the new one.
        random: source of randomness.

    Raises:
        KeysError: the keeper refused; the file in force is never touched.
    """
    chain = [*getattr(holder, "earlier", ()), holder]
    if len(chain) > MOST_EARLIER:
        raise KeyUseError(
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


def chained(root: RootKey, chain: Sequence[FileHolder], *, renewing: bool) -> Before:
    """Wrap earlier roots, oldest first, under the one that comes after them."""
    over = FileHolder(root)
    return Before(
        [Earlier(one.key_id, over.wrap(one.root, _context(one.key_id)).hex()) for one in chain], renewing
    )


def is_staged(holder: RolledHolder) -> bool:
    """Tell whether the key file that waits is that of this very root key, and not already of one after it."""
    try:
        return holders.describe(staged_file(holder.path)).key_id == holder.key_id
    except KeysError:
        return False  # nothing waits


def settle(path: Path) -> None:
    """Put the staged key file in the place of the one in force, at once and durably; nothing where that was done.

    Raises:
        OSError: the disk did not take it; both stay.
    """
    if staged_file(path).exists():
        staged_file(path).replace(path)
        sync_folder(path.parent)


def end_renewal(holder: RolledHolder) -> None:
    """Stop opening what earlier roots wrapped. They stay in the file, for `derive` and for a later `renew`.

    Raises:
        KeysError: the file cannot be read or written; it is as it was.
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
    """Return the ids of the root keys before the one of a key file, oldest first; nothing in them is secret."""
    return [one.key_id for one in before.roots] if (before := _read_before(path)) else []


def is_renewing(path: Path) -> bool:
    """Tell whether what earlier root keys wrapped is still opened."""
    return (before := _read_before(path)) is not None and before.renewing


class _Chain(msgspec.Struct, frozen=True):
    before: Before | None = None


def _read_before(path: Path) -> Before | None:
    try:
        return msgspec.json.decode(keyfile.read_key_file(path), type=_Chain).before
    except (KeysError, msgspec.MsgspecError):
        return None


def _context(key_id: str) -> bytes:
    return frame(b"root-before", key_id.encode())
