"""Pairings of ERPs with the shim: each ERP has its own address, made by an administrator.

The address ends in a random token, of which only a hash is stored. A pairing names its web origin; an ERP without a
browser sends none. The state is one JSON file of mode 0600, replaced atomically.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from waybillguard.agent.shim.errors import ShimError

_TOKEN_BYTES = 16
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.\-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")


class Pairing(msgspec.Struct, frozen=True):
    """One ERP that may print. ``origin`` is empty for a program that is not a web page."""

    name: str
    origin: str
    token_hash: str
    made_at: str


class _File(msgspec.Struct):
    v: int = 1
    pairings: list[Pairing] = []


class Pairings:
    """The pairings of a station, stored in one file."""

    def __init__(self, path: Path, *, random: Callable[[int], bytes] = os.urandom) -> None:
        self._path = path
        self._random = random

    def all(self) -> list[Pairing]:
        """Return every pairing.

        Raises:
            ShimError: the file is damaged; then no ERP is paired.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_File).pairings
        except FileNotFoundError:
            return []
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise ShimError(
                zh="配对文件已损坏，目前没有任何 ERP 可以打印。请删除该文件后重新配对。",
                en="The pairing file is damaged; no ERP can print now. Delete it and pair again.",
            ) from error

    def add(self, name: str, origin: str, *, at: str) -> str:
        """Pair an ERP and return its token, which is shown only once; replaces a pairing of the same name.

        Raises:
            ShimError: the origin does not identify one web site; browsers send ``null`` for every file and sandbox.
        """
        origin = origin.rstrip("/").lower()
        if origin and not _ORIGIN.fullmatch(origin):
            raise ShimError(
                zh="--origin 应为网页版 ERP 的来源：https://主机 或 https://主机:端口；客户端程序请不要写。",
                en="--origin is the web origin of the ERP, https://host or https://host:port; leave it out for a program.",
            )
        token = self._random(_TOKEN_BYTES).hex()
        kept = [pairing for pairing in self.all() if pairing.name != name]
        self._write([*kept, Pairing(name, origin, _hash(token), at)])
        return token

    def remove(self, name: str) -> bool:
        """Remove a pairing; return whether there was one."""
        before = self.all()
        kept = [pairing for pairing in before if pairing.name != name]
        if len(kept) < len(before):
            self._write(kept)
        return len(kept) < len(before)

    def find(self, token: str, origin: str | None) -> Pairing | None:
        """Return the pairing of a token and an origin.

        A browser always sends the origin of its page, so another web site cannot use a token that it learnt. A
        program sends no origin and needs a pairing without one.
        """
        digest = _hash(token)
        for pairing in self.all():
            if hmac.compare_digest(pairing.token_hash, digest):
                return pairing if (origin or "").rstrip("/") == pairing.origin else None
        return None

    def hold(self, pairing: Pairing) -> bool:
        """Return whether a pairing is still valid; if the file is damaged, none is."""
        try:
            return pairing in self.all()
        except ShimError:
            return False

    def _write(self, pairings: list[Pairing]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(_File(pairings=pairings)))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
