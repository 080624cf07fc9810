"""The keys of a ledger, all derived from one 32-byte secret in the key service."""

import hashlib
import hmac

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from waybillguard.ledger.errors import LedgerCorruptError, LedgerError

KEY = 32
_LABEL = 8


def derive(secret: bytes, label: str, length: int = KEY) -> bytes:
    """Return key material for one use: HKDF-SHA256 (RFC 5869) with the label as info."""
    return HKDF(hashes.SHA256(), length, None, b"waybillguard ledger v1: " + label.encode()).derive(secret)


def prf(key: bytes, *parts: bytes) -> bytes:
    """Return HMAC-SHA256 over length-prefixed parts."""
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(key, message, "sha256")


def unwrap_stored_key(wrap: bytes, wrapped: bytes) -> bytes:
    """Unwrap a key that the ledger stores wrapped (RFC 3394); raises LedgerCorruptError if either key is wrong."""
    try:
        return aes_key_unwrap(wrap, wrapped)
    except InvalidUnwrap as error:
        raise LedgerCorruptError(
            zh="台账保存的密钥无法解开：字节已损坏，或不是这本台账自己的密钥",
            en="a key that the ledger keeps does not open: damaged bytes, or another ledger's secret",
        ) from error


class LedgerKeys(msgspec.Struct, frozen=True):
    """The keys that a ledger needs to write.

    ``secret`` is 32 random bytes from the key hierarchy. ``prefix`` opens every origin line, such as
    ``ledger.example/wg`` (no spaces, no ``+``). ``regulator`` is the X25519 public key (32 bytes) of the
    authority that may open bodies in an investigation, or None.
    """

    secret: bytes
    prefix: str = "waybillguard.local"
    regulator: bytes | None = None

    def __post_init__(self) -> None:
        """Refuse keys and prefixes that the formats do not allow."""
        if len(self.secret) != KEY or (self.regulator is not None and len(self.regulator) != KEY):
            raise LedgerError(zh="台账密钥必须是 32 字节", en="a ledger key has exactly 32 bytes")
        if not self.prefix or any(c.isspace() or c == "+" for c in self.prefix):
            raise LedgerError(
                zh="台账名称不能为空，也不能含空格或加号",
                en="the ledger's prefix must be a name without spaces or '+'",
            )

    @classmethod
    def of_installation(cls, secret: bytes) -> "LedgerKeys":
        """Return the keys of one installation; its unique origin lets a witness tell installations apart.

        The origin's first label is 16 hex digits derived from the secret, so a restored ledger has the same.
        """
        return cls(secret, f"{derive(secret, 'origin', _LABEL).hex()}.waybillguard.local")

    def __repr__(self) -> str:
        """Show no key."""
        return f"LedgerKeys({self.prefix!r})"

    def ed25519(self) -> Ed25519PrivateKey:
        """Return the log's Ed25519 key."""
        return Ed25519PrivateKey.from_private_bytes(derive(self.secret, "sign ed25519"))

    def mldsa(self) -> MLDSA44PrivateKey:
        """Return the log's ML-DSA-44 key."""
        return MLDSA44PrivateKey.from_seed_bytes(derive(self.secret, "sign ml-dsa-44"))

    def owner_wrap(self) -> bytes:
        """Return the key that wraps the owner's daily keys."""
        return derive(self.secret, "owner daily keys")

    def for_shard(self, origin: str) -> "ShardKeys":
        """Return the pseudonym keys of one shard; pseudonyms change every quarter."""
        return ShardKeys(
            actor=derive(self.secret, f"actor {origin}"),
            workstation=derive(self.secret, f"workstation {origin}"),
            subject=derive(self.secret, f"subject {origin}"),
            seal=derive(self.secret, f"seal {origin}"),
        )


class ShardKeys(msgspec.Struct, frozen=True):
    """The pseudonym keys of a shard and the first key of its forward-secure seal."""

    actor: bytes
    workstation: bytes
    subject: bytes
    seal: bytes

    def __repr__(self) -> str:
        """Show no key."""
        return "ShardKeys()"

    def actor_pseudonym(self, tenant: str, actor: str) -> bytes:
        """Return the 16-byte pseudonym of a staff member (zeros: none)."""
        return prf(self.actor, tenant.encode(), actor.encode())[:16] if actor else bytes(16)

    def workstation_pseudonym(self, tenant: str, workstation: str) -> bytes:
        """Return the 16-byte pseudonym of a workstation (zeros: none)."""
        return prf(self.workstation, tenant.encode(), workstation.encode())[:16] if workstation else bytes(16)

    def record_tag(self, record: bytes | None) -> bytes:
        """Return the 16-byte tag of a record: HMAC(subject key, "tag") (zeros: none)."""
        if record is None:
            return bytes(16)
        subject = hmac.digest(self.subject, record, "sha256")
        return hmac.digest(subject, b"tag", "sha256")[:16]


class Ratchet:
    """The forward-secure seal: after each entry its key is replaced by the next one and destroyed.

    An attacker who takes over the machine at entry n cannot forge seals of entries before n. ``index`` is the index
    of the next entry.
    """

    def __init__(self, key: bytes, index: int = 0) -> None:
        self.key = key
        self.index = index

    def seal(self, unsealed: bytes) -> bytes:
        """Return the 16-byte tag for the next entry and advance to the next key."""
        tag = hmac.digest(self.key, unsealed, "sha256")[:16]
        self.skip()
        return tag

    def advance(self, index: int) -> None:
        """Advance to the key of entry ``index``."""
        key, sha256 = self.key, hashlib.sha256
        for _ in range(index - self.index):
            key = sha256(b"waybillguard seal next" + key).digest()
        self.key, self.index = key, max(index, self.index)

    def skip(self) -> None:
        """Advance by one entry."""
        self.key = hashlib.sha256(b"waybillguard seal next" + self.key).digest()
        self.index += 1
