"""Kinds of documents that prove a duty (资料登记), as data for the guided upload."""

from functools import cache
from typing import Literal

import msgspec

from waybillguard.inspect.catalogue import read_yaml


class DocumentField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the upload asks for beside the dates."""

    id: str
    type: Literal["choice", "flag", "text"]
    zh: str
    en: str
    options: tuple[str, ...] = ()


class DocumentKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of document. ``control``: it is that control's dated evidence; ``merchant``: one a merchant."""

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
    """Return the kinds by their id, in the order of the page."""
    return {kind.id: kind for kind in read_yaml("documents.yaml", list[DocumentKind])}
