"""What the other processes may ask about the ledger itself: its checkpoints, its witnesses, the looks at an order."""

import msgspec

from waybillguard.service.keyd.messages import Context, Request


class LedgerState(Request, frozen=True):
    """Ask for the latest checkpoint of each of a tenant's shards, and who witnessed it. Opens nothing.

    ``since``: sizes by a shard's name; its answer also proves that the checkpoint extends so many entries.
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

    ``mirrored`` entries are on the mirror (-1: none is set, 0: it is away). ``stamped`` entries stood there at ``stamped_s`` (POSIX) as a timestamp authority says; 0: none was asked.
    ``growth``: the consistency proof (RFC 6962, 2.1.2) that was asked for.
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

    ``problem_*`` say why nothing is written or opened, empty while the ledger writes. ``policy`` is a
    tlog-policy file against which proofs of these shards are checked; ``family`` are the lines that a
    witness puts into its list of logs. ``settings_*`` say what is wrong with the witness file or the timestamps, if anything.
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

    The asking is written to the ledger first; ``handed_out`` says that the person concerned gets the file.
    """

    context: Context
    record: bytes
    handed_out: bool = False


class Look(msgspec.Struct, frozen=True):
    """One look; ``actor`` and ``workstation`` come from the words of the entry, empty where those are erased."""

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
    """What stands behind the answer of one shard.

    ``witnesses``: ``quorum`` (cosigned as the policy asks, for the first ``size`` entries), ``missing`` (the
    policy asks for witnesses, but they have not signed yet) or ``none`` (the policy asks for nobody).
    ``newer`` entries of the log, ``newer_looks`` of the looks listed, have the log's own signature alone.
    """

    shard: str
    size: int
    newer: int
    newer_looks: int
    witnesses: str


class LooksAnswer(msgspec.Struct, frozen=True):
    """The looks oldest first, the file (JSON lines, a shard each) that proves them, and who stands behind it."""

    looks: list[Look]
    proof: bytes
    shards: list[LooksProved]


class ActorLooks(Request, frozen=True):
    """Ask how often a person looked since a moment (POSIX seconds); written to the ledger as an account matter."""

    context: Context
    actor: str
    since_s: int
    cursor: str = ""


class ActorLooksAnswer(msgspec.Struct, frozen=True):
    """Looks as (kind, day since 1970, how many); a ``cursor`` means: ask again with it."""

    looks: list[tuple[str, int, int]]
    cursor: str


class ForgetLooks(Request, frozen=True):
    """Erase the words of look records from before a moment (POSIX seconds); the ledger says so first."""

    context: Context
    before_s: int


class ForgottenLooks(msgspec.Struct, frozen=True):
    """How many lost their words; ask again until it is none."""

    looks: int


AnyLedgerRequest = LedgerState | Looks | ActorLooks | ForgetLooks
