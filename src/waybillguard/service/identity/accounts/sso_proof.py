"""The identity that a provider has proven, independent of its protocol."""

from typing import Any, Final

import msgspec

from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.models import IdentityProvider

LEEWAY_S: Final = 60
"""Maximum clock difference between provider and service, in seconds."""

MOST_SUBJECT: Final = 255
_SECRET: Final = b"waybillguard client secret v1"

type State = dict[str, Any]
"""State stored when a browser is sent to the provider; used once."""


class Proof(msgspec.Struct, frozen=True):
    """A person's identity, as proven by the provider.

    Attributes:
        subject: the provider's stable identifier of the person.
        contexts: authentication methods: ``acr`` and ``amr``, or the AuthnContext classes.
        proven_at: time of authentication, in seconds since 1970; 0 if the provider does not state it.
        session: the session at the provider (``sid``); empty if the provider does not state it.
    """

    subject: str
    contexts: tuple[str, ...]
    proven_at: float
    session: str = ""

    def __repr__(self) -> str:
        """Return no personal data, since the text may be logged."""
        return "<Proof>"

    def factor(self, provider: IdentityProvider) -> bool:
        """Tell whether the proof counts as a second factor; the owner configures which contexts do."""
        return bool(set(self.contexts) & set(provider.second_factor))


def seal_secret(secret: str) -> str:
    """Encrypt a client secret for the database."""
    return seal_text(secret, _SECRET) if secret else ""


def open_secret(provider: IdentityProvider) -> str:
    """Decrypt the client secret of a provider."""
    return open_text(provider.sealed_secret, _SECRET) if provider.sealed_secret else ""
