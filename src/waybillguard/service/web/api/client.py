"""A typed client of the machine API for other programs. Needs only httpx and msgspec, not Django.

    with Client("https://guard:8443", token, verify="ca.pem") as guard:
        for order in guard.search("address", "机场路").orders:
            print(order.order_no, order.name)

Contacts are submitted with `Client.seal` and never returned: every returned order is masked. Calls that change data
take an idempotency key. `Client` generates one per call, so that its own retries take effect only once.
"""

import secrets
import ssl
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Self

import httpx
import msgspec

from waybillguard.errors import WaybillGuardError

_TRIES = 3


class Order(msgspec.Struct, frozen=True):
    """A masked order."""

    id: int
    order_no: str
    waybill_no: str
    carrier: str
    sort_code: str
    shop: str
    platform: str
    lane: str
    lane_in: str
    state: str
    created_at: datetime | None
    name: str
    phone: str
    address: str
    remark: str
    goods_class: str
    printed_at: datetime | None
    attempts: int


class OrderPage(msgspec.Struct, frozen=True):
    """A page of masked orders, and the cursors of the neighbouring pages."""

    orders: list[Order]
    next_cursor: str
    previous_cursor: str


class Found(msgspec.Struct, frozen=True):
    """Results of a search."""

    orders: list[Order]
    truncated: bool
    tested: int = 0
    indexing: bool = False


class Masked(msgspec.Struct, frozen=True):
    """Masked orders, and the requested ids or numbers that were not found."""

    orders: list[Order]
    missing: list[str]


class Refused(msgspec.Struct, frozen=True):
    """An order that was not sealed: its position (from 0), and a reason code from the contracts."""

    position: int
    reason: str


class Sealed(msgspec.Struct, frozen=True):
    """Result of sealing a batch."""

    import_id: int
    sealed: int
    references: int
    known: int
    refused: list[Refused]


class States(msgspec.Struct, frozen=True):
    """Number of orders changed, and positions of changes that match no order."""

    changed: int
    unknown: list[int]


class Shredded(msgspec.Struct, frozen=True):
    """Result of shredding. ``mark`` is the leaf hash of the ledger entry that certifies it."""

    scope: str
    mark: str
    at: datetime


class RotationState(msgspec.Struct, frozen=True):
    """Progress of a key rotation. ``state`` is none, running, stopped (call again) or done."""

    state: str
    generation: int
    total: int
    done: int
    unopened: int
    days_destroyed: int
    suite: str = "aes-256-gcm"
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_zh: str = ""
    error_en: str = ""


class Retention(msgspec.Struct, frozen=True):
    """Retention periods in days. A case reference puts all data on legal hold."""

    contact_days: int
    undelivered_days: int
    index_days: int
    legal_hold: str = ""
    look_days: int | None = None


