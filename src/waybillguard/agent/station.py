"""The station's folder on disk: its identity, the authority it trusts, its settings and its journal.

The folder holds keys, addresses, ids and states, and no order data.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import msgspec

from waybillguard.agent.errors import StationError, not_enrolled
from waybillguard.agent.files import private_folder, read_private, write_private
from waybillguard.agent.protocol import Id, ShortText

_IDENTITY: Final = "device.json"
_AUTHORITY: Final = "authority.pem"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """An enrolment: the service, and the ids of this device there."""

    v: Literal[1] = 1
    server: str
    device: Id
    station: ShortText


@dataclass(frozen=True, slots=True)
class Station:
    """The station's folder."""

    folder: Path

    def prepare(self) -> None:
        """Make the folder, accessible only to this user."""
        private_folder(self.folder)

    @property
    def authority(self) -> Path:
        """The certificate of the service's authority (PEM), compared with the enrolment code."""
        return self.folder / _AUTHORITY

    def identity(self) -> Identity:
        """Return the enrolment.

        Raises:
            StationError (not_enrolled): there is no enrolment.
            StationError: the file is damaged.
        """
        try:
            return msgspec.json.decode(read_private(self.folder / _IDENTITY), type=Identity)
        except FileNotFoundError:
            raise not_enrolled() from None
        except msgspec.DecodeError:
            raise StationError(
                zh="本机的登记文件已损坏。请用新的登记码重新登记。",
                en="this machine's enrolment file is damaged. Enrol it anew with a fresh code.",
            ) from None

    def keep(self, identity: Identity) -> None:
        """Store an enrolment."""
        write_private(self.folder / _IDENTITY, msgspec.json.encode(identity) + b"\n")

    def keep_authority(self, pem: bytes) -> None:
        """Store the authority's certificate."""
        write_private(self.authority, pem)

    def tls(self) -> ssl.SSLContext:
        """Return a TLS context that trusts only the pinned authority.

        Raises:
            StationError (not_enrolled): no authority was pinned.
        """
        try:
            return pinned(self.authority.read_text("ascii"))
        except FileNotFoundError:
            raise not_enrolled() from None


def pinned(pem: str) -> ssl.SSLContext:
    """Return a TLS context whose only authority is this certificate; names are checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=pem)
    return context
