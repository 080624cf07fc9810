"""Blind indexes: keyed 16-byte tokens for finding sealed orders.

There is one subkey per tenant, purpose, field and month of the order's day, so that rotation and shredding also
affect the indexes, and tokens of different months cannot be compared. A search over six months uses six tokens.
The last four digits are never hashed alone but with shop and day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from waybillguard.keys.errors import KeysError
from waybillguard.keys.primitives import KEY_SIZE, SecretKey, blake2b_derive, frame, require_size, require_u32
from waybillguard.seal.normal import LAST4, normalise_number, normalise_phone, to_utf8

TOKEN_SIZE: Final = 16
_EPOCH: Final = date(1970, 1, 1)
_LAST_DAY: Final = (date(9999, 12, 31) - _EPOCH).days
_KEPT_MONTHS: Final = 64


class IndexField(StrEnum):
    """The indexed fields. The value is part of the derivation and must never change."""

    PHONE = "phone"
    LAST4 = "last4"
    ORDER = "order"
    WAYBILL = "waybill"
    ROW = "row"


def date_of(day: int) -> date:
    """Return the date of a day number (days since 1970-01-01, to the end of 9999).

    Raises:
        KeysError (key_use): the day is outside this range.
    """
    if not 0 <= day <= _LAST_DAY:
        raise KeysError(
            code="key_use",
            zh="日期编号超出 1970-01-01 至 9999-12-31。未加密任何数据；请核对订单日期。",
            en="the day is outside 1970-01-01 to 9999-12-31; nothing was sealed. Check the order's date.",
        )
    return _EPOCH + timedelta(days=day)


def month_of(day: int) -> int:
    """Return the month number of a day number: year * 12 + month - 1.

    >>> month_of(0) == 1970 * 12
    True
    """
    when = date_of(day)
    return when.year * 12 + when.month - 1


def months_of(first_day: int, last_day: int) -> list[int]:
    """Return all month numbers of the days from first to last (both included)."""
    return list(range(month_of(first_day), month_of(last_day) + 1))


def last4_message(last4: str, shop: str, day: int) -> bytes:
    """Return the message of a last-four token: 4 digits ‖ day u32 BE ‖ shop."""
    return to_utf8(last4) + day.to_bytes(4) + to_utf8(shop)


class MonthHashes:
    """Keyed BLAKE2b states of one tenant and month, which are copied for each value."""

    __slots__ = ("last4", "order", "phone", "row", "waybill")

    def __init__(self, root: bytes, row_root: bytes, tenant: str, month: int) -> None:
        require_u32(month, "month number")

        def state(field: IndexField, below: bytes) -> blake2b:
            message = frame(tenant.encode(), b"search", field.value.encode(), month.to_bytes(4))
            key = blake2b_derive(below, message, person=b"index-key")
            return blake2b(digest_size=TOKEN_SIZE, key=key, person=b"index-token")

        self.phone = state(IndexField.PHONE, root)
        self.last4 = state(IndexField.LAST4, root)
        self.order = state(IndexField.ORDER, root)
        self.waybill = state(IndexField.WAYBILL, root)
        self.row = state(IndexField.ROW, row_root)


def row_root_of(root: bytes) -> SecretKey:
    """Return the root of row tokens below an index root that replaced an earlier one.

    It is kept after the index root is destroyed. It can only carry row tokens over, not make other tokens.
    """
    return blake2b_derive(root, b"", person=b"row-root")


class IndexKeys:
    """Index subkeys of one tenant.

    A root may have replaced an earlier one (rotation). Then row tokens are chained: the next root hashes the
    token under the earlier root, so stored tokens are carried over without the row itself.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.INDEX)``, or a later generation of it.
        tenant: its stable name.
        earlier: the keys under the earlier root, or None for the first.
        overlap: whether orders may still be indexed under the earlier root; searches then use both.
        rows_only: ``root`` is a `row_root_of` a destroyed index root; only row tokens can be made.
    """

    __slots__ = ("_months", "_root", "_row_root", "_rows_only", "earlier", "overlap", "tenant")

    def __init__(
        self,
        root: bytes,
        tenant: str,
        *,
        earlier: "IndexKeys | None" = None,
        overlap: bool = False,
        rows_only: bool = False,
    ) -> None:
        require_size(root, KEY_SIZE, "index root")
        self._root = root
        self._row_root = root if earlier is None or rows_only else row_root_of(root)
        self._rows_only = rows_only
        self.tenant = tenant
        self.earlier = earlier
        self.overlap = overlap and earlier is not None
        self._months: dict[int, MonthHashes] = {}

    def __repr__(self) -> str:
        """Show only the type."""
        return "IndexKeys(…)"

    def month(self, month: int) -> MonthHashes:
        """Return the hash states of a month number; the 64 most recent are cached."""
        states = self._months.get(month)
        if states is None:
            if len(self._months) >= _KEPT_MONTHS:
                self._months.clear()
            states = self._months[month] = MonthHashes(self._root, self._row_root, self.tenant, month)
        return states

    def phone_tokens(self, phone: str, months: Iterable[int]) -> list[bytes]:
        """Return the possible tokens of a full phone, one per month; empty for an empty phone."""
        asked = list(months)
        mine = self._each(normalise_phone(phone), ((self.month(month).phone) for month in asked))
        return mine + (self._before.phone_tokens(phone, asked) if self._before else [])

    def order_tokens(self, order_no: str, months: Iterable[int]) -> list[bytes]:
        """Return the possible tokens of an order number, one per month."""
        asked = list(months)
        mine = self._each(normalise_number(order_no), ((self.month(month).order) for month in asked))
        return mine + (self._before.order_tokens(order_no, asked) if self._before else [])

    def waybill_tokens(self, waybill_no: str, months: Iterable[int]) -> list[bytes]:
        """Return the possible tokens of a waybill number, one per month."""
        asked = list(months)
        mine = self._each(normalise_number(waybill_no), ((self.month(month).waybill) for month in asked))
        return mine + (self._before.waybill_tokens(waybill_no, asked) if self._before else [])

    def last4_tokens(self, last4: str, shops: Iterable[str], days: Iterable[int]) -> list[bytes]:
        """Return the tokens of four digits for every given shop and day, ordered by day.

        Empty if ``last4`` is not exactly four digits.
        """
        digits = normalise_phone(last4)
        if len(digits) != LAST4 or len(last4.strip()) != LAST4:
            return []
        names, asked = list(shops), list(days)
        mine = [
            token_of(self.month(month_of(day)).last4, last4_message(digits, shop, day))
            for day in asked
            for shop in names
        ]
        return mine + (self._before.last4_tokens(last4, names, asked) if self._before else [])

    def row_token(self, row: bytes, day: int) -> bytes:
        """Return the token of a whole data row, which identifies a repeated import."""
        return self.row_column([row], month_of(day))[0]

    def row_column(self, rows: Sequence[bytes], month: int) -> list[bytes]:
        """Return the token of each data row of a month; empty for an empty row."""
        if self.earlier is not None:
            rows = self.earlier.row_column(rows, month)
        return token_column(self.month(month).row, rows)

    def row_chain(self, rows: Sequence[bytes], month: int) -> list[list[bytes]]:
        """Return the tokens of each data row under every root so far, starting with the first root.

        A row that was imported and then shredded before a rotation is still stored under the root of that time.
        """
        chain = self.earlier.row_chain(rows, month) if self.earlier is not None else []
        return [*chain, token_column(self.month(month).row, chain[-1] if chain else rows)]

    def carry_rows(self, tokens: Sequence[bytes], month: int) -> list[bytes]:
        """Convert row tokens under the previous root to tokens under this root."""
        return token_column(self.month(month).row, tokens)

    @property
    def _before(self) -> "IndexKeys | None":
        return self.earlier if self.overlap and self.earlier and not self.earlier._rows_only else None  # noqa: SLF001 - same class

    @staticmethod
    def _each(value: str, states: Iterable[blake2b]) -> list[bytes]:
        if not value:
            return []
        message = to_utf8(value)
        return [token_of(state, message) for state in states]


def token_of(state: blake2b, message: bytes) -> bytes:
    """Return the token of one message under a keyed state, which is not changed."""
    state = state.copy()
    state.update(message)
    return state.digest()


def token_column(state: blake2b, messages: Iterable[bytes]) -> list[bytes]:
    """Return the token of each message; empty for an empty message."""
    copy = state.copy
    tokens: list[bytes] = []
    for message in messages:
        if message:
            keyed = copy()
            keyed.update(message)
            tokens.append(keyed.digest())
        else:
            tokens.append(b"")
    return tokens
