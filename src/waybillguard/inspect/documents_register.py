"""Kinds of documents that prove compliance with a duty (资料登记), as data for the guided upload."""

from functools import cache
from typing import Literal

import msgspec

from waybillguard.inspect.catalogue import read_yaml


class DocumentField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field that the upload form asks for besides the dates."""

    id: str
    type: Literal["choice", "flag", "text"]
    zh: str
    en: str
    options: tuple[str, ...] = ()


class DocumentKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of document. ``control``: the control it is dated evidence for; ``merchant``: one document per merchant."""

    id: str
    group: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    valid_days: int
    control: str = ""
    merchant: bool = False
    fields: tuple[DocumentField, ...] = ()


@cache
def document_kinds() -> dict[str, DocumentKind]:
    """Return the kinds by id, in the order of the page."""
    return {kind.id: kind for kind in read_yaml("documents.yaml", list[DocumentKind])}
