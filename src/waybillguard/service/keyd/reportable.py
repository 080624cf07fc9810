"""Event kinds that other processes may report to the ledger. Looks are not among them: keyd records those itself."""

from typing import Final

from waybillguard.ledger import EntryKind

REPORTABLE: Final = {
    "sign_in": EntryKind.SIGN_IN,
    "sign_in_failed": EntryKind.SIGN_IN_FAILED,
    "sign_out": EntryKind.SIGN_OUT,
    "import": EntryKind.IMPORT,
    "undo": EntryKind.UNDO,
    "discard": EntryKind.UNDO,
    "account": EntryKind.ACCOUNT,
    "states": EntryKind.IMPORT,
    "backup": EntryKind.BACKUP,
    "label_file": EntryKind.EXPORT,
    "masked_export": EntryKind.EXPORT,
    "export_step": EntryKind.RESPONSE,
    "recipient": EntryKind.KEY,
    "print_asked": EntryKind.PRINT,
    "hold": EntryKind.HOLD,
    "policy": EntryKind.POLICY,
    "quota": EntryKind.QUOTA,
    "alarm": EntryKind.ALARM,
    "reveal_refused": EntryKind.RESPONSE,
}
