"""Request, verify, store and export the hub's cosignatures of this warehouse's ledger."""

from datetime import datetime
from typing import Final

import msgspec
from django.db import transaction

from waybillguard.agent.protocol_town import Checkpoint, Cosigned, LogSigned
from waybillguard.ledger import note as notes
from waybillguard.ledger.errors import BadNoteError
from waybillguard.ledger.policy import parse_policy
from waybillguard.service.alerts.messages import notify
from waybillguard.service.hub.models import HubCosigned
from waybillguard.service.keyd.ledger_messages import ShardState
from waybillguard.service.tenancy.models import Tenant

_ED_BYTES: Final = 64
NAME: Final = "hub"
"""The hub's name in the exported trust policy."""


def log_signed(shard: ShardState) -> LogSigned | None:
    """Return the log's Ed25519 signature over a shard's checkpoint; None if its origin is not sent to the hub."""
    try:
        note = notes.parse_note(shard.note)
        for verifier in map(notes.parse_vkey, shard.vkeys):
            for one in note.signatures:
                if verifier.kind == notes.ED25519 and (one.name, one.key) == (verifier.name, verifier.key):
                    about = {"origin": shard.origin, "key": verifier.public, "signature": one.data}
                    return msgspec.convert(about, LogSigned)
    except (BadNoteError, msgspec.ValidationError):
        return None
    return None


def store_cosignature(
    tenant: Tenant, asked: Checkpoint | None, given: Cosigned | None, now: datetime
) -> HubCosigned | None:
    """Store a cosignature that verifies, or the reason for the refusal; return the stored row.

    Sends a notification on a refusal, but not on a missing proof, which the next report brings after a lost answer.
    """
    if asked is None or asked.signed is None or given is None:
        return None
    checkpoint = notes.Checkpoint(asked.signed.origin, asked.size, bytes.fromhex(asked.root))
    refused = given.refused or ("" if _holds(checkpoint, given) else "bad_answer")
    with transaction.atomic():
        row, _ = HubCosigned.objects.select_for_update().get_or_create(
            tenant=tenant, origin=checkpoint.origin
        )
        grave = refused not in {"", "unproved", row.refused}
        row.refused = refused
        if not refused and checkpoint.size >= row.size:
            log = notes.Ed25519Verifier(checkpoint.origin, asked.signed.key)
            signature = notes.Signature(log.name, log.key, asked.signed.signature)
            signed = notes.Note(checkpoint.text(), (signature,)).add(notes.parse_signatures(given.line))
            row.size, row.note, row.log_keys = checkpoint.size, signed.encode().decode(), log.vkey()
            row.hub_key, row.signed_at = given.vkey, now
        row.save()
    if grave:
        notify(
            tenant, f"hub:cosigned:{checkpoint.origin}:{refused}", "high", "辖区中心未见证本仓台账",
            "The hub did not witness the ledger", "/town/link/", now=now,
        )  # fmt: skip
    return row


def _holds(checkpoint: notes.Checkpoint, given: Cosigned) -> bool:
    try:
        key = notes.parse_vkey(given.vkey)
        lines = notes.parse_signatures(given.line)
        found = notes.verified(notes.Note(checkpoint.text(), lines), [key])
    except BadNoteError:
        return False
    return key.kind == notes.MLDSA44 and len(found) == 1 and len(lines) == 1


def trust_policy(row: HubCosigned) -> str:
    """Return the trust policy (C2SP tlog-policy) that requires the signatures of the log and of the hub.

    Raises:
        BadNoteError: no checkpoint was cosigned yet.
    """
    text = f"log {row.log_keys}\nwitness {NAME} {row.hub_key}\nquorum {NAME}\n"
    parse_policy(text.encode())
    return text
