"""What can go wrong in the ledger, said to the person who meets it. No error names a person or a record."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class LedgerError(WaybillGuardError):
    """Base of the ledger's errors."""

    code: ClassVar[str] = "ledger"


class LedgerStoppedError(LedgerError):
    """The ledger has stopped writing; nothing may be opened until it runs again."""

    code: ClassVar[str] = "ledger_stopped"
    errno: int | None = None
    """The system's number of what stopped it, where the system said one; not carried to another process."""


class LedgerFullError(LedgerStoppedError):
    """The ledger found no room; the service opens it again by itself once there is some."""

    code: ClassVar[str] = "ledger_full"


class MirrorAwayError(LedgerStoppedError):
    """A mirror without which nothing may be written is away."""

    code: ClassVar[str] = "ledger_mirror_away"


class LedgerBusyError(LedgerError):
    """The queue before the disk is full or slow; nothing was written for this request."""

    code: ClassVar[str] = "ledger_busy"


class LedgerLockedError(LedgerError):
    """Another process writes this ledger."""

    code: ClassVar[str] = "ledger_locked"


class LedgerCorruptError(LedgerError):
    """Bytes that had been made durable are no longer what was written."""

    code: ClassVar[str] = "ledger_corrupt"


class LedgerRolledBackError(LedgerError):
    """The ledger is shorter than, or differs from, what it or a witness has signed before."""

    code: ClassVar[str] = "ledger_rolled_back"


class BadEntryError(LedgerError):
    """An entry or leaf that the format does not allow."""

    code: ClassVar[str] = "bad_entry"


class BadNoteError(LedgerError):
    """A signed note, key, checkpoint or policy that does not parse or does not verify."""

    code: ClassVar[str] = "bad_note"


class BadProofError(LedgerError):
    """A proof that does not prove what it says."""

    code: ClassVar[str] = "bad_proof"


class ErasureRefusedError(LedgerError):
    """The law or a hold forbids the erasure now."""

    code: ClassVar[str] = "erasure_refused"


class WitnessRefusedError(LedgerError):
    """A witness did not cosign."""

    code: ClassVar[str] = "witness_refused"
