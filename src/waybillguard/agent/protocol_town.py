"""The messages between a warehouse and the hub of its town, sent once an hour and signed like every request.

To the hub: posture, checkpoint, alarms, read notices, completed tasks. From the hub: warnings, training, tasks of
joint cases.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``POSTURE``    `Posture`              `PostureTaken`
=============  =====================  ==============================================================

Messages to the hub cannot hold a shopper's data: no field takes free text, no pattern admits a name, no number is long
enough for a phone, and unknown fields are refused. Staff appear as pseudonyms that only the warehouse can resolve.
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
"""Most hashes in a consistency proof; 63 are enough for any ledger."""

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
"""The origin of an installation's ledger (`ledger.ledgerkeys`); no run of digits is long enough for a phone."""
type ItemNumber = Annotated[str, Meta(pattern=r"^[0-9]{1,2}$")]


class Reported(Part, frozen=True, kw_only=True):
    """The result of the warehouse's own inspection for one control; ``evidence`` is the hash of the evidence."""

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
    """The length and root hash of the ledger's newest shard; with ``signed`` the hub is asked to cosign it.

    ``proof`` shows that it extends the first ``since`` entries, which the hub has seen (RFC 6962, 2.1.2). A ledger that
    was rewritten and grew past its old length has no such proof.
    """

    shard: Annotated[int, Meta(ge=0, le=9999)]
    size: Size
    root: Digest
    since: Size = 0
    proof: Annotated[tuple[Hash, ...], Meta(max_length=MAX_PROOF)] = ()
    signed: LogSigned | None = None


class Alarm(Part, frozen=True, kw_only=True):
    """A theft that may be in progress: rule, time, number of records, pseudonym of the account."""

    rule: RuleId
    severity: Literal["high", "critical"]
    raised_at: Moment
    records: Count
    account: Pseudonym = ""


class Done(Part, frozen=True, kw_only=True):
    """The warehouse's statement that a task of a joint case is done. Only a re-test closes the task."""

    case: Size
    item: ItemNumber
    at: Moment


class Posture(Request, frozen=True, kw_only=True):
    """The state of a warehouse at a given time; ``sequence`` increases with each posture, also across restarts."""

    sequence: Annotated[int, Meta(ge=1, le=9_999_999_999)]
    made_at: Moment
    controls: Annotated[tuple[Reported, ...], Meta(min_length=1, max_length=200)]
    checkpoint: Checkpoint | None = None
    alarms: Annotated[tuple[Alarm, ...], Meta(max_length=MAX_ALARMS)] = ()
    read: Annotated[tuple[Size, ...], Meta(max_length=MAX_NOTICES)] = ()
    done: Annotated[tuple[Done, ...], Meta(max_length=MAX_TASKS)] = ()


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A warning or training notice for the whole town, sent until the warehouse reports it as read."""

    id: Size
    kind: Literal["warning", "training"]
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    title: Annotated[str, Meta(min_length=1, max_length=80, pattern=NO_NULL)]
    text: Annotated[str, Meta(max_length=2000, pattern=NO_NULL)]
    sent_at: Moment
    due: date | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A task of a joint case for this warehouse, in its state at the hub."""

    case: Size
    title: Annotated[str, Meta(max_length=120, pattern=NO_NULL)]
    item: ItemNumber
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    due: date
    state: Literal["notified", "in_work", "self_certified", "retest_passed", "retest_failed"]


class ScreeningTold(msgspec.Struct, frozen=True, kw_only=True):
    """A victim screening that this warehouse has not answered yet (`agent.protocol_screening`)."""

    id: Size
    authority: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}$")]
    document: Annotated[str, Meta(min_length=1, max_length=80, pattern=NO_NULL)]
    since: date


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The length of the ledger's newest shard whose proved root the hub holds."""

    shard: Annotated[int, Meta(ge=0, le=9999)]
    size: Size


class Cosigned(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's cosignature (C2SP tlog-cosignature, ML-DSA-44): its key as a vkey, and the signature line.

    Otherwise ``refused``: ``bad_signature`` (not signed by the key this ledger began with), ``unproved`` (no proof
    from the last cosigned checkpoint), ``shorter``, ``forked`` (it contradicts a cosigned checkpoint).
    """

    vkey: Annotated[str, Meta(max_length=2000)] = ""
    line: Annotated[str, Meta(max_length=4000)] = ""
    refused: Refusal = ""


class PostureTaken(Message, frozen=True, kw_only=True):
    """The posture was stored; ``sha256`` is the hash of the request's body."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    seen: Seen | None = None
    cosigned: Cosigned | None = None
    notices: Annotated[tuple[Notice, ...], Meta(max_length=MAX_NOTICES)] = ()
    tasks: Annotated[tuple[Given, ...], Meta(max_length=MAX_TASKS)] = ()
    screenings: Annotated[tuple[ScreeningTold, ...], Meta(max_length=MAX_SCREENINGS)] = ()
