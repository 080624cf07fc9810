"""Messages about the ledger itself: its checkpoints, its witnesses, the looks at an order."""

import msgspec

from waybillguard.service.keyd.messages import Context, Request


class LedgerState(Request, frozen=True):
    """Ask for the latest checkpoint of each of a tenant's shards, and its witnesses. Opens nothing.

    ``since`` maps shard names to sizes; the answer then proves that the checkpoint extends that many entries.
    """

    tenant: str
    since: dict[str, int] = msgspec.field(default_factory=dict)


class WitnessState(msgspec.Struct, frozen=True):
    """One configured witness and one shard.

    ``state`` is ``fine``, ``waiting`` (not asked yet), ``silent`` (does not answer), ``refused`` or ``behind``
    (cosigned less than the last checkpoint for longer than two minutes). ``size`` and ``time_s`` are of the
    last cosignature, 0 if there is none.
    """

    name: str
    vkey: str
    url: str
    state: str
    size: int
    time_s: int
    problem_zh: str = ""
    problem_en: str = ""


class ShardState(msgspec.Struct, frozen=True):
    """The latest checkpoint of one shard; ``note`` is the signed note with all cosignatures gathered.

    ``mirrored``: entries on the mirror (-1: no mirror is set, 0: it is away). ``stamped``: entries covered by the
    timestamp authority at ``stamped_s`` (POSIX); 0: none was asked. ``growth``: the requested consistency proof
    (RFC 6962, 2.1.2).
    """

    name: str
    origin: str
    size: int
    root: str
    time_us: int
    note: bytes
    vkeys: list[str]
    line: str
    witnessed: int
    witnesses: list[WitnessState]
    mirrored: int = -1
    stamped: int = 0
    stamped_s: int = 0
    growth: list[bytes] = []


class LedgerStateAnswer(msgspec.Struct, frozen=True):
    """The ledger of a tenant.

    ``problem_*`` say why nothing is written or opened; empty while the ledger can write. ``policy`` is the
    tlog-policy file for checking proofs of these shards. ``family`` are the lines for a witness's list of logs.
    ``settings_*`` describe errors in the witness file or the timestamp settings.
    """

    problem_zh: str
    problem_en: str
    shards: list[ShardState]
    policy: str
    family: list[str]
    quorum: str
    settings_zh: str = ""
    settings_en: str = ""


class Looks(Request, frozen=True):
    """Ask for all looks at one order, with the proof that there were no others.

    The request is recorded in the ledger first; ``handed_out`` means that the file goes to the person concerned.
    """

    context: Context
    record: bytes
    handed_out: bool = False


class Look(msgspec.Struct, frozen=True):
    """One look; ``actor`` and ``workstation`` come from the body of the entry, and are empty if it was erased."""

    shard: str
    index: int
    time_s: int
    kind: str
    field_class: str
    purpose: str
    actor: str
    workstation: str
    erased: bool = False


class LooksProved(msgspec.Struct, frozen=True):
    """How far the answer of one shard is proved.

    ``witnesses``: ``quorum`` (cosigned as the policy asks, for the first ``size`` entries), ``missing`` (the
    policy asks for witnesses, but they have not signed yet) or ``none`` (the policy asks for nobody).
    ``newer`` entries of the log and ``newer_looks`` of the listed looks have only the log's own signature.
    """

    shard: str
    size: int
    newer: int
    newer_looks: int
    witnesses: str


class LooksAnswer(msgspec.Struct, frozen=True):
    """The looks, oldest first, the file that proves them (JSON lines, one shard each), and its witnesses."""

    looks: list[Look]
    proof: bytes
    shards: list[LooksProved]


class ActorLooks(Request, frozen=True):
    """Ask how often a person looked since a moment (POSIX seconds); recorded in the ledger as an account event."""

    context: Context
    actor: str
    since_s: int
    cursor: str = ""


class ActorLooksAnswer(msgspec.Struct, frozen=True):
    """Looks as (kind, days since 1970, count). If ``cursor`` is set, ask again with it."""

    looks: list[tuple[str, int, int]]
    cursor: str


class ForgetLooks(Request, frozen=True):
    """Erase the bodies of look records before a moment (POSIX seconds), after recording that in the ledger."""

    context: Context
    before_s: int


class ForgottenLooks(msgspec.Struct, frozen=True):
    """The number of records erased; repeat until it is 0."""

    looks: int


AnyLedgerRequest = LedgerState | Looks | ActorLooks | ForgetLooks
