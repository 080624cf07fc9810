"""The hub as a witness (C2SP tlog-witness): it cosigns checkpoints that extend the last one it cosigned."""

from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction

from waybillguard.agent.protocol_town import Checkpoint, Cosigned, Refusal
from waybillguard.ledger import note as notes
from waybillguard.ledger.errors import BadNoteError, BadProofError
from waybillguard.ledger.ledgerkeys import KEY, derive
from waybillguard.ledger.merkle import verify_consistency
from waybillguard.ledger.note import NoteSigner
from waybillguard.ledger.witness_http import witness_signers
from waybillguard.service.hub.models import Warehouse, Witnessed

_NAME_BYTES = 8


def signer_of(slug: str) -> NoteSigner:
    """Return the hub's ML-DSA-44 signing key, derived from the process secret so that a restored backup has it too."""
    return _signer(settings.SECRET_KEY, slug)


@lru_cache(maxsize=16)
def _signer(secret: str, slug: str) -> NoteSigner:
    key = HKDF(algorithm=hashes.SHA256(), length=KEY, salt=None, info=b"hub.witness " + slug.encode()).derive(
        secret.encode()
    )
    name = f"{derive(key, 'name', _NAME_BYTES).hex()}.hub.waybillguard.local"
    return witness_signers(name, key)[0]


def cosign(warehouse: Warehouse, seen: Checkpoint, now: datetime) -> Cosigned | None:
    """Cosign a checkpoint, or return the reason for a refusal; None if the warehouse did not ask.

    A contradicting checkpoint is stored: the log signed both, so together they prove the fork.
    """
    if seen.signed is None or not seen.root:
        return None
    checkpoint = notes.Checkpoint(seen.signed.origin, seen.size, bytes.fromhex(seen.root))
    with transaction.atomic():
        kept = Witnessed.objects.select_for_update().filter(
            tenant=warehouse.tenant, origin=seen.signed.origin
        ).first()  # fmt: skip
        key = bytes(kept.key) if kept else seen.signed.key
        signed = _signed_by_log(checkpoint, seen, key)
        if signed is None or (kept and kept.warehouse_id != warehouse.pk):
            return Cosigned(refused="bad_signature")
        if kept and (refused := _contradicts(kept, checkpoint, seen)):
            if refused == "forked" and not kept.forked:
                kept.forked, kept.forked_at = signed.encode().decode(), now
                kept.save(update_fields=["forked", "forked_at"])
            return Cosigned(refused=refused)
        signer = signer_of(warehouse.tenant.slug)
        line = signer.sign(signed.text, int(now.timestamp()))
        Witnessed.objects.update_or_create(
            tenant=warehouse.tenant, origin=checkpoint.origin,
            defaults={
                "warehouse": warehouse, "key": key, "size": checkpoint.size, "signed_at": now,
                "note": signed.add([line]).encode().decode(),
            },
        )  # fmt: skip
    return Cosigned(vkey=signer.verifier.vkey(), line=line.line())


def _signed_by_log(checkpoint: notes.Checkpoint, seen: Checkpoint, key: bytes) -> notes.Note | None:
    """Return the checkpoint's note with the log's signature; None if ``key`` does not verify it."""
    if seen.signed is None or seen.signed.key != key:
        return None
    verifier = notes.Ed25519Verifier(checkpoint.origin, key)
    signature = notes.Signature(verifier.name, verifier.key, seen.signed.signature)
    try:
        verifier.verify(checkpoint.text(), signature)
    except BadNoteError:
        return None
    return notes.Note(checkpoint.text(), (signature,))


def _contradicts(kept: Witnessed, new: notes.Checkpoint, seen: Checkpoint) -> Refusal:
    """Return why a checkpoint does not extend the last cosigned one; empty if it does."""
    old = notes.parse_checkpoint(notes.parse_note(kept.note.encode()).text)
    if new.size < old.size:
        return "shorter"
    if new.size == old.size:
        return "" if new.root == old.root else "forked"
    if seen.since != old.size:
        return "unproved"
    try:
        verify_consistency(old.size, new.size, seen.proof, old.root, new.root)
    except BadProofError:
        return "forked"
    return ""