class Me(msgspec.Struct, frozen=True):
    """The caller. ``key`` and ``scopes`` are set for a machine key, else empty."""

    user: str
    tenant: str
    role: str
    expires_at: datetime
    key: str = ""
    scopes: list[str] = []


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457 problem details of a refused call."""

    type: str = ""
    title: str = ""
    status: int = 0
    detail_zh: str = ""
    detail_en: str = ""
    fields: list[str] = []


class ApiError(WaybillGuardError):
    """The service refused a call. ``problem`` gives the reason and names fields, never their values.

    ``retry_after`` is the number of seconds to wait before a retry; 0 if waiting does not help.
    """

    code = "api"

    def __init__(self, problem: Problem, retry_after: int = 0) -> None:
        super().__init__(zh=problem.detail_zh, en=problem.detail_en)
        self.problem = problem
        self.retry_after = retry_after


class Client:
    """Client of the machine API for one machine key or one signed-in person.

    Args:
        url: URL of the console, for example ``https://guard:8443``.
        token: a machine key (``wgk_…``) or a person's CLI token.
        verify: an SSL context, or the path of the service's CA certificate (see ``/trust/``).
        transport: another transport, for tests.

    Raises:
        ApiError: the service refused.
        httpx.TransportError: the service does not answer.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        verify: ssl.SSLContext | str = "",
        timeout: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        context = ssl.create_default_context(cafile=verify or None) if isinstance(verify, str) else verify
        self._http = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1", headers={"Authorization": f"Bearer {token}"}, verify=context,
            timeout=timeout, transport=transport,
        )  # fmt: skip

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def me(self) -> Me:
        """Return the caller, the token's expiry, and the scopes of a machine key."""
        return self._call("GET", "/me", Me)

    def seal(self, orders: Sequence[dict[str, str]], *, key: str = "") -> Sealed:
        """Seal up to 1,000 orders (fields as in ``OrderIn`` of the OpenAPI description)."""
        return self._change("/orders/seal", {"orders": list(orders)}, key, Sealed)

    def change_states(self, changes: Sequence[dict[str, Any]], *, key: str = "") -> States:
        """Report state changes: ``{"order_no" | "waybill_no" | "id", "state", "at"}``."""
        return self._change("/orders/state", {"changes": list(changes)}, key, States)

    def search(
        self, kind: str, value: str, *, shop: str = "", day: date | None = None,
        also: Sequence[tuple[str, str]] = (),
    ) -> Found:  # fmt: skip
        """Search masked orders. Every search is written to the ledger."""
        body = {
            "kind": kind, "value": value, "shop": shop, "day": day.isoformat() if day else None,
            "also": [{"kind": term, "value": text} for term, text in also],
        }  # fmt: skip
        return self._call("POST", "/orders/search", Found, json=body)

    def masked(
        self, *, ids: Sequence[int] = (), order_nos: Sequence[str] = (), waybill_nos: Sequence[str] = ()
    ) -> Masked:
        """Return masked orders by id or number, 1,000 at most."""
        body = {"ids": list(ids), "order_nos": list(order_nos), "waybill_nos": list(waybill_nos)}
        return self._call("POST", "/orders/masked", Masked, json=body)

    def orders(self, **filters: str) -> Iterator[Order]:
        """Iterate over all masked orders, newest first, page by page (filters: state, shop, lane, printed)."""
        cursor = ""
        while True:
            page = self._call("GET", "/orders", OrderPage, params={**filters, "cursor": cursor})
            yield from page.orders
            if not (cursor := page.next_cursor):
                return

    def shred(
        self, scope: str, *, ids: Sequence[int] = (), day: date | None = None, confirm: str = ""
    ) -> Shredded:
        """Irreversibly shred orders, a day or the tenant."""
        body = {"scope": scope, "ids": list(ids), "day": day.isoformat() if day else None, "confirm": confirm}
        return self._call("POST", "/shred", Shredded, json=body)

    def retention(self) -> Retention:
        """Return the retention periods."""
        return self._call("GET", "/retention", Retention)

    def set_retention(self, rule: Retention) -> Retention:
        """Change the retention periods."""
        return self._call("PUT", "/retention", Retention, json=msgspec.to_builtins(rule))

    def rotate_keys(self, suite: str = "") -> RotationState:
        """Start or resume re-encryption of all data under new keys. Returns immediately.

        ``suite`` (aes-256-gcm, aes-256-gcm-siv, sm4-gcm) changes the cipher suite of the contacts.
        """
        asked = {"suite": suite} if suite else {}
        return self._call("POST", "/keys/rotation", RotationState, params=asked)

    def rotation(self) -> RotationState:
        """Return the progress of the last rotation."""
        return self._call("GET", "/keys/rotation", RotationState)

    def description(self) -> dict[str, Any]:
        """Return the API's OpenAPI description."""
        return self._call("GET", "/openapi.json", dict[str, Any])

    def _change[Answer](self, path: str, body: object, key: str, answer: type[Answer]) -> Answer:
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(18)}
        for left in reversed(range(_TRIES)):
            try:
                return self._call("POST", path, answer, json=body, headers=headers)
            except httpx.TransportError:
                if not left:
                    raise
            except ApiError as error:  # an earlier try of this call is still running on the server
                if not left or error.problem.title != "idempotency_running":
                    raise
                time.sleep(error.retry_after)
        raise AssertionError

    def _call[Answer](self, method: str, path: str, answer: type[Answer], **more: Any) -> Answer:  # noqa: ANN401
        response = self._http.request(method, path, **more)
        if response.is_success:
            return msgspec.json.decode(response.content, type=answer)
        try:
            problem = msgspec.json.decode(response.content, type=Problem)
        except msgspec.MsgspecError:
            problem = Problem(
                status=response.status_code, title="http", detail_zh="服务返回了无法理解的内容",
                detail_en="the service answered something else than it should",
            )  # fmt: skip
        wait = response.headers.get("Retry-After", "")
        raise ApiError(problem, int(wait) if wait.isascii() and wait.isdigit() else 0)
