"""What the other processes may ask of keyd, and what it answers.

Framing: 4 bytes length (big endian), then one msgpack map with a ``type`` tag. ``VERSION`` goes up when
a message changes its meaning; both sides are always of one installation.
"""

import msgspec

from waybillguard.seal import SealedOrder, SealInput, Suite
from waybillguard.service.keyd.grants import action_digest

VERSION = 3
MAX_FRAME = 64 * 1024 * 1024


class Context(msgspec.Struct, frozen=True, array_like=True):
    """Who asks, from where and why: what the ledger entry will say; ``grant`` is what proves it (`grants`)."""

    tenant: str
    actor: str
    workstation: str = ""
    session: str = ""
    purpose: str = ""
    grant: bytes = b""

    def __repr__(self) -> str:
        """Leave out the grant: who reads a log must not hold it."""
        return f"Context({self.tenant}, {self.actor}, {self.purpose})"


class WrappedEpoch(msgspec.Struct, frozen=True, array_like=True):
    """A day key as the database keeps it."""

    epoch_id: int
    day: int
    wrapped: bytes


class IndexRoot(msgspec.Struct, frozen=True, array_like=True):
    """An index root as the database keeps it; generation 1 has no bytes: keyd derives it.

    ``asked``: orders may lie under it, so searches make its tokens too. ``rows``: it was destroyed, and what is
    left makes row tokens alone. ``suite`` is the cipher that orders of its generation are sealed with.
    """

    generation: int
    wrapped: bytes = b""
    asked: bool = True
    rows: bool = False
    suite: int = Suite.AES_256_GCM


class Request(msgspec.Struct, frozen=True, tag=True, tag_field="type"):
    """Base of all requests."""


class Hello(Request, frozen=True):
    """The first request of a connection: which kind of process this is, and the key that shows it (`callers`)."""

    caller: str
    key: str

    def __repr__(self) -> str:
        """Leave out the key."""
        return f"Hello({self.caller})"


class Status(Request, frozen=True):
    """Ask whether keyd is unlocked and how far the ledger has come."""


class FrameHeld(Request, frozen=True):
    """keyd's socket tells keyd itself, and nobody else can: a frame was begun and not sent in its time."""

    caller: str = ""


