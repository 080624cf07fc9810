"""The messages between agent and service: JSON over TLS, every request signed by the device.

Byte fields are base64 in JSON (RFC 4648, section 4), times ISO 8601 with an offset, names and ids as below.
A new field may be added with a default; any other change needs a new ``v``. An agent ignores unknown fields of an
answer. The service refuses a request with an unknown field, so it is updated before its agents. Frozen examples
are in ``tests/agent/examples``.

=================  ==================================  =============================
address            request                             answer
=================  ==================================  =============================
``ENROL``          `Enrol`, signed with its own key    `Enrolled`
``LEASE``          `LeaseRequest`                      `Leased`, after ``wait_s`` at most
``ACKS``           `Acks`                              `AcksTaken`
``STATUS``         `Status`                            `StatusTaken`
=================  ==================================  =============================

Refusals are problem documents (RFC 9457), read as `Refusal`.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

ENROL: Final = "/api/v1/devices/enrol"
LEASE: Final = "/api/v1/devices/lease"
ACKS: Final = "/api/v1/devices/acks"
STATUS: Final = "/api/v1/devices/status"

MOST_JOBS: Final = 64
"""Most jobs in one lease; ``MOST_ACKS`` is the most acknowledgements in one request."""
MOST_ACKS: Final = 256
MOST_ATTEMPTS: Final = 99
"""Most print attempts for the label of an order."""
MOST_HELD: Final = 1024
"""Most jobs that a request names as held; an agent with more names none."""
LONGEST_WAIT_S: Final = 25
"""Longest wait for jobs, below the timeouts of proxies and firewalls."""

NO_NULL: Final = r"^[^\x00]*$"
"""Text without the null character, which PostgreSQL cannot store."""
type Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
"""128 bits in lower-case hex: devices and jobs."""
type PrinterName = Annotated[str, Meta(pattern=r"^[\w.\-]{1,40}$")]
type Serial = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""An increasing number; 2**53 - 1 is the largest that all JSON readers support."""
type ShortText = Annotated[str, Meta(max_length=80, pattern=NO_NULL)]
type Key = Annotated[bytes, Meta(min_length=32, max_length=32)]

type Language = Literal["zpl", "tspl", "cpcl", "escpos", "pdf", "png"]
type Outcome = Literal["sent", "failed", "uncertain"]
"""``failed``: no byte reached the printer. ``uncertain``: some may have; a scan or a person has to decide."""
type Reason = Literal[
    "",
    "bad_seal",
    "connection_lost",
    "crashed",
    "expired",
    "head_open",
    "language",
    "not_started",
    "paper_out",
    "paused",
    "printer_error",
    "printer_offline",
    "printer_refused",
    "printer_unknown",
    "ribbon_out",
]
type PrinterState = Literal[
    "ready",
    "busy",
    "paused",
    "paper_out",
    "ribbon_out",
    "head_open",
    "offline",
    "error",
    "refused",
    "unknown",
]
type KeyPlace = Literal["tpm", "keyring", "file"]
"""Where a device keeps its private keys, as reported by the device."""
type HostClass = Literal["box", "server", "station"]
"""``box``: a dedicated machine beside the printer. ``station``: a PC that people work on."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all messages: the version of the format."""

    v: Literal[1] = 1


