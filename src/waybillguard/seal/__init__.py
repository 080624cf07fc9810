"""Envelopes, blind indexes, references and sealed files of order data.

Promise: a sealed order is bound to its tenant, order and field group, and cannot be opened once its salt
or its day key is destroyed. Search tokens, person tokens and references reveal nothing without their key.
Byte formats: docs/formats.md.
"""

from waybillguard.seal.bulk import SealedOrder, Sealer, SealInput, TenantKeys
from waybillguard.seal.contact import Contact, SenderContact
from waybillguard.seal.decoy import DecoyKey
from waybillguard.seal.envelope import FieldGroup, Header, open_contact, parse_header, seal_contact
from waybillguard.seal.errors import CannotOpenError, CannotSealError, ForgedReferenceError, SealError
from waybillguard.seal.indexes import IndexKeys, month_of, months_of
from waybillguard.seal.person import PersonKeys
from waybillguard.seal.reference import Reference, ReferenceKeys, ReferenceKind
from waybillguard.seal.suites import Suite
from waybillguard.seal.upload import SealedReader, StreamSealer, open_stream, seal_stream

__all__ = [
    "CannotOpenError",
    "CannotSealError",
    "Contact",
    "DecoyKey",
    "FieldGroup",
    "ForgedReferenceError",
    "Header",
    "IndexKeys",
    "PersonKeys",
    "Reference",
    "ReferenceKeys",
    "ReferenceKind",
    "SealError",
    "SealInput",
    "SealedOrder",
    "SealedReader",
    "Sealer",
    "SenderContact",
    "StreamSealer",
    "Suite",
    "TenantKeys",
    "month_of",
    "months_of",
    "open_contact",
    "open_stream",
    "parse_header",
    "seal_contact",
    "seal_stream",
]
