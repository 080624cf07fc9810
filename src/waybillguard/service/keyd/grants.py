"""Grants: what keyd hands to a person or a job, and wants to see before it opens anything.

A grant is a short record under keyd's own tag (BLAKE2b, keyed). It names who holds it, what proved that, and until
when; whoever presents it says nothing that keyd does not check. A grant opens only with the right kind, tenant and
holder, within its time, and not after its holder was suspended. Grants live in a browser, a shell token or a job,
never in a table of people.

Kinds: *session* (a second factor was shown; what gives power wants it shown within five minutes), *machine* (an API
key in its own name), *mandate* (two people agreed to one job of at most so many records).
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from enum import IntEnum
from typing import Final

import msgspec

from waybillguard.keys.hierarchy import KeyHolder
from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.service.keyd.errors import NotGrantedError

SESSION_S: Final = 12 * 3600
"""How long a session lasts at most; a shift is not longer."""
STEP_UP_S: Final = 300
"""How long a factor counts as just shown."""
MANDATE_S: Final = 7 * 86_400
"""How long a job that two people agreed to may wait and run."""
CLOCK_SLACK_S: Final = 10
"""A grant from a little ahead is taken: the clock of a virtual machine is set now and then."""

ACTION: Final = 32
"""Bytes of the digest of an action."""

_TAG: Final = 32
_MOST_BYTES: Final = 1_024
_encode = msgspec.msgpack.Encoder().encode


class Kind(IntEnum):
    """What a grant is for."""

    SESSION = 1
    MACHINE = 2
    MANDATE = 3
    PROPOSAL = 4
    """One person's half of a mandate: it opens nothing until a second person agrees."""


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """What keyd granted. Times are microseconds since 1970, UTC.

    Attributes:
        uid: 16 random bytes; counts and endings go by it.
        holder: the person (``u7``), the machine key (``key-3``), or who asked for a job.
        role: of the person, as keyd knows it.
        factor: which factor proved it; empty for jobs.
        proved_us: when that factor was shown.
        full_us: from when the factor is no longer young.
        full_after: a factor that replaced a lost one opens nothing at all before ``full_us``.
        action: digest of the one thing a mandate is for; of a session, of the one act its code was confirmed for.
        limit: most records of a mandate.
        agreed_by: the second person of a mandate.
        from_us: before that a mandate does nothing; 0: it begins at once.
    """

    kind: int
    uid: bytes
    tenant: str
    holder: str
    issued_us: int
    until_us: int
    role: str = ""
    factor: bytes = b""
    proved_us: int = 0
    full_us: int = 0
    full_after: bool = False
    action: bytes = b""
    limit: int = 0
    agreed_by: str = ""
    from_us: int = 0


_decode = msgspec.msgpack.Decoder(Grant).decode


def action_digest(name: str, *parts: str | bytes | int) -> bytes:
    """Return the digest of one action: its name and everything that makes it this one and no other."""
    hashed = hashlib.blake2b(digest_size=ACTION, person=b"keyd-action")
    for part in (name, *parts):
        data = part if isinstance(part, bytes) else str(part).encode()
        hashed.update(len(data).to_bytes(4) + data)
    return hashed.digest()


class Grants:
    """Makes grants and reads them.

    Args:
        holder: the unlocked root key; the tag's key is derived from it.
        now_us: keyd's clock.
        ended: tells whether a grant ended early (its holder was suspended, or signed out).
    """

    def __init__(self, holder: KeyHolder, now_us: Callable[[], int], ended: Callable[[Grant], bool]) -> None:
        self._key = bytes(holder.derive(KeyPurpose.SERVICE, b"grants"))
        self._now_us = now_us
        self._ended = ended

    def make(
        self, kind: Kind, tenant: str, holder: str, seconds: int, **about: object
    ) -> tuple[Grant, bytes]:
        """Return a new grant and its bytes, of which the caller keeps no copy."""
        now = self._now_us()
        grant = msgspec.structs.replace(
            Grant(kind, secrets.token_bytes(16), tenant, holder, now, now + seconds * 1_000_000), **about
        )
        body = _encode(grant)
        return grant, body + self._tag(body)

    def read(self, token: bytes, kind: Kind, tenant: str) -> Grant:
        """Return a grant that is genuine, of this kind and tenant, and in its time.

        Raises:
            NotGrantedError: says which of these fails; nothing was opened.
        """
        grant = self.genuine(token, kind, tenant)
        now = self._now_us()
        if now >= grant.until_us or self._ended(grant):
            raise NotGrantedError(
                zh="授权已结束，未打开任何数据。请重新登录。",
                en="this grant has ended; nothing was opened. Sign in again.",
            )
        if grant.issued_us > now + CLOCK_SLACK_S * 1_000_000:
            raise NotGrantedError(
                zh="本机时间被调回，未打开任何数据。请校准时间后重新登录。",
                en="the clock was set back; nothing was opened. Set it right and sign in again.",
            )
        if now < grant.from_us:
            raise NotGrantedError(
                zh="授权尚未生效：公告后须满 72 小时，未做更改。",
                en="what was allowed has not begun: it waits 72 hours after its announcement. Nothing changed.",
            )
        return grant

    def genuine(self, token: bytes, kind: Kind, tenant: str) -> Grant:
        """Return a grant that was made here, is of this kind and tenant, and may have ended.

        Raises:
            NotGrantedError: says which of these fails.
        """
        if not token:
            raise missing(kind)
        body, tag = token[:-_TAG], token[-_TAG:]
        if len(token) > _MOST_BYTES or not hmac.compare_digest(tag, self._tag(body)):
            raise NotGrantedError(
                zh="授权凭证无效，未打开任何数据。请重新登录。",
                en="this grant was not made here; nothing was opened. Sign in again.",
            )
        grant = _decode(body)
        if grant.kind != kind:
            raise missing(kind)
        if grant.tenant != tenant:
            raise NotGrantedError(
                zh="授权属于另一家仓库，未打开任何数据。",
                en="this grant is another warehouse's; nothing was opened.",
            )
        return grant

    def _tag(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self._key, digest_size=_TAG, person=b"keyd-grant").digest()


def missing(kind: Kind) -> NotGrantedError:
    """Make the error for something that needs a grant of ``kind`` and came without."""
    if kind in (Kind.MANDATE, Kind.PROPOSAL):
        return NotGrantedError(
            zh="这项任务没有授权，未打开、未销毁任何数据。",
            en="nobody has agreed to this job; nothing was opened or destroyed.",
        )
    return NotGrantedError(
        zh="需要先用动态验证码或通行密钥确认，未打开任何数据。单点登录不能代替它。",
        en="confirm by an authenticator app or a passkey first; nothing was opened. Single sign-on does not replace it.",
    )
