"""The confidentiality agreement as data."""

from functools import cache

import msgspec

from waybillguard.inspect.catalogue import digest, read_yaml


class AgreementText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text that a person signs."""

    title_zh: str
    title_en: str
    zh: tuple[str, ...]
    en: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Return the hash of the text, which identifies the signed version."""
        return digest(self)


@cache
def agreement() -> AgreementText:
    """Return the agreement of this version."""
    return read_yaml("training/agreement.yaml", AgreementText)