class Request(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the requests of a device."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the parts of a request."""


class PrinterInfo(Part, frozen=True, kw_only=True):
    """A printer in the agent's configuration; ``refused`` says why it may not print, else empty."""

    name: PrinterName
    transport: Literal["raw", "ipp", "ipps"]
    languages: Annotated[list[Language], Meta(min_length=1, max_length=6)]
    dpi: Annotated[int, Meta(ge=100, le=1200)] = 203
    model: ShortText = ""
    serial: ShortText = ""
    refused: ShortText = ""


class Enrol(Request, frozen=True, kw_only=True):
    """Enrol a new device: the secret of its one-time code, its public keys and its description.

    The request is signed with ``signing_key`` itself (key id ``enrol``), which proves that the sender holds it.
    """

    secret: Annotated[bytes, Meta(min_length=16, max_length=16)]
    signing_key: Key
    sealing_key: Key
    host_class: HostClass = "box"
    os: ShortText = ""
    version: ShortText = ""
    printers: Annotated[list[PrinterInfo], Meta(max_length=32)] = []
    key_place: KeyPlace | Literal[""] = ""


class Enrolled(Message, frozen=True, kw_only=True):
    """The device's id (its key id from now on) and its station."""

    device: Id
    station: ShortText
    server_time: datetime


class LeaseRequest(Request, frozen=True, kw_only=True):
    """Request jobs for printers that can print now.

    ``holding`` names every job that the agent has leased and not yet acknowledged; None: not stated. If a job was
    leased to the agent in an earlier answer and is neither held nor acknowledged, that answer was lost and no byte of
    the job was printed. An agent requests one lease at a time.

    ``number`` increases with each request of a device, also across restarts. A request is outdated if jobs were
    already leased to one with a higher number; it gets no jobs, and its ``holding`` is ignored. Unset: an agent older
    than this field.

    ``run`` is random for each start of the agent: runs that take turns show that its key was copied.
    """

    printers: Annotated[list[PrinterName], Meta(max_length=32)]
    most: Annotated[int, Meta(ge=1, le=MOST_JOBS)] = 8
    wait_s: Annotated[int, Meta(ge=0, le=LONGEST_WAIT_S)] = LONGEST_WAIT_S
    holding: Annotated[list[Id], Meta(max_length=MOST_HELD)] | None = None
    number: Serial | UnsetType = UNSET
    run: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")] | UnsetType = UNSET


class JobHead(msgspec.Struct, frozen=True, kw_only=True):
    """The description of a job without its content; every field is bound to the sealed content."""

    job: Id
    ticket: Annotated[str, Meta(pattern=r"^[\w\-]{1,64}$")]
    attempt: Annotated[int, Meta(ge=1, le=MOST_ATTEMPTS)]
    printer: PrinterName
    language: Language
    expires: datetime


class Lease(JobHead, frozen=True, kw_only=True):
    """A job for this device only: ``sealed`` opens with the device's key (`waybillguard.agent.sealedjob`)."""

    sealed: bytes


class Leased(Message, frozen=True, kw_only=True):
    """The leased jobs in printing order; none if there was no job in time.

    ``after`` answers a request whose number was not the highest; the next number has to be above it.
    """

    jobs: list[Lease] = []
    after: Serial | UnsetType = UNSET


class Ack(Part, frozen=True, kw_only=True):
    """The outcome of a job. Repeating it has no effect; a different later outcome is refused."""

    job: Id
    outcome: Outcome
    at: datetime
    reason: Reason = ""


class Acks(Request, frozen=True, kw_only=True):
    """Acknowledgements, oldest first."""

    acks: Annotated[list[Ack], Meta(min_length=1, max_length=MOST_ACKS)]


class AcksTaken(Message, frozen=True, kw_only=True):
    """``taken``: stored, the agent may drop them. ``refused``: unknown jobs, or an outcome that differs from before."""

    taken: list[Id] = []
    refused: list[Id] = []


class PrinterStatus(Part, frozen=True, kw_only=True):
    """The state of a printer at a given time; ``waiting`` is its own count of labels still to print, if reported."""

    printer: PrinterName
    state: PrinterState
    at: datetime
    waiting: int | None = None
    detail: ShortText = ""


class Status(Request, frozen=True, kw_only=True):
    """The state of the agent, sent on every change and once a minute."""

    printers: Annotated[list[PrinterStatus], Meta(max_length=32)]
    unacknowledged: Annotated[int, Meta(ge=0)] = 0
    version: ShortText = ""


class StatusTaken(Message, frozen=True, kw_only=True):
    """The service's clock."""

    server_time: datetime


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused: ``title`` is the code, the details say what to do.

    Codes of this protocol: ``code_unknown`` (enrolment), ``bad_signature``, ``clock_skew``, ``replayed``,
    ``device_restricted``, ``device_revoked``, and those of the machine API.
    """

    title: str = ""
    status: int = 0
    detail_zh: str = ""
    detail_en: str = ""


_encoder = msgspec.json.Encoder()


def encode(message: Message) -> bytes:
    """Return the message's JSON."""
    return _encoder.encode(message)


def decode[M: Message](kind: type[M], content: bytes) -> M:
    """Read a message.

    Raises:
        msgspec.ValidationError: a field is invalid; the text names the field, never the value.
        msgspec.DecodeError: not JSON.
    """
    return msgspec.json.decode(content, type=kind)
