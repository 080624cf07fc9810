"""``person_token``: recognises the same person in two orders of a tenant without storing the phone.

A token is keyed by tenant and *year*, so that tokens cannot track a person for longer. Days 1 to 30 of
a year also have last year's token, which is enough to count distinct persons over any 30 days:

* the window lies in one year: count distinct ``token``;
* it crosses New Year: of the old year's orders take ``token``, of the new year's ``previous``. Its days in
  the new year are at most 29, and each of those has ``previous``, so both sides are under one key.

An extension belongs to the person: platforms hand out one virtual number to many people and tell them
apart by it.
"""

from hashlib import blake2b
from typing import Final

from waybillguard.keys.primitives import KEY_SIZE, blake2b_derive, frame, require_size
from waybillguard.seal.indexes import date_of, token_of
from waybillguard.seal.normal import normalise_number, normalise_phone, to_utf8

PERSON_TOKEN_SIZE: Final = 16
OVERLAP_DAYS: Final = 30
_KEPT_YEARS: Final = 32


def person_message(phone: str, extension: str) -> bytes:
    """Return the message of a token: digits of the phone, with ``-extension`` if there is one; may be empty."""
    digits = normalise_phone(phone)
    if extension and digits:
        digits = f"{digits}-{normalise_number(extension)}"
    return to_utf8(digits)


class PersonKeys:
    """The year keys of one tenant.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.TOKEN)``.
        tenant: its stable name.
    """

    __slots__ = ("_root", "_years", "tenant")

    def __init__(self, root: bytes, tenant: str) -> None:
        require_size(root, KEY_SIZE, "token root")
        self._root = root
        self.tenant = tenant
        self._years: dict[int, blake2b] = {}

    def __repr__(self) -> str:
        """Show only the type."""
        return "PersonKeys(…)"

    def states(self, day: int) -> tuple[blake2b, blake2b | None]:
        """Return the keyed states for a day: of its year and, in the overlap, of the year before."""
        when = date_of(day)
        overlap = when.timetuple().tm_yday <= OVERLAP_DAYS
        return self._year(when.year), self._year(when.year - 1) if overlap else None

    def tokens(self, phone: str, day: int, extension: str = "") -> tuple[bytes, bytes]:
        """Return (token of the day's year, token of the year before); empty bytes for none."""
        message = person_message(phone, extension)
        if not message:
            return b"", b""
        current, previous = self.states(day)
        return token_of(current, message), b"" if previous is None else token_of(previous, message)

    def _year(self, year: int) -> blake2b:
        state = self._years.get(year)
        if state is None:
            if len(self._years) >= _KEPT_YEARS:
                self._years.clear()
            message = frame(self.tenant.encode(), year.to_bytes(4))
            key = blake2b_derive(self._root, message, person=b"person-key")
            state = blake2b(digest_size=PERSON_TOKEN_SIZE, key=key, person=b"person-token")
            self._years[year] = state
        return state
