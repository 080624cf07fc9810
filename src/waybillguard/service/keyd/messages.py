"""Requests that other processes send to keyd, and its answers.

Framing: 4 bytes length (big endian), then one msgpack map with a ``type`` tag. ``VERSION`` is increased when a
message changes its meaning; both sides always belong to the same installation.
"""

import msgspec

from waybillguard.seal import SealedOrder, SealInput, Suite
from waybillguard.service.keyd.grants import action_digest

VERSION = 3
MAX_FRAME = 64 * 1024 * 1024


class Context(msgspec.Struct, frozen=True, array_like=True):
    """Who asks, from where and why, as the ledger entry will state it; ``grant`` proves it (`grants`)."""

    tenant: str
    actor: str
    workstation: str = ""
    session: str = ""
    purpose: str = ""
    grant: bytes = b""

    def __repr__(self) -> str:
        """Leave out the grant, so that it does not appear in logs."""
        return f"Context({self.tenant}, {self.actor}, {self.purpose})"


class WrappedEpoch(msgspec.Struct, frozen=True, array_like=True):
    """A day key as stored in the database."""

    epoch_id: int
    day: int
    wrapped: bytes


class IndexRoot(msgspec.Struct, frozen=True, array_like=True):
    """An index root as stored in the database. Generation 1 has no bytes: keyd derives it.

    ``asked``: orders may be indexed under it, so searches make its tokens too. ``rows``: it was destroyed, and what is
    left makes only row tokens. ``suite`` is the cipher that seals orders of its generation.
    """

    generation: int
    wrapped: bytes = b""
    asked: bool = True
    rows: bool = False
    suite: int = Suite.AES_256_GCM


