"""Decrypt a platform's ciphertexts: show the masked view, then request plaintext in batches for ``take``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from waybillguard.access.platforms.requests import (
    Call,
    Cipher,
    DecryptedField,
    Masked,
    UndecryptedField,
    decrypt_calls,
    mask_calls,
    masked_with_orders,
    read_answer,
)
from waybillguard.access.platforms.surface import CallKind, limits, surface


class Gateway(Protocol):
    """The connection to one platform for one shop: adds app key, token, time and signature, and sends requests."""

    def call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a request and return the parsed response.

        Exceptions of the transport propagate; their texts must not quote the request or the response.
        """
        ...


class Clock(Protocol):
    """A monotonic clock that can sleep."""

    def now(self) -> float:
        """Return the time in seconds."""
        ...

    def wait(self, seconds: float) -> None:
        """Sleep for the given number of seconds."""
        ...


class Outcome(msgspec.Struct, frozen=True):
    """The result: masked texts for display, number of plaintexts passed to ``take``, and withheld values."""

    masked: tuple[DecryptedField, ...]
    taken: int
    withheld: tuple[UndecryptedField, ...]


class Pace:
    """Rate limiter for a platform's published limits; drops calls older than the longest limit window."""

    def __init__(self, platform: str, clock: Clock) -> None:
        self._platform = platform
        self._clock = clock
        self._done: list[tuple[str, float, int]] = []

    def let_pass(self, kind: CallKind, orders: int, *, longest: float) -> bool:
        """Wait until a call of so many orders is allowed; return False if it would take longer than ``longest``."""
        wait = self.seconds_until(kind, orders)
        if wait > longest:
            return False
        if wait > 0:
            self._clock.wait(wait)
        now = self._clock.now()
        longest_limit = max((one.seconds for one in limits(self._platform, kind)), default=0)
        self._done = [one for one in self._done if one[0] != kind or one[1] > now - longest_limit]
        if longest_limit:
            self._done.append((kind, now, orders))
        return True

    def seconds_until(self, kind: CallKind, orders: int) -> float:
        """Return the waiting time in seconds before a call of so many orders."""
        now, wait = self._clock.now(), 0.0
        for limit in limits(self._platform, kind):
            recent = [
                (at, n if limit.unit == "orders" else 1)
                for what, at, n in self._done
                if what == kind and at > now - limit.seconds
            ]
            over = sum(n for _, n in recent) + (orders if limit.unit == "orders" else 1) - limit.most
            for at, n in recent:
                if over <= 0:
                    break
                over -= n
                wait = max(wait, at + limit.seconds - now)
            if over > 0:
                return float("inf")
        return wait


def open_contacts(
    gateway: Gateway,
    platform: str,
    ciphers: Sequence[Cipher],
    *,
    purpose: str,
    operator: str,
    take: Callable[[DecryptedField], None],
    pace: Pace,
    longest_wait: float = 15.0,
) -> Outcome:
    """Show the masked view, then decrypt the ciphertexts that the platform allows.

    ``take`` receives each plaintext once (the vault's sealing, or the requesting screen); nothing is kept here.
    Ciphertexts that the rate limits do not allow within ``longest_wait`` seconds are withheld with reason ``limit``.

    Raises:
        PlatformError: no plaintext was requested, or a response does not have the published form.
    """
    # Check all requirements of the plaintext calls before anything is sent, including the masked call.
    orders = frozenset(one.order_no for one in ciphers)
    decrypt_calls(platform, ciphers, purpose=purpose, operator=operator, masked=Masked(orders))
    shown: list[DecryptedField] = []
    withheld: list[UndecryptedField] = []
    if surface(platform, "mask").with_order:
        masked = masked_with_orders(platform, orders)
    else:
        for call in mask_calls(platform, ciphers):
            if _passes(pace, "mask", call, longest_wait):
                texts, left = read_answer(call, "mask", gateway.call(call.method, call.body))
                shown += texts
                withheld += left
            else:
                withheld += _limited(call)
        masked = Masked(frozenset(one.order_no for one in shown))
    taken = 0
    ready = [one for one in ciphers if one.order_no in masked.order_nos]
    for call in decrypt_calls(platform, ready, purpose=purpose, operator=operator, masked=masked):
        if not _passes(pace, "decrypt", call, longest_wait):
            withheld += _limited(call)
            continue
        texts, left = read_answer(call, "decrypt", gateway.call(call.method, call.body))
        withheld += left
        for text in texts:
            take(text)
            taken += 1
    return Outcome(tuple(shown), taken, tuple(dict.fromkeys(withheld)))


def _passes(pace: Pace, kind: CallKind, call: Call, longest: float) -> bool:
    return pace.let_pass(kind, len({one.order_no for one in call.ciphers}), longest=longest)


def _limited(call: Call) -> list[UndecryptedField]:
    return [UndecryptedField(one.order_no, one.field, "limit") for one in call.ciphers]
