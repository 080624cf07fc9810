"""Errors of the ledger, with texts for users. No error names a person or a record."""

from waybillguard.errors import WaybillGuardError


class LedgerError(WaybillGuardError):
    """Base of the ledger's errors."""

    code = "ledger"


class LedgerStoppedError(LedgerError):
    """The ledger has stopped writing; no personal data may be opened until it runs again."""

    code = "ledger_stopped"
    errno: int | None = None
    """The ``errno`` of the failure, if there was one; not passed to other processes."""


class LedgerFullError(LedgerStoppedError):
    """The disk is full; the service reopens the ledger by itself once there is space."""

    code = "ledger_full"


class MirrorAwayError(LedgerStoppedError):
    """A required mirror is unavailable, so nothing may be written."""

    code = "ledger_mirror_away"


class LedgerBusyError(LedgerError):
    """The write queue is full or slow; nothing was written for this request."""

    code = "ledger_busy"


class LedgerCorruptError(LedgerError):
    """Durably written bytes have changed."""

    code = "ledger_corrupt"


class LedgerRolledBackError(LedgerError):
    """The ledger is shorter than, or differs from, a checkpoint that it or a witness signed before."""

    code = "ledger_rolled_back"


class BadEntryError(LedgerError):
    """An entry or leaf that the format does not allow."""

    code = "bad_entry"


class BadNoteError(LedgerError):
    """A signed note, key, checkpoint or policy that does not parse or does not verify."""

    code = "bad_note"


class BadProofError(LedgerError):
    """A proof that does not verify."""

    code = "bad_proof"


class WitnessRefusedError(LedgerError):
    """A witness did not cosign."""

    code = "witness_refused"