class Request(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """Base of all requests."""


class Hello(Request, frozen=True):
    """The first request of a connection: the kind of process, and the key that proves it (`callers`)."""

    caller: str
    key: str

    def __repr__(self) -> str:
        """Leave out the key."""
        return f"Hello({self.caller})"


class Status(Request, frozen=True):
    """Ask whether keyd is unlocked, and how many entries the ledger has."""


class FrameHeld(Request, frozen=True):
    """Internal report of keyd's socket: a frame was begun and not completed in time. No other process can send it."""

    caller: str = ""


class StatusAnswer(msgspec.Struct, frozen=True):
    """The state of keyd: whether the ledger can write, entries per shard, and keyd's own protections.

    ``holder`` is where the root key is kept (a kind of `keys.holders`); ``protections`` are the active ones.
    """

    version: int
    healthy: bool
    entries: dict[str, int]
    holder: str = ""
    key_id: str = ""
    protections: list[str] = []
    problem_zh: str = ""
    problem_en: str = ""


class Derive(Request, frozen=True):
    """Ask for a secret of the service itself (never one that opens orders)."""

    purpose: str


class Secret(msgspec.Struct, frozen=True):
    """A derived secret, hex."""

    value: str


class NewEpoch(Request, frozen=True):
    """Create the key of a tenant and day."""

    tenant: str
    epoch_id: int
    day: int


class NewDataKey(Request, frozen=True):
    """Create a key for one spooled file; ``what`` binds it to one kind of waiting upload (`files.WAITING`)."""

    tenant: str
    what: str = ""


class OpenDataKey(Request, frozen=True):
    """Unwrap the key of one spooled file. Recorded in the ledger first; ``what`` is the kind of file."""

    context: Context
    wrapped: bytes
    what: str


class DataKey(msgspec.Struct, frozen=True):
    """A key for one spooled file, in the clear and wrapped for storage."""

    key: bytes
    wrapped: bytes


class WrapText(Request, frozen=True):
    """Seal a short secret (a workbook's password) for the worker."""

    tenant: str
    text: str


class UnwrapText(Request, frozen=True):
    """Open the result of ``WrapText``. Recorded in the ledger first."""

    context: Context
    wrapped: bytes


class Text(msgspec.Struct, frozen=True):
    """A short secret."""

    text: str


class Wrapped(msgspec.Struct, frozen=True):
    """A sealed short secret."""

    wrapped: bytes


class SealBatch(Request, frozen=True):
    """Seal a chunk of an import; no plaintext is returned."""

    tenant: str
    epochs: list[WrappedEpoch]
    rows: list[SealInput]
    roots: list[IndexRoot] = []


class SealedBatch(msgspec.Struct, frozen=True):
    """The sealed chunk, in the order of the request, with the joined gram tokens of name and address.

    ``earlier_rows`` holds, for each root before the newest, the row tokens under it, to recognise rows that were
    shredded before a rotation.
    """

    rows: list[SealedOrder]
    name_grams: list[bytes] = []
    address_grams: list[bytes] = []
    earlier_rows: list[list[bytes]] = []


class SealedRows(Request, frozen=True):
    """Ask how many rows were sealed for a warehouse in the last 24 hours, by any process."""

    tenant: str


class SealedRowsAnswer(msgspec.Struct, frozen=True):
    """The number of rows, counted from the ledger."""

    rows: int


class TokenQuery(msgspec.Struct, frozen=True, array_like=True):
    """One search term: ``field`` is phone, last4, order, waybill, or (fragments) name, address.

    ``days`` (day numbers) select the monthly index keys; last4 also needs the shops.
    """

    field: str
    value: str
    days: list[int]
    shops: list[str]


class Tokens(Request, frozen=True):
    """Ask for the index tokens of a search. Counts as a look: the ledger is written first."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class TokenAnswer(msgspec.Struct, frozen=True):
    """Tokens of each query, in order."""

    tokens: list[list[bytes]]


class NumberTokens(Request, frozen=True):
    """Ask for the tokens of order or waybill numbers on behalf of a machine. One ledger entry per call."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class FragmentTokens(Request, frozen=True):
    """Ask for the gram tokens of fragments of names or addresses. Counts as a look, like ``Tokens``."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class MonthTokens(msgspec.Struct, frozen=True, array_like=True):
    """Gram tokens of one query under one month's key; all of them must match."""

    month: int
    tokens: list[bytes]
    generation: int = 1


class FragmentAnswer(msgspec.Struct, frozen=True):
    """Tokens of each query, in order; empty if the fragment is too short to search for."""

    months: list[list[MonthTokens]]


class SealedRef(msgspec.Struct, frozen=True, array_like=True):
    """A sealed order as stored in the database, for operations that keyd performs on the plaintext.

    It opens only under the shop it was sealed for; the region is taken from the database unverified.
    """

    order_uid: bytes
    epoch_id: int
    salt: bytes
    blob: bytes
    province: str
    city: str
    district: str
    day: int
    shop: str


class MatchFragments(Request, frozen=True):
    """Have keyd test the candidates of a gram search. It answers yes or no per order, never the content."""

    context: Context
    queries: list[TokenQuery]
    epochs: list[WrappedEpoch]
    orders: list[SealedRef]


class Matches(msgspec.Struct, frozen=True):
    """Whether each order contains every fragment, in the order of the request."""

    matching: list[bool]


class Job(msgspec.Struct, frozen=True):
    """One job that a mandate is for.

    Attributes:
        kind: ``export``, ``rotation``, ``retention``, ``undo`` or ``contract_end``.
        target: what limits it: a recipient's fingerprint, the last day that is due, a part's name; empty: no limit.
        number: the database row it is done for; empty: none.
    """

    kind: str
    target: str
    number: str = ""

    @property
    def digest(self) -> bytes:
        """Return the digest that a mandate for this job carries."""
        return action_digest(self.kind, self.number, self.target)


class ShredScope(msgspec.Struct, frozen=True, array_like=True):
    """What to shred: orders by uid, a day, or a tenant; limited to ids issued so far."""

    scope: str
    uids: list[bytes] = []
    day: int = -1
    epoch_up_to: int = 0
    order_up_to: int = 0


class Shred(Request, frozen=True):
    """Never open these orders again: the ledger is written first, then keyd's own list, then the caller deletes.

    ``job`` is the job of the mandate in the context; none: a person asks (`destroying`). ``gone`` are orders of a part
    (`contract_ends`) that no longer exist.
    """

    context: Context
    what: ShredScope
    orders: int
    certificate: str = ""
    job: Job | None = None
    gone: list[bytes] = []


class Reveal(Request, frozen=True):
    """Open one field group of one order, after recording the look in the ledger. There is no batch form.

    ``group`` is phone (name and phone) or address; ``context.purpose`` is a purpose of the access package;
    ``policies`` and ``policy_version`` name the policies that allowed it.
    """

    context: Context
    epoch: WrappedEpoch
    order: SealedRef
    group: str
    policies: list[str]
    policy_version: str


class Revealed(msgspec.Struct, frozen=True):
    """One field group of one record, and the receipt recorded before it was opened."""

    index: int
    leaf_hash: str
    origin: str
    name: str = ""
    phone: str = ""
    extension: str = ""
    virtual_until: str = ""
    address: str = ""

    def __repr__(self) -> str:
        """Show only the receipt."""
        return f"Revealed({self.index})"


class Record(Request, frozen=True):
    """Record an event in the ledger (sign-in, import, undo, account changes)."""

    context: Context
    kind: str
    detail: dict[str, str | int]


class Recorded(msgspec.Struct, frozen=True):
    """The receipt: position and leaf hash (hex); the entry is durable when this arrives."""

    index: int
    leaf_hash: str
    origin: str


class Done(msgspec.Struct, frozen=True):
    """The request is done and recorded."""


class Failure(msgspec.Struct, frozen=True, tag="Failure", tag_field="type"):
    """Why a request was refused; ``action``: the digest a code must be confirmed for (`actions`)."""

    code: str
    zh: str
    en: str
    action: bytes = b""


AnyRequest = (
    Hello | Status | Derive | NewEpoch | NewDataKey | OpenDataKey | WrapText | UnwrapText | SealBatch | Tokens
    | NumberTokens | FragmentTokens | MatchFragments | Reveal | Record | Shred | SealedRows
)  # fmt: skip
