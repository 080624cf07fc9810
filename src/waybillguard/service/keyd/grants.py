"""Grants: signed records that keyd issues to a person or a job and checks before it opens anything.

A grant is a short record authenticated with keyd's own tag (keyed BLAKE2b). It names its holder, the factor that proved
the holder, and its end time; keyd trusts nothing else the caller says. A grant is valid only for its kind, tenant and
holder, within its time, and not after its holder was suspended. Grants are kept in a browser, a CLI token or a job,
never in a table of people.

Kinds: *session* (a second factor was shown; acts that give power need one shown within five minutes), *machine* (an
API key acting in its own name), *mandate* (two people agreed to one job with a maximum number of records).
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
"""Maximum length of a session: one shift."""
STEP_UP_S: Final = 300
"""How long a factor counts as just shown."""
MANDATE_S: Final = 7 * 86_400
"""How long a job that two people agreed to may wait and run."""
CLOCK_SLACK_S: Final = 10
"""Tolerance for grants issued in the future: a virtual machine's clock may be set back."""

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
    """One person's half of a mandate; it opens nothing until a second person agrees."""


class Grant(msgspec.Struct, frozen=True, array_like=True):
    """A grant. Times are microseconds since 1970, UTC.

    Attributes:
        uid: 16 random bytes; counts and endings refer to it.
        holder: the person (``u7``), the machine key (``key-3``), or the person who asked for a job.
        role: the person's role in keyd's records.
        factor: the factor that proved it; empty for jobs.
        proved_us: when that factor was shown.
        full_us: when the factor stops being young.
        full_after: the factor replaced a lost one and opens nothing before ``full_us``.
        action: digest of the one act: a mandate allows it, a session's code was confirmed for it.
        limit: maximum number of records of a mandate.
        agreed_by: the second person of a mandate.
        from_us: when a mandate begins; 0: at once.
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
    """Return the digest of an action from its name and all fields that identify it."""
    hashed = hashlib.blake2b(digest_size=ACTION, person=b"keyd-action")
    for part in (name, *parts):
        data = part if isinstance(part, bytes) else str(part).encode()
        hashed.update(len(data).to_bytes(4) + data)
    return hashed.digest()


class Grants:
    """Issues grants and verifies them.

    Args:
        holder: the unlocked root key; the key of the tag is derived from it.
        now_us: keyd's clock.
        ended: returns whether a grant ended early (its holder was suspended, or signed out).
    """

    def __init__(self, holder: KeyHolder, now_us: Callable[[], int], ended: Callable[[Grant], bool]) -> None:
        self._key = bytes(holder.derive(KeyPurpose.SERVICE, b"grants"))
        self._now_us = now_us
        self._ended = ended

    def make(
        self, kind: Kind, tenant: str, holder: str, seconds: int, **about: object
    ) -> tuple[Grant, bytes]:
        """Return a new grant and its bytes; keyd keeps no copy of them."""
        now = self._now_us()
        grant = msgspec.structs.replace(
            Grant(kind, secrets.token_bytes(16), tenant, holder, now, now + seconds * 1_000_000), **about
        )
        body = _encode(grant)
        return grant, body + self._tag(body)

    def read(self, token: bytes, kind: Kind, tenant: str) -> Grant:
        """Return a grant that is genuine, of this kind and tenant, and currently valid.

        Raises:
            NotGrantedError: names the check that failed; nothing was opened.
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
        """Return a genuine grant of this kind and tenant, even if it has ended.

        Raises:
            NotGrantedError: names the check that failed.
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
    """Return the error for a request that needs a grant of ``kind`` and has none."""
    if kind in (Kind.MANDATE, Kind.PROPOSAL):
        return NotGrantedError(
            zh="这项任务没有授权，未打开、未销毁任何数据。",
            en="nobody has agreed to this job; nothing was opened or destroyed.",
        )
    return NotGrantedError(
        zh="需要先用动态验证码或通行密钥确认，未打开任何数据。单点登录不能代替它。",
        en="confirm by an authenticator app or a passkey first; nothing was opened. Single sign-on does not replace it.",
    )
