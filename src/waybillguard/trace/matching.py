"""Private matching of victims across warehouses, with files carried by hand (extra ``psi``).

The police hold tokens of victims, a warehouse holds tokens of its orders. Neither shows its list: the warehouse
makes a setup once a day, the police make a request, the warehouse makes a response. Only the police learn which
victims had orders there. Elements are keyed hashes, never phones. The protocol is semi-honest: a client may probe,
so the size of requests is limited.
"""

import re
import secrets
from collections.abc import Sequence
from typing import Any, Final

from waybillguard.extras import install_command
from waybillguard.trace.errors import TraceError
from waybillguard.trace.victims import places_of, read_victims, text_of

MOST_ASKED: Final = 5_000
"""Most elements of one request: enough for a list of victims, too few for a phone book."""
_RATE: Final = 1e-9
_REVEAL: Final = True
"""The police learn which victims match, not only how many."""


def _psi() -> Any:  # noqa: ANN401 - the library has no types
    try:
        import private_set_intersection.python as psi  # noqa: PLC0415 - an extra
    except ImportError:
        raise TraceError(
            zh=f"缺少 psi 组件。请安装：{install_command('psi')}",
            en=f"the part for private matching is missing. Install it: {install_command('psi')}",
        ) from None
    return psi


class Warehouse:
    """The side that holds orders. Its key is random unless one is given."""

    def __init__(self, key: bytes | None = None) -> None:
        kind = _psi().server
        self._server = kind.CreateWithNewKey(_REVEAL) if key is None else _with_key(kind, key)

    @property
    def key(self) -> bytes:
        """The secret key, kept to reuse a day's setup."""
        return bytes(self._server.GetPrivateKeyBytes())

    def setup(self, elements: Sequence[str]) -> bytes:
        """Return the file that hides the orders' elements, sorted so that their order reveals nothing.

        Two dummy elements are added. An empty setup would reveal that there are no orders, and the library fails on
        about every fourth setup of a single element.
        """
        psi = _psi()
        listed = sorted({*elements, secrets.token_hex(), secrets.token_hex()})
        message = self._server.CreateSetupMessage(_RATE, MOST_ASKED, listed, psi.DataStructure.GCS)
        return bytes(message.SerializeToString())

    def respond(self, request: bytes) -> bytes:
        """Return the answer to a request.

        Raises:
            TraceError: not a request, or more elements than ``MOST_ASKED``.
        """
        psi = _psi()
        asked = psi.Request()
        try:
            asked.ParseFromString(request)
        except Exception:  # noqa: BLE001 - the binding raises types of its own
            raise _no_file() from None
        if not 0 < len(asked.encrypted_elements) <= MOST_ASKED:
            raise _no_file()
        return bytes(self._server.ProcessRequest(asked).SerializeToString())


class Police:
    """The side that holds victims and learns the intersection."""

    def __init__(self, elements: Sequence[str], key: bytes | None = None) -> None:
        if not 0 < len(elements) <= MOST_ASKED:
            raise _no_file()
        self._elements = list(elements)
        kind = _psi().client
        self._client = kind.CreateWithNewKey(_REVEAL) if key is None else _with_key(kind, key)

    @property
    def key(self) -> bytes:
        """The secret key, needed to open the response."""
        return bytes(self._client.GetPrivateKeyBytes())

    def request(self) -> bytes:
        """Return the request file, which hides the victims."""
        return bytes(self._client.CreateRequest(self._elements).SerializeToString())

    def intersection(self, setup: bytes, response: bytes) -> list[str]:
        """Return the victims that have orders in the warehouse.

        Raises:
            TraceError: a file does not belong to a matching.
        """
        psi = _psi()
        hidden, answered = psi.ServerSetup(), psi.Response()
        try:
            hidden.ParseFromString(setup)
            answered.ParseFromString(response)
            places = self._client.GetIntersection(hidden, answered)
        except Exception:  # noqa: BLE001 - the binding raises types of its own
            raise _no_file() from None
        return [self._elements[place] for place in sorted(places)]


def read_elements(content: bytes) -> tuple[list[str], tuple[int, ...]]:
    """Return the numbers of a list, without duplicates and in order, and the row numbers that were refused.

    The list has one number per line, or is a table with a column of tokens, waybills or orders.

    Column titles and encodings are those of lists of victims. Case and spaces are ignored.

    Raises:
        TraceError: no numbers, or a table without a known column.
    """
    refused: tuple[int, ...]
    lines = [line.strip() for line in text_of(content).splitlines() if line.strip()]
    if lines and all(re.fullmatch(r"[\w .+-]+", line) for line in lines) and not places_of(lines[:1]):
        cells, refused = lines, ()
    else:
        table = read_victims(content)
        refused = table.refused
        reports = [row.report for row in table.rows]
        columns = ([getattr(one, name) or "" for one in reports] for name in _COLUMNS)
        cells = next((column for column in columns if any(column)), [])
    found = list(dict.fromkeys(filter(None, (re.sub(r"\s", "", cell).upper() for cell in cells))))
    if not found:
        raise _no_list()
    return found, refused


_COLUMNS: Final = ("phone_token", "waybill_no", "order_id")


def _with_key(kind: Any, key: bytes) -> Any:  # noqa: ANN401 - the library has no types
    try:
        return kind.CreateFromKey(key, _REVEAL)
    except Exception:  # noqa: BLE001 - the binding raises types of its own
        raise _no_file() from None


def _no_file() -> TraceError:
    return TraceError(
        zh=f"不是匹配文件，或一次超过 {MOST_ASKED} 个。请重新生成文件。",
        en=f"this is no file of a matching, or asks for more than {MOST_ASKED}. Make the file again.",
    )


def _no_list() -> TraceError:
    return TraceError(
        zh="名单里没有可匹配的号码。请每行一个号码，或给出带标题行的 CSV（phone_token、运单号或订单号）。",
        en="the list holds no numbers to match. Give one a line, or a CSV with titles (phone_token, waybill_no or order_id).",
    )
