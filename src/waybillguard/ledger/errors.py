"""Errors of the ledger, with texts for users. No error names a person or a record."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class LedgerError(WaybillGuardError):
    """Base of the ledger's errors."""

    code: ClassVar[str] = "ledger"


class LedgerStoppedError(LedgerError):
    """The ledger has stopped writing; no personal data may be opened until it runs again."""

    code: ClassVar[str] = "ledger_stopped"
    errno: int | None = None
    """The ``errno`` of the failure, if there was one; not passed to other processes."""


class LedgerFullError(LedgerStoppedError):
    """The disk is full; the service reopens the ledger by itself once there is space."""

    code: ClassVar[str] = "ledger_full"


class MirrorAwayError(LedgerStoppedError):
    """A required mirror is unavailable, so nothing may be written."""

    code: ClassVar[str] = "ledger_mirror_away"


class LedgerBusyError(LedgerError):
    """The write queue is full or slow; nothing was written for this request."""

    code: ClassVar[str] = "ledger_busy"


class LedgerLockedError(LedgerError):
    """Another process holds the write lock of this ledger."""

    code: ClassVar[str] = "ledger_locked"


class LedgerCorruptError(LedgerError):
    """Durably written bytes have changed."""

    code: ClassVar[str] = "ledger_corrupt"


class LedgerRolledBackError(LedgerError):
    """The ledger is shorter than, or differs from, a checkpoint that it or a witness signed before."""

    code: ClassVar[str] = "ledger_rolled_back"


class BadEntryError(LedgerError):
    """An entry or leaf that the format does not allow."""

    code: ClassVar[str] = "bad_entry"


class BadNoteError(LedgerError):
    """A signed note, key, checkpoint or policy that does not parse or does not verify."""

    code: ClassVar[str] = "bad_note"


class BadProofError(LedgerError):
    """A proof that does not verify."""

    code: ClassVar[str] = "bad_proof"


class ErasureRefusedError(LedgerError):
    """The law or a legal hold forbids the erasure now."""

    code: ClassVar[str] = "erasure_refused"


class WitnessRefusedError(LedgerError):
    """A witness did not cosign."""

    code: ClassVar[str] = "witness_refused"
