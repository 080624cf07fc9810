"""The people keyd knows: roles and factors, merchants' shops, signed limits, open plans. Only keyd writes this file.

Each line holds one record, encrypted and authenticated (AES-256-GCM) under a key derived from the root key, and is
durable before anything follows from it. The highest version of a record counts. The file grows with each code used and
is compacted when keyd starts. It lies beside the ledger and is part of a backup.
"""

import base64
import os
import secrets
import threading
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waybillguard.keys.appending import append_whole
from waybillguard.keys.hierarchy import KeyHolder
from waybillguard.keys.hierarchy import Purpose as KeyPurpose
from waybillguard.service.keyd.grants import Grant
from waybillguard.service.keyd.limits import Limits

_CONTEXT: Final = b"keyd people v1"
_NONCE: Final = 12
_MOST_ENDED: Final = 32


class Factor(msgspec.Struct, frozen=True, omit_defaults=True):
    """One factor of a person.

    Attributes:
        kind: ``totp`` or ``passkey``.
        secret: the TOTP secret; of a passkey its public key (attested credential data).
        since_us: when it was enrolled.
        counter: the last TOTP counter used; for a passkey its own count of uses (0: it does not count).
        young: the factor is limited to very few records for three days.
        replaced: it was enrolled after all others were lost, and opens nothing while young.
        further: its person had one before; while young it confirms no act that gives power.
    """

    uid: bytes
    kind: str
    secret: bytes
    since_us: int
    counter: int = 0
    young: bool = True
    replaced: bool = False
    further: bool = False

    def __repr__(self) -> str:
        """Show only the kind."""
        return f"Factor({self.kind})"


class Person(msgspec.Struct, frozen=True, omit_defaults=True, tag="person"):
    """One person of one warehouse.

    Attributes:
        version: grows with each change.
        expected_until_us: until when a first factor may be enrolled without showing one; 0: not at all.
        replacing: the expected factor replaces lost ones.
        cut_us: grants issued up to then have ended.
        ended: grants that were ended individually (sign-out), newest last.
        begun: a factor was enrolled at some time; stays true when the last one is removed.
        acted: grants whose one act was done, newest last.
    """

    tenant: str
    name: str
    version: int = 0
    role: str = ""
    suspended: bool = False
    expected_until_us: int = 0
    replacing: bool = False
    factors: tuple[Factor, ...] = ()
    cut_us: int = 0
    ended: tuple[bytes, ...] = ()
    begun: bool = False
    acted: tuple[bytes, ...] = ()

    def factor(self, uid: bytes) -> Factor | None:
        """Return one factor."""
        return next((one for one in self.factors if one.uid == uid), None)


class Merchant(msgspec.Struct, frozen=True, omit_defaults=True, tag="merchant"):
    """The shops of one merchant (by the service's merchant number), and the people who look on its behalf (`shops`)."""

    tenant: str
    number: int
    version: int = 0
    shops: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the key of this record."""
        return str(self.number)


class SignedLimits(msgspec.Struct, frozen=True, omit_defaults=True, tag="limits"):
    """Limits of one warehouse signed by its owners; ``pending`` ones apply from ``pending_from_us`` on.

    ``proposed`` ones were signed by one of two owners.
    """

    tenant: str
    version: int
    limits: Limits
    name: str = ":limits"
    pending: Limits | None = None
    pending_from_us: int = 0
    pending_by: str = ""
    proposed: Limits | None = None
    proposed_by: str = ""
    proposed_us: int = 0

    def at(self, now_us: int) -> Limits:
        """Return the limits in force at a moment."""
        return self.pending if self.pending is not None and now_us >= self.pending_from_us else self.limits


class Plan(msgspec.Struct, frozen=True, array_like=True):
    """One mandate to destroy that waits, or has begun and is not done.

    Attributes:
        uid: of the mandate.
        mark: the first 16 bytes of the SHA-256 of its bytes; other processes use it as a name.
        kind, number: of its job (`messages.Job`).
        orders: how many it may destroy.
        up_to_day: the last day of a plan by rule; -1: it has none.
        asked_by: the person on whose behalf it was created.
        from_us, until_us: when it begins and ends.
    """

    uid: bytes
    mark: bytes
    kind: str
    number: str
    orders: int
    up_to_day: int
    asked_by: str
    from_us: int
    until_us: int


class OpenPlans(msgspec.Struct, frozen=True, omit_defaults=True, tag="plans"):
    """Waiting destruction of one warehouse. A mandate that waited and is not listed here has ended."""

    tenant: str
    version: int
    plans: tuple[Plan, ...]
    name: str = ":plans"


class DemoMark(msgspec.Struct, frozen=True, tag="demo"):
    """Marks a data folder that began as a demo. It holds no real data, so its people's factors are never young."""

    tenant: str = ":"
    version: int = 1
    name: str = ":demo"


type _Kept = Person | Merchant | SignedLimits | OpenPlans | DemoMark

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Person | Merchant | SignedLimits | OpenPlans | DemoMark).decode