class StatusAnswer(msgspec.Struct, frozen=True):
    """The state of keyd: does the ledger write, how many entries each shard holds, and what protects keyd itself.

    ``holder`` keeps the root key (a kind of `keys.holders`); ``protections`` are those in force, of `protection`.
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
    """Make the key of a tenant and day."""

    tenant: str
    epoch_id: int
    day: int


class NewDataKey(Request, frozen=True):
    """Make a key for one spooled file; ``what`` binds it to one kind of upload that waits (`files.WAITING`)."""

    tenant: str
    what: str = ""


class OpenDataKey(Request, frozen=True):
    """Unwrap the key of one spooled file. Written to the ledger first; ``what`` says what kind of file it is."""

    context: Context
    wrapped: bytes
    what: str


class DataKey(msgspec.Struct, frozen=True):
    """A key for one spooled file, in the clear and as it may be stored."""

    key: bytes
    wrapped: bytes


class WrapText(Request, frozen=True):
    """Seal a short secret (a workbook's password) for the worker."""

    tenant: str
    text: str


class UnwrapText(Request, frozen=True):
    """Open what ``WrapText`` sealed. Written to the ledger first."""

    context: Context
    wrapped: bytes


class Text(msgspec.Struct, frozen=True):
    """A short secret."""

    text: str


class Wrapped(msgspec.Struct, frozen=True):
    """A sealed short secret."""

    wrapped: bytes


class SealBatch(Request, frozen=True):
    """Seal a chunk of an import; no plaintext comes back."""

    tenant: str
    epochs: list[WrappedEpoch]
    rows: list[SealInput]
    roots: list[IndexRoot] = []


class SealedBatch(msgspec.Struct, frozen=True):
    """The sealed chunk, in the order asked; gram tokens of name and address beside it, joined.

    ``earlier_rows`` holds, for each root before the newest, the row tokens under it: after a rotation a row
    that was shredded before still lies there.
    """

    rows: list[SealedOrder]
    name_grams: list[bytes] = []
    address_grams: list[bytes] = []
    earlier_rows: list[list[bytes]] = []


class SealedRows(Request, frozen=True):
    """Ask how many rows were sealed for a warehouse in the last 24 hours, whoever asked for it."""

    tenant: str


class SealedRowsAnswer(msgspec.Struct, frozen=True):
    """So many, by the ledger."""

    rows: int


class TokenQuery(msgspec.Struct, frozen=True, array_like=True):
    """A search in words: ``field`` is phone, last4, order, waybill, or (fragments) name, address.

    ``days`` (day numbers) select the index keys, a key a month; last4 also needs the shops.
    """

    field: str
    value: str
    days: list[int]
    shops: list[str]


class Tokens(Request, frozen=True):
    """Ask for the index tokens of a search. Counted as a look: the ledger is written first."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class TokenAnswer(msgspec.Struct, frozen=True):
    """Tokens of each query, in order."""

    tokens: list[list[bytes]]


class NumberTokens(Request, frozen=True):
    """Ask where orders lie that a machine names by number (order or waybill). One ledger entry a call."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class FragmentTokens(Request, frozen=True):
    """Ask for the gram tokens of pieces of names or addresses. Counted as a look, as ``Tokens``."""

    context: Context
    queries: list[TokenQuery]
    roots: list[IndexRoot] = []


class MonthTokens(msgspec.Struct, frozen=True, array_like=True):
    """Gram tokens of one query under one month's key; all of them must match."""

    month: int
    tokens: list[bytes]
    generation: int = 1


class FragmentAnswer(msgspec.Struct, frozen=True):
    """Tokens of each query, in order; an empty list where the fragment is too short to look for."""

    months: list[list[MonthTokens]]


class SealedRef(msgspec.Struct, frozen=True, array_like=True):
    """A sealed order as the database keeps it, for operations that keyd does on the plaintext.

    It opens under the shop alone that it was sealed for; the region is the database's word.
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
    """Have keyd test what grams found. It answers yes or no an order, never what is inside."""

    context: Context
    queries: list[TokenQuery]
    epochs: list[WrappedEpoch]
    orders: list[SealedRef]


class Matches(msgspec.Struct, frozen=True):
    """Whether each order holds every fragment, in the order asked."""

    matching: list[bool]


class Job(msgspec.Struct, frozen=True):
    """One job that a mandate is for.

    Attributes:
        kind: ``export``, ``rotation``, ``retention``, ``undo`` or ``contract_end``.
        target: what bounds it: a recipient's fingerprint, the last day that is due, a part's name; empty: nothing.
        number: the row it is done for; empty: none.
    """

    kind: str
    target: str
    number: str = ""

    @property
    def digest(self) -> bytes:
        """Return what a mandate for it names."""
        return action_digest(self.kind, self.number, self.target)


class ShredScope(msgspec.Struct, frozen=True, array_like=True):
    """What is to be shredded: orders by uid, a day, or a tenant; bounded by the ids given out so far."""

    scope: str
    uids: list[bytes] = []
    day: int = -1
    epoch_up_to: int = 0
    order_up_to: int = 0


class Shred(Request, frozen=True):
    """Refuse to open this ever again: the ledger first, then keyd's own list, then the caller deletes.

    ``job`` is what the mandate in the context was made for; none: a person asks (`destroying`). ``gone`` are the
    orders of a part (`contract_ends`) that are not there any more.
    """

    context: Context
    what: ShredScope
    orders: int
    certificate: str = ""
    job: Job | None = None
    gone: list[bytes] = []


class Reveal(Request, frozen=True):
    """Open one field group of one order, once the look stands in the ledger. There is no plural of this.

    ``group`` is phone (name and phone) or address; ``context.purpose`` a purpose of the access room;
    ``policies`` and ``policy_version`` say what allowed it.
    """

    context: Context
    epoch: WrappedEpoch
    order: SealedRef
    group: str
    policies: list[str]
    policy_version: str


class Revealed(msgspec.Struct, frozen=True):
    """One field group of one record, and the receipt that was written before it was opened."""

    index: int
    leaf_hash: str
    origin: str
    name: str = ""
    phone: str = ""
    extension: str = ""
    virtual_until: str = ""
    address: str = ""

    def __repr__(self) -> str:
        """Name the receipt alone."""
        return f"Revealed({self.index})"


class Record(Request, frozen=True):
    """Write what happened to the ledger (sign-in, import, undo, account changes)."""

    context: Context
    kind: str
    detail: dict[str, str | int]


class Recorded(msgspec.Struct, frozen=True):
    """The receipt: position and leaf hash (hex), durable when this arrives."""

    index: int
    leaf_hash: str
    origin: str


class Done(msgspec.Struct, frozen=True):
    """It is so, and on record."""


class Failure(msgspec.Struct, frozen=True, tag="Failure", tag_field="type"):
    """Why a request was refused; ``action``: what a code has to be confirmed for (`actions`)."""

    code: str
    zh: str
    en: str
    action: bytes = b""


AnyRequest = (
    Hello | Status | Derive | NewEpoch | NewDataKey | OpenDataKey | WrapText | UnwrapText | SealBatch | Tokens
    | NumberTokens | FragmentTokens | MatchFragments | Reveal | Record | Shred | SealedRows
)  # fmt: skip
