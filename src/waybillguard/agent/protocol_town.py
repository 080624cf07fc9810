"""What a warehouse and the hub of its town tell each other, once an hour; signed like every request.

Up: posture, checkpoint, alarms, what was read and what is done. Down: warnings, training, tasks of joint cases.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``POSTURE``    `Posture`              `PostureTaken`
=============  =====================  ==============================================================

No shopper's data fits upwards: no field takes free text, no pattern admits a name, no number is long enough for a phone,
and unknown fields are refused. Staff appear as pseudonyms that only the warehouse resolves.
"""

from datetime import date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from waybillguard.agent.protocol import NO_NULL, Message, Part, Request

POSTURE: Final = "/api/v1/town/posture"
MAX_ALARMS: Final = 100
MAX_NOTICES: Final = 50
MAX_TASKS: Final = 200
MAX_SCREENINGS: Final = 20
MAX_PROOF: Final = 64
"""Hashes in a consistency proof; 63 prove the growth of any ledger."""

type ControlId = Annotated[str, Meta(pattern=r"^[A-Z]{3}-[0-9]{2}$")]
type Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
type Pseudonym = Annotated[str, Meta(pattern=r"^(P-[0-9a-f]{12})?$")]
type RuleId = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")]
type Status = Literal["satisfied", "not_satisfied", "no_evidence", "not_applicable", "risk_accepted"]
type Count = Annotated[int, Meta(ge=0, le=10_000_000)]
"""Shorter than any phone number."""
type Size = Annotated[int, Meta(ge=0, le=9_999_999_999)]
type Moment = Annotated[datetime, Meta(tz=True)]
type Refusal = Literal["", "bad_signature", "unproved", "shorter", "forked"]
type Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
type Origin = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{16}\.waybillguard\.local/(?!.*[0-9]{7})[a-z0-9][a-z0-9-]{1,50}$")
]
"""Of an installation's ledger (`ledger.ledgerkeys`); no run of digits is long enough for a phone."""
type ItemNumber = Annotated[str, Meta(pattern=r"^[0-9]{1,2}$")]


class Reported(Part, frozen=True, kw_only=True):
    """What the warehouse's own inspection says of one control; ``evidence`` is the hash of what it rests on."""

    control: ControlId
    version: Annotated[int, Meta(ge=1, le=999)]
    status: Status
    evidence: Digest = ""


class LogSigned(Part, frozen=True, kw_only=True):
    """The log's own Ed25519 signature (C2SP signed-note) over the checkpoint of ``origin``, and its public key."""

    origin: Origin
    key: Hash
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class Checkpoint(Part, frozen=True, kw_only=True):
    """How long the ledger's newest shard is and its root hash; with ``signed`` the hub is asked to cosign it.

    ``proof`` shows that it extends the first ``since`` entries, those that the hub said it has seen (RFC 6962, 2.1.2):
    a ledger that was rewritten and grew past its old length has no such proof.
    """

    shard: Annotated[int, Meta(ge=0, le=9999)]
    size: Size
    root: Digest
    since: Size = 0
    proof: Annotated[tuple[Hash, ...], Meta(max_length=MAX_PROOF)] = ()
    signed: LogSigned | None = None


class Alarm(Part, frozen=True, kw_only=True):
    """A theft that may be in progress: rule, time, how many records, whose account as a pseudonym."""

    rule: RuleId
    severity: Literal["high", "critical"]
    raised_at: Moment
    records: Count
    account: Pseudonym = ""


class Done(Part, frozen=True, kw_only=True):
    """The warehouse says that a task of a joint case is done. It closes nothing; a re-test does."""

    case: Size
    item: ItemNumber
    at: Moment


class Posture(Request, frozen=True, kw_only=True):
    """The state of a warehouse at a moment; ``sequence`` grows with each one of a device, across restarts too."""

    sequence: Annotated[int, Meta(ge=1, le=9_999_999_999)]
    made_at: Moment
    controls: Annotated[tuple[Reported, ...], Meta(min_length=1, max_length=200)]
    checkpoint: Checkpoint | None = None
    alarms: Annotated[tuple[Alarm, ...], Meta(max_length=MAX_ALARMS)] = ()
    read: Annotated[tuple[Size, ...], Meta(max_length=MAX_NOTICES)] = ()
    done: Annotated[tuple[Done, ...], Meta(max_length=MAX_TASKS)] = ()


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A warning or a call to training for the whole town, until the warehouse says that it was read."""

    id: Size
    kind: Literal["warning", "training"]
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    title: Annotated[str, Meta(min_length=1, max_length=80, pattern=NO_NULL)]
    text: Annotated[str, Meta(max_length=2000, pattern=NO_NULL)]
    sent_at: Moment
    due: date | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A task of a joint case for this warehouse as it stands at the hub."""

    case: Size
    title: Annotated[str, Meta(max_length=120, pattern=NO_NULL)]
    item: ItemNumber
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    due: date
    state: Literal["notified", "in_work", "self_certified", "retest_passed", "retest_failed"]


class ScreeningTold(msgspec.Struct, frozen=True, kw_only=True):
    """A screening of victims that waits for this warehouse's answer (`agent.protocol_screening`)."""

    id: Size
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    document: Annotated[str, Meta(min_length=1, max_length=80, pattern=NO_NULL)]
    since: date


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the ledger's newest shard the hub holds the proved root of."""

    shard: Annotated[int, Meta(ge=0, le=9999)]
    size: Size


class Cosigned(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's cosignature (C2SP tlog-cosignature, ML-DSA-44): its key as a vkey, and the signature line.

    Instead of them ``refused``: ``bad_signature`` (not signed by the key this ledger began with), ``unproved`` (no proof
    from what was cosigned last), ``shorter``, ``forked`` (it contradicts what was cosigned).
    """

    vkey: Annotated[str, Meta(max_length=2000)] = ""
    line: Annotated[str, Meta(max_length=4000)] = ""
    refused: Refusal = ""


class PostureTaken(Message, frozen=True, kw_only=True):
    """The posture was taken in; ``sha256`` is that of the request's body."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    seen: Seen | None = None
    cosigned: Cosigned | None = None
    notices: Annotated[tuple[Notice, ...], Meta(max_length=MAX_NOTICES)] = ()
    tasks: Annotated[tuple[Given, ...], Meta(max_length=MAX_TASKS)] = ()
    screenings: Annotated[tuple[ScreeningTold, ...], Meta(max_length=MAX_SCREENINGS)] = ()