class People:
    """All people that keyd knows. Thread-safe.

    Args:
        holder: the unlocked root key.
        path: the file; None keeps them in memory (tests).
    """

    def __init__(self, holder: KeyHolder, path: Path | None = None) -> None:
        self._cipher = AESGCM(bytes(holder.derive(KeyPurpose.SERVICE, _CONTEXT)))
        self._path = path
        self._kept: dict[tuple[type[_Kept], str, str], _Kept] = {}
        """By kind first, so that a submitted name can never replace limits or plans."""
        self.lock = threading.RLock()
        """Hold it while reading, checking and writing a person, so that a code is used only once."""
        if path is not None and path.exists():
            self._load(path)

    def find(self, tenant: str, name: str) -> Person | None:
        """Return a person, or None."""
        found = self._kept.get((Person, tenant, name))
        return found if isinstance(found, Person) else None

    def enrolled(self, tenant: str) -> bool:
        """Return whether anybody of this warehouse ever had a factor here."""
        return any(one.begun for one in self.of(tenant))

    def tenants(self) -> set[str]:
        """Return every warehouse in which somebody has, or had, a factor."""
        return {one.tenant for one in list(self._kept.values()) if isinstance(one, Person) and one.begun}

    def of(self, tenant: str) -> list[Person]:
        """Return the people of one warehouse."""
        return [one for one in list(self._kept.values()) if isinstance(one, Person) and one.tenant == tenant]

    def merchants(self, tenant: str) -> dict[int, Merchant]:
        """Return the merchants of one warehouse by number."""
        kept = list(self._kept.values())
        return {one.number: one for one in kept if isinstance(one, Merchant) and one.tenant == tenant}

    def put_merchant(self, merchant: Merchant) -> None:
        """Store a merchant durably."""
        with self.lock:
            self._keep(msgspec.structs.replace(merchant, version=merchant.version + 1))

    def signed(self, tenant: str) -> SignedLimits | None:
        """Return the limits signed by owners, or None."""
        found = self._kept.get((SignedLimits, tenant, ":limits"))
        return found if isinstance(found, SignedLimits) else None

    def plans(self, tenant: str) -> tuple[Plan, ...]:
        """Return the mandates to destroy that wait or are not done."""
        found = self._kept.get((OpenPlans, tenant, ":plans"))
        return found.plans if isinstance(found, OpenPlans) else ()

    def put_plans(self, tenant: str, plans: tuple[Plan, ...]) -> None:
        """Store the waiting destruction durably."""
        with self.lock:
            known = self._kept.get((OpenPlans, tenant, ":plans"))
            self._keep(OpenPlans(tenant, (known.version if known else 0) + 1, plans))

    @property
    def demo(self) -> bool:
        """Return whether this folder began as a demo."""
        return (DemoMark, ":", ":demo") in self._kept

    def begin_demo(self) -> None:
        """Mark a folder without any known people as a demo. A folder in use never becomes one."""
        if not self._kept:
            self._keep(DemoMark())

    def put_limits(self, signed: SignedLimits) -> None:
        """Store signed limits durably."""
        with self.lock:
            known = self.signed(signed.tenant)
            self._keep(msgspec.structs.replace(signed, version=(known.version if known else 0) + 1))

    def put(self, person: Person) -> Person:
        """Store a person durably.

        Raises:
            OSError: the disk write failed; nothing changed.
        """
        with self.lock:
            known = self.find(person.tenant, person.name)
            person = msgspec.structs.replace(
                person,
                version=(known.version if known else 0) + 1,
                ended=person.ended[-_MOST_ENDED:],
                acted=person.acted[-_MOST_ENDED:],
            )
            self._keep(person)
            return person

    def has_ended(self, grant: Grant) -> bool:
        """Return whether a grant ended because its holder was suspended since, or ended it."""
        for name in (grant.holder, grant.agreed_by):
            person = self.find(grant.tenant, name) if name else None
            if person is None:
                continue
            if person.suspended or grant.issued_us <= person.cut_us or grant.uid in person.ended:
                return True
            if name == grant.holder and grant.factor and person.factor(grant.factor) is None:
                return True
        return False

    def _keep(self, kept: _Kept) -> None:
        if self._path is not None:
            self._append(self._path, self._line(kept))
        self._kept[type(kept), kept.tenant, kept.name] = kept

    def _line(self, kept: _Kept) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, _encode(kept), _CONTEXT)) + b"\n"

    @staticmethod
    def _append(path: Path, line: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            append_whole(
                descriptor, b"\n" + line, durable=True
            )  # an incomplete line before this one must not swallow it
        finally:
            os.close(descriptor)

    def _load(self, path: Path) -> None:
        lines = [line for line in path.read_bytes().split(b"\n") if line]
        for line in lines:
            try:
                sealed = base64.b64decode(line, validate=True)
                kept = _decode(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _CONTEXT))
            except (ValueError, InvalidTag, msgspec.MsgspecError):
                continue  # cut short by a crash, or not ours: ignored
            known = self._kept.get((type(kept), kept.tenant, kept.name))
            if known is None or kept.version > known.version:
                self._kept[type(kept), kept.tenant, kept.name] = kept
        if len(lines) > 2 * len(self._kept) + 100:
            self._rewrite(path)

    def _rewrite(self, path: Path) -> None:
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        fresh.unlink(missing_ok=True)
        self._append(fresh, b"".join(self._line(one) for one in self._kept.values()))
        fresh.replace(path)
