"""The request that policies decide: person, sign-in, device, place, shift, and the action requested.

The service fills these values from its tables; this module reads no clock and no table. Missing values default to
the most restrictive meaning: no device is an unknown device, no quota is a quota of 0.
"""

from datetime import date, datetime
from typing import Final, Literal

import msgspec

from waybillguard.access.errors import RecordedRequestError

CONSOLE: Final = "console"
"""Device id of the service itself, for requests without a browser: the worker, a shell, the machine API."""

BROWSER: Final = "browser"
"""Device id of an unenrolled browser; unless the owner changes it, it counts as an office computer."""

UNNAMED: Final = frozenset({CONSOLE, BROWSER})
"""Device ids that do not identify a particular device."""

type Restriction = Literal["none", "no_plaintext", "locked"]
type SignInMethod = Literal["badge", "password", "second_factor", "sso", "sso_second_factor"]


class _Quiet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base with a repr that shows no values, because it may be logged."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


class SignIn(_Quiet, frozen=True):
    """The sign-in method, and whether several people share the account."""

    method: SignInMethod = "badge"
    stepped_up: bool = False
    shared: bool = False


class Person(_Quiet, frozen=True):
    """A person and their employment.

    ``employed_to`` is the last day (inclusive). ``left_at`` is the time of a dismissal, which ends access at once.
    ``first_day`` is the first actual day at work (None: none yet). ``home_site`` is the code of a site, empty for a
    person not bound to a site. ``restriction`` comes from the response to an alarm.
    """

    id: str
    tenant: str
    role: str
    employed_from: date
    employed_to: date | None = None
    left_at: datetime | None = None
    first_day: date | None = None
    temp: bool = False
    agency: str = ""
    identity_checked: bool = False
    home_station: str = ""
    home_site: str = ""
    merchants: tuple[str, ...] = ()
    asleep: bool = False
    restriction: Restriction = "none"

    def employed(self, at: datetime) -> bool:
        """Return whether the person is employed at ``at`` (aware, in the warehouse's time zone)."""
        today = at.date()
        return (
            self.employed_from <= today
            and (self.employed_to is None or today <= self.employed_to)
            and (self.left_at is None or at < self.left_at)
        )

    def days_here(self, today: date) -> int:
        """Return whole days since the first day at work: 0 on that day, and 0 if there is none yet."""
        return max(0, (today - self.first_day).days) if self.first_day is not None else 0


class Device(_Quiet, frozen=True):
    """The device that signed the request; the default is an unknown one."""

    id: str = ""
    tenant: str = ""
    kind: str = ""
    enrolled: bool = False
    restricted: bool = False
    remote_control: bool = False


class Place(_Quiet, frozen=True):
    """Site and station of the device."""

    site: str = ""
    station: str = ""
    print_room: bool = False


class ShiftFacts(_Quiet, frozen=True):
    """The person's shift, overtime and sale-day facts at the time of the request (``shifts.in_shift``)."""

    on: bool = False
    overtime: bool = False
    sale_day: bool = False
    working_day: bool = True


class OrderFacts(_Quiet, frozen=True):
    """The requested order, without contact data."""

    tenant: str
    merchant: str = ""
    closed: bool = False
    lane: str = ""


class QuotaFacts(_Quiet, frozen=True):
    """The remaining looks of the tightest limit, as computed by ``quotas.peek``."""

    left: int
    frozen: bool = False


class SecondPerson(_Quiet, frozen=True):
    """The second person of a two-person rule; ``agreed`` is True if they approved exactly this request."""

    id: str
    tenant: str
    role: str
    employed: bool = False
    agreed: bool = False


class Request(_Quiet, frozen=True):
    """One request for a decision. ``at`` is aware and in the time zone of the warehouse.

    ``action`` is a key of ``vocabulary.actions``; ``tenant`` is the warehouse concerned; ``form`` and ``recipient``
    are used for exports.
    """

    at: datetime
    person: Person
    action: str
    tenant: str
    device: Device = Device()
    place: Place = Place()
    sign_in: SignIn = SignIn()
    shift: ShiftFacts = ShiftFacts()
    purpose: str = ""
    records: int = 1
    form: str = ""
    recipient: str = ""
    virtual_printer: bool = False
    order: OrderFacts | None = None
    quota: QuotaFacts | None = None
    second: SecondPerson | None = None

    def to_record(self) -> bytes:
        """Return the request as one JSON object on one line, for replay by ``what_if``."""
        return msgspec.json.encode(self)

    @classmethod
    def from_record(cls, record: bytes | str) -> "Request":
        """Parse a recorded request.

        Raises:
            RecordedRequestError: not a request, an unknown field, a wrong type, or ``at`` without a time zone.
        """
        try:
            request = msgspec.json.decode(record, type=cls)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            raise _unreadable() from None
        if request.at.tzinfo is None:
            raise _unreadable()
        return request


def _unreadable() -> RecordedRequestError:
    return RecordedRequestError(
        zh="记录的请求无法读取：缺少字段、字段未知或类型不对。该条未参与比较；请核对导出它的程序版本。",
        en="the recorded request cannot be read: a field is missing, unknown or of the wrong type. It took no "
        "part in the comparison; check the version of the program that recorded it.",
    )
