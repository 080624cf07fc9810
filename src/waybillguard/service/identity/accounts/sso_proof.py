"""What a provider has proven about somebody, whatever it speaks."""

from typing import Any, Final

import msgspec

from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.models import IdentityProvider

LEEWAY_S: Final = 60
"""How far the clocks of provider and service may lie apart, in seconds."""

MOST_SUBJECT: Final = 255
_SECRET: Final = b"waybillguard client secret v1"

type State = dict[str, Any]
"""What we remembered when we sent a browser to the provider; used once."""


class Proof(msgspec.Struct, frozen=True):
    """Somebody, as the provider knows them.

    Attributes:
        subject: the provider's own unchanging name for the person.
        contexts: how it was proven: ``acr`` and ``amr``, or the AuthnContext classes.
        proven_at: when, in seconds since 1970; 0 where the provider does not say.
        session: which session at the provider it was (``sid``); empty where it does not say.
    """

    subject: str
    contexts: tuple[str, ...]
    proven_at: float
    session: str = ""

    def __repr__(self) -> str:
        """Say nothing: it may end in a log."""
        return "<Proof>"

    def factor(self, provider: IdentityProvider) -> bool:
        """Tell whether it counts as a second factor: the owner has named what does."""
        return bool(set(self.contexts) & set(provider.second_factor))


def seal_secret(secret: str) -> str:
    """Seal a client secret for the table."""
    return seal_text(secret, _SECRET) if secret else ""


def open_secret(provider: IdentityProvider) -> str:
    """Return the client secret."""
    return open_text(provider.sealed_secret, _SECRET) if provider.sealed_secret else ""
