"""What a warehouse says of itself to the hub of its town: posture, checkpoint and alarms, signed like every request.

=============  =====================  ==============================================================
address        request                answer
=============  =====================  ==============================================================
``POSTURE``    `Posture`              `PostureTaken`
=============  =====================  ==============================================================

No shopper's data fits: no field takes free text, no pattern admits a name, no number is long enough for a phone,
and unknown fields are refused. Staff appear as pseudonyms that only the warehouse resolves.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta

from waybillguard.agent.protocol import Message, Part, Request

POSTURE: Final = "/api/v1/town/posture"
MAX_ALARMS: Final = 100

type ControlId = Annotated[str, Meta(pattern=r"^[A-Z]{3}-[0-9]{2}$")]
type Digest = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
type Pseudonym = Annotated[str, Meta(pattern=r"^(P-[0-9a-f]{12})?$")]
type RuleId = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")]
type Status = Literal["satisfied", "not_satisfied", "no_evidence", "not_applicable", "risk_accepted"]
type Count = Annotated[int, Meta(ge=0, le=10_000_000)]
"""Shorter than any phone number."""
type Size = Annotated[int, Meta(ge=0, le=9_999_999_999)]


class Reported(Part, frozen=True, kw_only=True):
    """What the warehouse's own inspection says of one control; ``evidence`` is the hash of what it rests on."""

    control: ControlId
    version: Annotated[int, Meta(ge=1, le=999)]
    status: Status
    evidence: Digest = ""


class Checkpoint(Part, frozen=True, kw_only=True):
    """How long the ledger's newest shard is and its root hash; the hub notices when either goes back."""

    shard: Annotated[int, Meta(ge=0, le=9999)]
    size: Size
    root: Digest


class Alarm(Part, frozen=True, kw_only=True):
    """A theft that may be in progress: rule, time, how many records, whose account as a pseudonym."""

    rule: RuleId
    severity: Literal["high", "critical"]
    raised_at: datetime
    records: Count
    account: Pseudonym = ""


class Posture(Request, frozen=True, kw_only=True):
    """The state of a warehouse at a moment; ``sequence`` grows with each one of a device, across restarts too."""

    sequence: Annotated[int, Meta(ge=1, le=9_999_999_999)]
    made_at: datetime
    controls: Annotated[tuple[Reported, ...], Meta(min_length=1, max_length=200)]
    checkpoint: Checkpoint | None = None
    alarms: Annotated[tuple[Alarm, ...], Meta(max_length=MAX_ALARMS)] = ()


class PostureTaken(Message, frozen=True, kw_only=True):
    """The posture was taken in; ``sha256`` is that of the request's body."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
